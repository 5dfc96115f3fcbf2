import os
from pathlib import Path

import pytest

from rigcheck.facts import Absent, Found, Reason
from rigcheck.monitor.cpu_energy import CpuEnergy, growth_uj, read_packages

RANGE_UJ = 262_143_328_850


def zone(root: Path, number: str, name: str, energy_uj: int) -> Path:
    folder = root / "sys/class/powercap" / f"intel-rapl:{number}"
    folder.mkdir(parents=True)
    (folder / "name").write_text(f"{name}\n")
    (folder / "energy_uj").write_text(f"{energy_uj}\n")
    (folder / "max_energy_range_uj").write_text(f"{RANGE_UJ}\n")
    return folder / "energy_uj"


def test_packages_are_added_up_and_their_parts_are_not(tmp_path: Path) -> None:
    first = zone(tmp_path, "0", "package-0", 1_000_000)
    second = zone(tmp_path, "1", "package-1", 5_000_000)
    core = zone(tmp_path, "0:0", "core", 0)
    board = zone(tmp_path, "2", "psys", 0)
    energy = CpuEnergy(tmp_path)
    assert energy.consumed_j() == 0.0
    first.write_text("3500000\n")
    second.write_text("6000000\n")
    core.write_text("900000000\n")
    board.write_text("900000000\n")
    assert energy.consumed_j() == pytest.approx(3.5)
    first.write_text("4500000\n")
    assert energy.consumed_j() == pytest.approx(4.5)


def test_a_counter_that_went_round_goes_on(tmp_path: Path) -> None:
    counter = zone(tmp_path, "0", "package-0", RANGE_UJ - 1_000_000)
    energy = CpuEnergy(tmp_path)
    counter.write_text("2000000\n")
    assert energy.consumed_j() == pytest.approx(3.0)
    assert growth_uj(5, 5, RANGE_UJ) == 0


def test_a_machine_without_counters_tells_why(tmp_path: Path) -> None:
    packages = read_packages(tmp_path)
    assert isinstance(packages, Absent)
    assert packages.reason is Reason.NOT_THERE
    assert CpuEnergy(tmp_path).consumed_j() is None


def test_a_board_without_packages_tells_why(tmp_path: Path) -> None:
    zone(tmp_path, "0", "psys", 0)
    packages = read_packages(tmp_path)
    assert isinstance(packages, Absent)
    assert packages.detail == "no package has a counter"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_without_the_right_to_read_it_that_is_the_reason(tmp_path: Path) -> None:
    zone(tmp_path, "0", "package-0", 0).chmod(0)
    packages = read_packages(tmp_path)
    assert isinstance(packages, Absent)
    assert packages.reason is Reason.NO_PERMISSION


def test_of_this_machine_there_is_an_answer() -> None:
    packages, told = read_packages(), CpuEnergy().consumed_j()
    assert isinstance(packages, Found) == (told is not None)
