"""Environment variables."""

from pathlib import Path

import pytest

from rigcheck.facts import Absent, Found, Reason
from rigcheck.probes.environment import parse_environment, read_environment
from rigcheck.probes.probe import ProbeContext


def test_a_variable_that_is_set_and_empty_is_not_one_that_is_not_set() -> None:
    facts = parse_environment({"CUDA_VISIBLE_DEVICES": "", "LD_LIBRARY_PATH": "/opt/lib:"})
    assert facts.cuda_visible_devices == Found("", "$CUDA_VISIBLE_DEVICES")
    assert facts.ld_library_path == Found("/opt/lib:", "$LD_LIBRARY_PATH")
    assert facts.cuda_device_order == Absent(Reason.NOT_THERE, "$CUDA_DEVICE_ORDER")


def test_it_is_this_process_that_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_DEVICE_ORDER", "PCI_BUS_ID")
    facts = read_environment(ProbeContext(python="python3", data_dir=Path()))
    assert facts.cuda_device_order == Found("PCI_BUS_ID", "$CUDA_DEVICE_ORDER")
