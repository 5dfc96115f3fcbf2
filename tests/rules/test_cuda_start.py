"""cuda-dead-after-suspend and cuda-compat-library-on-geforce."""

import msgspec

from rigcheck.facts import Fact, Failed, Host, Rig
from rigcheck.findings import Verdict
from tests.rules.health_rigs import desktop_4090, eight_h100, in_container
from tests.rules.rigs import (
    MISMATCH,
    cpu_laptop,
    driver,
    finding_of,
    found,
    host,
    nvml_refusing,
    torch,
)

SUSPEND, COMPAT = "cuda-dead-after-suspend", "cuda-compat-library-on-geforce"
UNKNOWN = Failed(
    "RuntimeError: CUDA unknown error - this may be due to an incorrectly set up environment, "
    "e.g. changing env variable CUDA_VISIBLE_DEVICES after program start",
    "torch.cuda.init()",
)
REFUSED = Failed(
    "RuntimeError: Unexpected error from cudaGetDeviceCount(). Error 804: forward compatibility "
    "was attempted on non supported HW",
    "torch.cuda.init()",
)
STRAY = "/usr/local/cuda-13.0/compat/libcuda.so.1"


def saying(cuda: Fact[bool], slept_s: float = 0.0, where: Host | None = None) -> Rig:
    return desktop_4090(
        host=where or host(suspended_s=found(slept_s)),
        torch=msgspec.structs.replace(torch(), cuda_available=cuda),
    )


def with_library(cuda: Fact[bool], path: str) -> Rig:
    return desktop_4090(
        driver=driver(library_path=found(path)),
        torch=msgspec.structs.replace(torch(), cuda_available=cuda),
    )


def test_an_unknown_error_after_sleep_is_the_sleeps() -> None:
    finding = finding_of(saying(UNKNOWN, 3600.0), SUSPEND)
    assert finding.verdict is Verdict.FAIL
    assert finding.remedy is not None
    assert "modprobe -r nvidia_uvm" in finding.remedy.commands[0]
    assert any("60 min" in e.text or "1 h" in e.text for e in finding.evidence)


def test_an_unknown_error_on_a_machine_that_never_slept_has_another_cause() -> None:
    assert finding_of(saying(UNKNOWN), SUSPEND).verdict is Verdict.SKIP


def test_a_cuda_that_starts_survived_the_sleep() -> None:
    assert finding_of(saying(found(True), 3600.0), SUSPEND).verdict is Verdict.PASS


def test_another_error_after_sleep_is_not_the_sleeps() -> None:
    assert finding_of(saying(REFUSED, 3600.0), SUSPEND).verdict is Verdict.SKIP


def test_in_a_container_the_host_reloads_the_module() -> None:
    asleep = msgspec.structs.replace(in_container(), suspended_s=found(60.0))
    finding = finding_of(saying(UNKNOWN, where=asleep), SUSPEND)
    assert finding.remedy is not None
    assert not finding.remedy.commands


def test_without_a_gpu_there_is_no_cuda_to_die() -> None:
    assert finding_of(cpu_laptop(), SUSPEND).verdict is Verdict.SKIP
    assert finding_of(cpu_laptop(), COMPAT).verdict is Verdict.SKIP


def test_a_compat_library_that_cuda_refuses_is_a_fault() -> None:
    finding = finding_of(with_library(REFUSED, STRAY), COMPAT)
    assert finding.verdict is Verdict.FAIL
    assert finding.remedy is not None
    assert "unset LD_LIBRARY_PATH" in finding.remedy.commands


def test_one_in_front_of_a_geforce_is_warned_of_before_cuda_speaks() -> None:
    assert finding_of(with_library(found(False), STRAY), COMPAT).verdict is Verdict.WARN


def test_a_data_centre_gpu_may_have_it() -> None:
    rig = eight_h100(
        driver=driver(library_path=found(STRAY)),
        torch=msgspec.structs.replace(torch(), cuda_available=found(True)),
    )
    assert finding_of(rig, COMPAT).verdict is Verdict.PASS


def test_a_cuda_that_starts_with_it_is_no_fault() -> None:
    assert finding_of(with_library(found(True), STRAY), COMPAT).verdict is Verdict.PASS


def test_a_folder_that_only_sounds_like_it_is_none() -> None:
    rig = with_library(found(False), "/opt/compatible/lib/libcuda.so.1")
    assert finding_of(rig, COMPAT).verdict is Verdict.SKIP


def test_error_804_after_an_update_follows_from_the_mismatch() -> None:
    rig = desktop_4090(
        driver=driver(library_version=found("595.71.05")),
        nvml=nvml_refusing(MISMATCH),
        torch=msgspec.structs.replace(torch(), cuda_available=REFUSED),
    )
    finding = finding_of(rig, COMPAT)
    assert finding.verdict is Verdict.FAIL
    assert finding.caused_by == "driver-library-mismatch"
    assert finding.remedy is not None
    assert "sudo reboot" in finding.remedy.commands
