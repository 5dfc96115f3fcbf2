"""wsl1 and wsl-windows-build-or-driver."""

from typing import Any

import pytest

from rigcheck.facts import Driver, Fact, Rig
from rigcheck.findings import Verdict
from tests.rules.rigs import (
    NO_LIBRARY,
    cpu_laptop,
    finding_of,
    findings_of,
    found,
    host,
    not_there,
    nvml_refusing,
    rtx_4090,
    torch,
    wrong_in,
)

WSL1, WINDOWS = "wsl1", "wsl-windows-build-or-driver"
KERNEL = "5.15.167.4-microsoft-standard-WSL2"


def wsl(device: Fact[str], library: Fact[str] | None = None, **changes: Fact[Any]) -> Rig:
    facts = {"wsl_version": found(2), "kernel_release": found(KERNEL), **changes}
    return cpu_laptop(
        host=host(**facts),
        driver=Driver(control_device=device, library_path=library or not_there()),
        torch=torch(),
    )


def test_wsl_1_can_use_no_gpu() -> None:
    finding = finding_of(wsl(not_there(), wsl_version=found(1)), WSL1)
    assert finding.verdict is Verdict.FAIL
    assert finding_of(wsl(not_there()), WSL1).verdict is Verdict.PASS
    assert finding_of(rtx_4090(), WSL1).verdict is Verdict.SKIP


@pytest.mark.parametrize(
    ("rig", "words"),
    [
        (wsl(found("/dev/dxg"), windows_build=found(19042)), "19042"),
        (wsl(found("/dev/dxg"), kernel_release=found("4.19.128-microsoft-standard")), "4.19.128"),
        (wsl(found("/dev/dxg"), found("/usr/lib/x86_64-linux-gnu/libcuda.so.1")), "Linux driver"),
        (wsl(not_there()), "/dev/dxg"),
    ],
)
def test_each_way_in_which_windows_keeps_the_gpu_is_told(rig: Rig, words: str) -> None:
    (finding,) = findings_of(rig, WINDOWS)
    assert finding.verdict is Verdict.FAIL
    assert words in finding.headline


def test_a_wsl_whose_driver_answers_is_well() -> None:
    rig = rtx_4090(host=host(wsl_version=found(2), kernel_release=found("4.19.128")))
    assert finding_of(rig, WINDOWS).verdict is Verdict.PASS


def test_a_wsl_for_the_cpu_lacks_nothing() -> None:
    rig = cpu_laptop(
        host=host(wsl_version=found(2), kernel_release=found(KERNEL)),
        driver=Driver(control_device=not_there()),
        nvml=nvml_refusing(NO_LIBRARY),
    )
    assert finding_of(rig, WINDOWS).verdict is Verdict.SKIP
    assert wrong_in(rig) == []
