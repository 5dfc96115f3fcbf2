"""xid-errors and xid79-fell-off-bus."""

import pytest

from rigcheck.facts import Absent, Gpu, Reason
from rigcheck.findings import Verdict
from rigcheck.probes.probe import fill_unasked
from tests.rules.health_rigs import desktop_4090, eight_h100, full_4090, h100_bus_id, in_container
from tests.rules.rigs import (
    cpu_laptop,
    finding_of,
    findings_of,
    found,
    host,
    kernel_log,
    nvml,
    unreadable_log,
    wrong_in,
    xid,
)

ERRORS, FELL = "xid-errors", "xid79-fell-off-bus"
LOST = Absent(Reason.GPU_LOST, "NVML nvmlDeviceGetHandleByIndex", "GPU is lost")


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        (48, Verdict.FAIL),  # double-bit error
        (119, Verdict.FAIL),  # GSP timeout
        (54, Verdict.FAIL),  # power plug
        (92, Verdict.WARN),  # many corrected errors
        (39, Verdict.WARN),  # copy engine: NVIDIA's text only
        (9999, Verdict.WARN),  # nobody knows it
        (13, Verdict.PASS),  # a program's bad index
        (43, Verdict.PASS),
        (45, Verdict.PASS),  # a killed process
        (63, Verdict.PASS),  # the repair itself
    ],
)
def test_an_xid_weighs_what_it_means(code: int, verdict: Verdict) -> None:
    finding = finding_of(desktop_4090(kernel_log=kernel_log(xid(code))), ERRORS)
    assert finding.verdict is verdict
    assert str(code) in finding.headline
    assert finding.subject == "GPU 0"


def test_of_a_trail_the_worst_leads_and_all_are_evidence() -> None:
    trail = (xid(48, first_s=10.0), xid(63, first_s=10.1), xid(94, first_s=10.2))
    finding = finding_of(desktop_4090(kernel_log=kernel_log(*trail)), ERRORS)
    assert finding.headline.startswith("GPU 0 reported Xid 48")
    assert len(finding.evidence) == 4


def test_each_gpu_has_its_own_trail() -> None:
    log = kernel_log(xid(48, h100_bus_id(3)), xid(31, h100_bus_id(5)))
    findings = findings_of(eight_h100(kernel_log=log), ERRORS)
    assert {(f.subject, f.verdict) for f in findings} == {
        ("GPU 3", Verdict.FAIL),
        ("GPU 5", Verdict.PASS),
    }


def test_a_log_that_may_not_be_read_is_unknown_with_the_command_that_reads_it() -> None:
    finding = finding_of(desktop_4090(kernel_log=unreadable_log()), ERRORS)
    assert finding.verdict is Verdict.UNKNOWN
    assert finding.remedy is not None
    assert finding.remedy.commands == ("sudo dmesg | grep -i xid",)


def test_in_a_container_the_host_has_the_log() -> None:
    finding = finding_of(desktop_4090(host=in_container(), kernel_log=unreadable_log()), ERRORS)
    assert finding.remedy is not None
    assert "on the host" in finding.remedy.text


def test_no_xid_in_half_a_log_is_said_to_be_of_half_a_log() -> None:
    whole = finding_of(desktop_4090(), ERRORS)
    half = finding_of(desktop_4090(kernel_log=kernel_log(reaches_boot=False)), ERRORS)
    assert "since boot" in whole.headline
    assert "still holds" in half.headline


def test_under_wsl_and_without_a_gpu_it_does_not_apply() -> None:
    assert finding_of(desktop_4090(host=host(wsl_version=found(2))), ERRORS).verdict is Verdict.SKIP
    assert finding_of(cpu_laptop(), ERRORS).verdict is Verdict.SKIP


def test_a_gpu_that_fell_and_does_not_answer_is_a_fault() -> None:
    rig = desktop_4090(nvml=nvml(), kernel_log=kernel_log(xid(79)))
    finding = finding_of(rig, FELL)
    assert finding.verdict is Verdict.FAIL
    assert finding.subject == "0000:01:00.0"
    assert wrong_in(rig)[0] == FELL
    assert finding_of(rig, ERRORS).verdict is Verdict.PASS


def test_one_that_is_back_is_warned_of() -> None:
    finding = finding_of(desktop_4090(kernel_log=kernel_log(xid(79))), FELL)
    assert finding.verdict is Verdict.WARN
    assert "is back" in finding.headline


def test_nvml_tells_of_a_lost_gpu_without_any_log() -> None:
    lost = fill_unasked(Gpu(index=1), LOST)
    rig = desktop_4090(full_4090(), lost, kernel_log=unreadable_log())
    finding = finding_of(rig, FELL)
    assert finding.verdict is Verdict.FAIL
    assert finding.subject == "GPU 1"


def test_errors_after_the_fall_follow_from_it_and_those_before_do_not() -> None:
    after = kernel_log(xid(79, first_s=10.0), xid(119, first_s=12.0))
    before = kernel_log(xid(62, first_s=8.0), xid(79, first_s=10.0))
    assert finding_of(desktop_4090(kernel_log=after), ERRORS).caused_by == FELL
    assert finding_of(desktop_4090(kernel_log=before), ERRORS).caused_by is None


def test_gpus_that_answer_are_on_the_bus_whoever_may_read_the_log() -> None:
    assert finding_of(desktop_4090(kernel_log=unreadable_log()), FELL).verdict is Verdict.PASS
