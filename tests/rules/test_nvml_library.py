"""nvml-library-missing."""

import pytest

from rigcheck.facts import Absent, Failed, Reason
from rigcheck.findings import Verdict
from tests.rules.health_rigs import in_container, wsl_2
from tests.rules.rigs import (
    MISMATCH,
    NO_LIBRARY,
    NOT_LOADED,
    cpu_laptop,
    driver,
    finding_of,
    found,
    host,
    no_driver,
    nvml_refusing,
    rtx_4090,
    torch_device,
    wrong_in,
)

ID = "nvml-library-missing"
CUT_SHORT = Failed("/lib/libnvidia-ml.so.1: file too short", "dlopen libnvidia-ml.so.1")


def test_a_driver_that_runs_without_its_library_is_told() -> None:
    finding = finding_of(rtx_4090(nvml=nvml_refusing(NO_LIBRARY)), ID)
    assert finding.verdict is Verdict.FAIL
    assert finding.remedy is not None
    assert finding.remedy.commands == ("sudo apt install --reinstall libnvidia-compute-580",)


def test_the_loaders_own_words_tell_of_a_damaged_one() -> None:
    finding = finding_of(rtx_4090(nvml=nvml_refusing(CUT_SHORT)), ID)
    assert finding.verdict is Verdict.FAIL
    assert any("file too short" in evidence.text for evidence in finding.evidence)


@pytest.mark.parametrize(
    ("distribution", "command"),
    [
        ("debian", "sudo apt install --reinstall libnvidia-ml1"),
        ("arch", "sudo pacman -S nvidia-utils"),
        ("fedora", "sudo dnf reinstall xorg-x11-drv-nvidia-cuda-libs"),
    ],
)
def test_the_remedy_is_the_distributions(distribution: str, command: str) -> None:
    rig = rtx_4090(host=host(distribution_id=found(distribution)), nvml=nvml_refusing(NO_LIBRARY))
    finding = finding_of(rig, ID)
    assert finding.remedy is not None
    assert finding.remedy.commands == (command,)


def test_a_container_with_a_gpu_and_without_the_tools_is_told_how() -> None:
    given = torch_device("0000:01:00.0", "8.9", "NVIDIA GeForce RTX 4090")
    rig = rtx_4090(host=in_container(), nvml=nvml_refusing(NO_LIBRARY))
    rig = rtx_4090(
        host=in_container(),
        nvml=nvml_refusing(NO_LIBRARY),
        torch=type(rig.torch)(
            version=found("2.15.0+cu132"),
            cuda_built_version=found("13.2"),
            cuda_available=found(True),
            devices=found((given,)),
        ),
    )
    finding = finding_of(rig, ID)
    assert finding.verdict is Verdict.FAIL
    assert finding.remedy is not None
    assert "NVIDIA_DRIVER_CAPABILITIES=compute,utility" in finding.remedy.commands[0]


def test_without_any_driver_the_library_is_not_missed() -> None:
    rig = rtx_4090(driver=no_driver(), nvml=nvml_refusing(NO_LIBRARY))
    assert finding_of(rig, ID).verdict is Verdict.SKIP
    assert ID not in wrong_in(rig)


@pytest.mark.parametrize("refusal", [NOT_LOADED, MISMATCH])
def test_a_library_that_refuses_is_there(refusal: Absent | Failed) -> None:
    rig = rtx_4090(driver=driver(), nvml=nvml_refusing(refusal))
    assert finding_of(rig, ID).verdict is Verdict.SKIP


def test_a_container_that_was_given_no_gpu_needs_none() -> None:
    rig = rtx_4090(
        host=in_container(),
        nvml=nvml_refusing(NO_LIBRARY),
        torch=type(rtx_4090().torch)(devices=found(())),
    )
    assert finding_of(rig, ID).verdict is Verdict.SKIP


def test_neither_a_machine_without_gpu_nor_wsl_is_blamed() -> None:
    assert finding_of(cpu_laptop(), ID).verdict is Verdict.SKIP
    assert finding_of(wsl_2(), ID).verdict is Verdict.PASS


def test_a_probe_that_ran_out_of_time_says_nothing_of_the_library() -> None:
    late = Failed("no answer within 45 s", "asking NVML for versions")
    assert finding_of(rtx_4090(nvml=nvml_refusing(late)), ID).verdict is Verdict.SKIP


def test_an_absence_for_another_reason_is_not_the_loaders() -> None:
    rig = rtx_4090(nvml=nvml_refusing(Absent(Reason.NO_PERMISSION, "NVML nvmlInitWithFlags")))
    assert finding_of(rig, ID).verdict is Verdict.SKIP
