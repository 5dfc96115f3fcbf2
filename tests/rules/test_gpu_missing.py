"""gpu-missing-from-nvml and gpu-does-not-answer."""

import msgspec
import pytest

from rigcheck.facts import Absent, Failed, Gpu, Pci, Reason
from rigcheck.findings import Verdict
from rigcheck.probes.probe import fill_unasked
from tests.rules.health_rigs import container_of_two_h100, eight_h100, full_h100, h100_bus_id
from tests.rules.rigs import (
    NO_LIBRARY,
    card,
    cpu_laptop,
    finding_of,
    findings_of,
    found,
    gpu,
    kernel_log,
    message,
    nvml,
    nvml_refusing,
    rtx_4090,
    torch,
    torch_device,
    wrong_in,
    xid,
)

MISSING, SILENT, FELL = "gpu-missing-from-nvml", "gpu-does-not-answer", "xid79-fell-off-bus"
LOST = Absent(Reason.GPU_LOST, "NVML nvmlDeviceGetHandleByIndex", "GPU is lost")


def mute(why: Absent | Failed, index: int = 0) -> Gpu:
    """As the NVML probe tells of a GPU that it cannot open."""
    return fill_unasked(Gpu(index=index), why)


def seven_h100() -> tuple[Gpu, ...]:
    return tuple(full_h100(index) for index in range(7))


def test_a_card_on_the_bus_that_the_driver_leaves_out_is_named() -> None:
    rig = eight_h100(*seven_h100())
    finding = finding_of(rig, MISSING)
    assert finding.verdict is Verdict.FAIL
    assert finding.subject == h100_bus_id(7)
    assert wrong_in(rig) == [MISSING]


def test_what_the_log_says_of_it_is_the_evidence_and_the_remedy() -> None:
    log = kernel_log(message("bar-invalid", h100_bus_id(7)))
    finding = finding_of(eight_h100(*seven_h100(), kernel_log=log), MISSING)
    assert any("bar-invalid" in evidence.text for evidence in finding.evidence)
    assert finding.remedy is not None
    assert "Above 4G Decoding" in finding.remedy.text


def test_what_the_log_says_of_another_card_is_not() -> None:
    log = kernel_log(message("bar-invalid", h100_bus_id(3)))
    finding = finding_of(eight_h100(*seven_h100(), kernel_log=log), MISSING)
    assert not any("bar-invalid" in evidence.text for evidence in finding.evidence)
    assert finding.remedy is not None
    assert "try another slot" in finding.remedy.text


def test_one_that_fell_off_the_bus_is_the_cause() -> None:
    rig = eight_h100(*seven_h100(), kernel_log=kernel_log(xid(79, h100_bus_id(7))))
    assert finding_of(rig, MISSING).caused_by == FELL


def test_a_driver_that_lists_none_misses_all() -> None:
    assert finding_of(rtx_4090(nvml=nvml()), MISSING).verdict is Verdict.FAIL


@pytest.mark.parametrize("bound", ["vfio-pci", "nouveau", "pci-stub"])
def test_a_card_that_another_driver_has_is_not_missing(bound: str) -> None:
    pci = Pci(nvidia_gpus=found((card(), card("0000:41:00.0", driver=bound))))
    assert finding_of(rtx_4090(pci=pci), MISSING).verdict is Verdict.PASS


def test_a_card_that_only_torch_tells_of_is_not_missing() -> None:
    device = torch_device("0000:41:00.0", "8.9", "NVIDIA GeForce RTX 4090")
    rig = rtx_4090(
        pci=Pci(nvidia_gpus=found((card(), card("0000:41:00.0")))),
        torch=msgspec.structs.replace(torch(), devices=found((device,))),
    )
    assert finding_of(rig, MISSING).verdict is Verdict.PASS


def test_a_container_that_was_given_two_of_eight_misses_none() -> None:
    assert finding_of(container_of_two_h100(), MISSING).verdict is Verdict.SKIP


def test_where_no_driver_lists_any_there_is_none_to_compare() -> None:
    assert finding_of(rtx_4090(nvml=nvml_refusing(NO_LIBRARY)), MISSING).verdict is Verdict.SKIP
    assert finding_of(cpu_laptop(), MISSING).verdict is Verdict.SKIP


@pytest.mark.parametrize(
    ("why", "words", "command"),
    [
        (LOST, "GPU is lost", "sudo poweroff"),
        (
            Failed("Insufficient External Power", "NVML nvmlDeviceGetHandleByIndex"),
            "Insufficient External Power",
            "sudo poweroff",
        ),
        (
            Failed("Interrupt Request Issue", "NVML nvmlDeviceGetHandleByIndex"),
            "Interrupt",
            "cat /proc/cmdline",
        ),
        (
            Absent(Reason.NO_PERMISSION, "NVML nvmlDeviceGetHandleByIndex", "Insufficient Rights"),
            "no permission",
            "ls -l /dev/nvidia*",
        ),
        (Failed("Unknown Error (NVML 99)", "NVML"), "NVML 99", "sudo dmesg"),
    ],
)
def test_one_bad_gpu_among_good_ones_says_why(
    why: Absent | Failed, words: str, command: str
) -> None:
    rig = eight_h100(*seven_h100(), mute(why, 7))
    finding = finding_of(rig, SILENT)
    assert finding.verdict is Verdict.FAIL
    assert finding.subject == "GPU 7"
    assert words in finding.headline
    assert finding.remedy is not None
    assert any(line.startswith(command) for line in finding.remedy.commands)


def test_the_one_that_cannot_be_opened_is_not_told_twice() -> None:
    rig = eight_h100(*seven_h100(), mute(LOST, 7))
    assert finding_of(rig, MISSING).verdict is Verdict.PASS
    assert finding_of(rig, SILENT).caused_by == FELL


def test_of_two_missing_and_one_silent_the_bus_tells_both() -> None:
    rig = eight_h100(*seven_h100()[:6], mute(LOST, 6))
    assert len(findings_of(rig, MISSING)) == 2


def test_a_gpu_that_only_some_facts_are_missing_of_answers() -> None:
    quiet = gpu(power_w=LOST)
    assert finding_of(rtx_4090(nvml=nvml(quiet)), SILENT).verdict is Verdict.PASS
