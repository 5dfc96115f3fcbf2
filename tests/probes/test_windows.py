"""The build of the Windows around WSL."""

from pathlib import Path

import pytest

from rigcheck.facts import Absent, Found, Reason
from rigcheck.probes.windows import read_windows_build
from tests.probes.trees import write_tree

WSL = "5.15.167.4-microsoft-standard-WSL2"


def build_in(tmp_path: Path, log: str, release: str = WSL) -> object:
    files = {"proc/sys/kernel/osrelease": release, "dev/kmsg": log}
    return read_windows_build(write_tree(tmp_path, files))


@pytest.mark.parametrize(
    ("line", "build"),
    [
        ("Hyper-V: Host Build 10.0.22631.4317-1-0", 22631),
        ("Hyper-V: Host Build 10.0.26100.1882-1-0", 26100),
        ("Hyper-V Host Build:18362-10.0-3-0.3256", 18362),
    ],
)
def test_the_hypervisor_tells_the_build(tmp_path: Path, line: str, build: int) -> None:
    log = f"6,1,0,-;Linux version {WSL}\n6,2,0,-;{line}\n"
    found = build_in(tmp_path, log)
    assert isinstance(found, Found)
    assert found.value == build


def test_windows_10_shares_one_hypervisor_and_tells_no_build(tmp_path: Path) -> None:
    absent = build_in(tmp_path, "6,1,0,-;Hyper-V: Host Build 10.0.19041.3570-0-0\n")
    assert isinstance(absent, Absent)
    assert absent.reason is Reason.NOT_SUPPORTED
    assert "between 19041 and 19045" in absent.detail


def test_a_log_without_that_line_names_the_command(tmp_path: Path) -> None:
    absent = build_in(tmp_path, "6,1,0,-;Linux version 6\n")
    assert isinstance(absent, Absent)
    assert "cmd.exe /c ver" in absent.detail


def test_a_guest_of_hyper_v_that_is_not_wsl_has_none(tmp_path: Path) -> None:
    log = "6,1,0,-;Hyper-V: Host Build 10.0.20348.1-1-0\n"
    absent = build_in(tmp_path, log, "6.8.0-1018-azure")
    assert isinstance(absent, Absent)
    assert absent.reason is Reason.NOT_APPLICABLE
