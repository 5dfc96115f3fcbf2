"""The device file by which programs reach the driver."""

import os
from pathlib import Path

import pytest

from rigcheck.facts import Absent, Found, Reason
from rigcheck.probes.driver import read_control_device
from tests.probes.trees import write_tree

MODULE = {"sys/module/nvidia/version": "580.95.05\n"}


def test_one_that_can_be_opened_is_found(tmp_path: Path) -> None:
    root = write_tree(tmp_path, {**MODULE, "dev/nvidiactl": ""})
    fact = read_control_device(root)
    assert isinstance(fact, Found)
    assert fact.value == str(root / "dev/nvidiactl")


def test_without_a_module_it_is_not_opened_as_that_would_load_it(tmp_path: Path) -> None:
    fact = read_control_device(write_tree(tmp_path, {"dev/nvidiactl": ""}))
    assert isinstance(fact, Absent)
    assert fact.reason is Reason.NOT_APPLICABLE


def test_one_that_is_not_there_is_not_there(tmp_path: Path) -> None:
    fact = read_control_device(write_tree(tmp_path, MODULE))
    assert isinstance(fact, Absent)
    assert fact.reason is Reason.NOT_THERE


@pytest.mark.skipif(os.geteuid() == 0, reason="root may open every file")
def test_one_that_may_not_be_opened_says_so(tmp_path: Path) -> None:
    root = write_tree(tmp_path, {**MODULE, "dev/nvidiactl": ""})
    (root / "dev/nvidiactl").chmod(0)
    fact = read_control_device(root)
    assert isinstance(fact, Absent)
    assert fact.reason is Reason.NO_PERMISSION


def test_under_wsl_it_is_windows_own(tmp_path: Path) -> None:
    kernel = {"proc/sys/kernel/osrelease": "5.15.167.4-microsoft-standard-WSL2\n"}
    fact = read_control_device(write_tree(tmp_path, {**kernel, "dev/dxg": ""}))
    assert isinstance(fact, Found)
    assert fact.value.endswith("dev/dxg")
