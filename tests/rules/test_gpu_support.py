"""open-module-required and gpu-not-supported-by-driver."""

import pytest

from rigcheck.facts import KernelMessage, Pci, PciGpu, Rig
from rigcheck.findings import Verdict
from tests.rules.health_rigs import in_container, v100_on_580
from tests.rules.rigs import (
    NOT_LOADED,
    card,
    cpu_laptop,
    driver,
    finding_of,
    found,
    gpu,
    kernel_log,
    message,
    not_there,
    nvml,
    nvml_refusing,
    rtx_4090,
    wrong_in,
)

OPEN, LEFT_OUT = "open-module-required", "gpu-not-supported-by-driver"
MODULE, MISSING = "kernel-module-not-loaded", "gpu-missing-from-nvml"
BUS = "0000:01:00.0"
RTX_5090 = card(name="GB202 [GeForce RTX 5090]")
GTX_1070 = card(name="GP104 [GeForce GTX 1070]")


def silent(one: PciGpu, version: str, kind: str, *log: KernelMessage) -> Rig:
    """The module is loaded and no card answers: `No devices were found`."""
    return rtx_4090(
        pci=Pci(nvidia_gpus=found((one,)), nvswitches=found(0)),
        driver=driver(version, module_kind=found(kind)),
        nvml=nvml(version=version),
        kernel_log=kernel_log(*log),
    )


def test_blackwell_under_the_closed_module_needs_the_open_one() -> None:
    rig = silent(RTX_5090, "580.95.05", "closed")
    finding = finding_of(rig, OPEN)
    assert finding.verdict is Verdict.FAIL
    assert "RTX 5090" in finding.headline
    assert finding.remedy is not None
    assert "sudo apt install nvidia-driver-580-open" in finding.remedy.commands
    assert wrong_in(rig)[0] == OPEN
    assert finding_of(rig, MISSING).caused_by == OPEN


def test_the_kernels_words_do_for_a_card_that_no_table_knows() -> None:
    unknown_card = card(name="GB999 [Graphics Device]")
    rig = silent(unknown_card, "580.95.05", "closed", message("proprietary-module-new-gpu", BUS))
    assert finding_of(rig, OPEN).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("one", "kind"), [(RTX_5090, "open"), (card(), "closed"), (card(), "open")]
)
def test_cards_under_a_module_that_drives_them_need_no_other(one: PciGpu, kind: str) -> None:
    assert finding_of(silent(one, "580.95.05", kind), OPEN).verdict is Verdict.PASS


def test_a_card_that_answers_has_what_it_needs_whatever_a_table_says() -> None:
    rig = rtx_4090(
        pci=Pci(nvidia_gpus=found((RTX_5090,))),
        driver=driver(module_kind=found("closed")),
        nvml=nvml(gpu(name="NVIDIA GeForce RTX 5090", capability="12.0")),
    )
    assert finding_of(rig, OPEN).verdict is Verdict.PASS


def test_the_message_about_another_card_is_not_about_this_one() -> None:
    other = message("proprietary-module-new-gpu", "0000:41:00.0")
    assert finding_of(silent(card(), "580.95.05", "closed", other), OPEN).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("one", "version", "kind", "why"),
    [
        (GTX_1070, "595.71.05", "closed", "the last branch with Pascal is 580"),
        (card(name="GK110BGL [Tesla K40c]"), "535.183.01", "closed", "Kepler is 470"),
        (GTX_1070, "580.95.05", "open", "nothing older than Turing"),
    ],
)
def test_the_table_of_branches_tells_which_cards_a_driver_leaves_out(
    one: PciGpu, version: str, kind: str, why: str
) -> None:
    finding = finding_of(silent(one, version, kind), LEFT_OUT)
    assert finding.verdict is Verdict.FAIL
    assert why in finding.headline
    assert finding.subject == BUS


def test_a_driver_that_ignores_its_only_card_does_not_even_stay_loaded() -> None:
    rig = rtx_4090(
        pci=Pci(nvidia_gpus=found((card(name="GP107 [GeForce GTX 1050]", driver=None),))),
        driver=driver("595.71.05", module_version=not_there(), module_kind=not_there()),
        nvml=nvml_refusing(NOT_LOADED),
        kernel_log=kernel_log(message("legacy-branch-needed", argument="580")),
    )
    finding = finding_of(rig, LEFT_OUT)
    assert finding.verdict is Verdict.FAIL
    assert "it needs branch 580" in finding.headline
    assert finding.remedy is not None
    assert "sudo apt install nvidia-driver-580" in finding.remedy.commands
    assert wrong_in(rig)[0] == LEFT_OUT
    assert finding_of(rig, MODULE).caused_by == LEFT_OUT


def test_a_card_newer_than_the_driver_is_left_out_by_the_kernels_words() -> None:
    rig = silent(card(), "520.56.06", "open", message("not-supported-by-release", BUS))
    assert finding_of(rig, LEFT_OUT).verdict is Verdict.FAIL


def test_the_old_card_beside_one_that_works_is_named_alone() -> None:
    cards = (card(), card("0000:41:00.0", "GP104 [GeForce GTX 1070]"))
    rig = rtx_4090(
        pci=Pci(nvidia_gpus=found(cards)),
        driver=driver("595.71.05"),
        nvml=nvml(gpu(), version="595.71.05"),
    )
    assert finding_of(rig, LEFT_OUT).subject == "0000:41:00.0"
    assert finding_of(rig, MISSING).caused_by == LEFT_OUT


def test_a_volta_on_580_is_driven() -> None:
    assert finding_of(v100_on_580(), LEFT_OUT).verdict is Verdict.PASS


def test_a_card_that_nouveau_or_a_virtual_machine_has_is_not_the_drivers() -> None:
    for bound in ("nouveau", "vfio-pci"):
        old = card("0000:41:00.0", "GP104 [GeForce GTX 1070]", bound)
        rig = rtx_4090(
            pci=Pci(nvidia_gpus=found((card(), old))),
            driver=driver("595.71.05"),
            nvml=nvml(gpu(), version="595.71.05"),
        )
        assert finding_of(rig, LEFT_OUT).verdict is Verdict.PASS


@pytest.mark.parametrize("id_", [OPEN, LEFT_OUT])
def test_a_container_is_not_to_judge_the_hosts_cards(id_: str) -> None:
    rig = rtx_4090(
        host=in_container(),
        pci=Pci(nvidia_gpus=found((card(), GTX_1070))),
        driver=driver("595.71.05", module_kind=found("closed")),
    )
    assert finding_of(rig, id_).verdict is Verdict.PASS


@pytest.mark.parametrize("id_", [OPEN, LEFT_OUT])
def test_without_a_gpu_neither_applies(id_: str) -> None:
    assert finding_of(cpu_laptop(), id_).verdict is Verdict.SKIP
