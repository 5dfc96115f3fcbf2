"""driver-branch-end-of-life."""

import pytest

from rigcheck.facts import NOT_ASKED, Pci, Rig
from rigcheck.findings import Verdict
from rigcheck.knowledge import cuda_driver
from rigcheck.rules.driver_branch import has_ended
from tests.rules.health_rigs import wsl_2
from tests.rules.rigs import (
    card,
    cpu_laptop,
    driver,
    finding_of,
    found,
    gpu,
    host,
    nvml,
    rtx_4090,
)

ID = "driver-branch-end-of-life"


def on(version: str, date: str = "2026-11-23") -> Rig:
    return rtx_4090(
        host=host(date=found(date)), driver=driver(version), nvml=nvml(gpu(), version=version)
    )


@pytest.mark.parametrize("version", ["470.256.02", "535.183.01", "550.90.07", "570.86.16"])
def test_a_branch_without_further_fixes_is_warned_of(version: str) -> None:
    finding = finding_of(on(version), ID)
    assert finding.verdict is Verdict.WARN
    assert version.partition(".")[0] in finding.headline
    assert finding.remedy is not None
    assert "sudo apt install nvidia-driver-580-open" in finding.remedy.commands


@pytest.mark.parametrize("version", ["580.95.05", "595.71.05"])
def test_a_living_branch_passes(version: str) -> None:
    assert finding_of(on(version), ID).verdict is Verdict.PASS


def test_a_branch_lives_until_the_end_of_its_last_month() -> None:
    branch = cuda_driver.branch_of("535")
    assert branch is not None
    assert not has_ended(branch, "2026-06-30")
    assert has_ended(branch, "2026-07-01")


def test_todays_living_branch_ends_one_day() -> None:
    assert finding_of(on("580.95.05", "2028-07-01"), ID).verdict is Verdict.WARN


def test_the_last_branch_of_a_card_is_not_held_against_it() -> None:
    rig = rtx_4090(
        pci=Pci(nvidia_gpus=found((card(name="GK110BGL [Tesla K40c]"),))),
        driver=driver("470.256.02"),
        nvml=nvml(gpu(name="Tesla K40c", capability="3.5"), version="470.256.02"),
    )
    finding = finding_of(rig, ID)
    assert finding.verdict is Verdict.PASS
    assert "last" in finding.headline


def test_a_branch_newer_than_the_table_is_unknown() -> None:
    assert finding_of(on("705.10"), ID).verdict is Verdict.UNKNOWN


def test_without_a_date_a_dated_branch_is_not_judged() -> None:
    rig = rtx_4090(
        host=host(date=NOT_ASKED),
        driver=driver("535.183.01"),
        nvml=nvml(gpu(), version="535.183.01"),
    )
    assert finding_of(rig, ID).verdict is Verdict.UNKNOWN


def test_windows_branches_and_no_gpu_do_not_apply() -> None:
    assert finding_of(wsl_2(), ID).verdict is Verdict.SKIP
    assert finding_of(cpu_laptop(), ID).verdict is Verdict.SKIP
