"""The memory test in a real child, on the CPU's own memory."""

import sys
from pathlib import Path

import pytest

from rigcheck.check import check
from rigcheck.check_events import CheckFinished, ProbeStarted
from rigcheck.facts import Failed, Found, MemoryTrial
from rigcheck.probes.probe import ProbeContext
from rigcheck.probes.registry import PROBES
from rigcheck.probes.vram import PROBE, read_vram
from tests.environments import FakePackages

CPU_ONLY = {"devices": ["cpu"], "limit_bytes": 1024**2, "least_s": 0.0}


def trials(python: str) -> tuple[MemoryTrial, ...]:
    told = read_vram(python, CPU_ONLY).trials
    assert isinstance(told, Found)
    return told.value


def test_the_installed_torch_tests_memory() -> None:
    pytest.importorskip("torch")
    (trial,) = trials(sys.executable)
    assert (trial.device, trial.tested_bytes, trial.wrong_words) == ("cpu", 1024**2, 0)
    assert trial.rounds >= 1
    assert trial.error == ""


def test_an_interpreter_without_torch_says_so(tmp_path: Path) -> None:
    packages = FakePackages(tmp_path)
    packages.add_package("torch", "raise ModuleNotFoundError(\"No module named 'torch'\")")
    told = read_vram(packages.python, CPU_ONLY).trials
    assert isinstance(told, Failed)
    assert "No module named" in told.error


def test_a_device_on_which_the_child_dies_is_the_one_that_is_named(tmp_path: Path) -> None:
    packages = FakePackages(tmp_path)
    packages.add_package(
        "torch",
        """
        import os, signal
        int64 = None
        def arange(*_, **__):
            os.kill(os.getpid(), signal.SIGBUS)
        """,
    )
    (trial,) = trials(packages.python)
    assert trial.device == "cpu"
    assert "SIGBUS" in trial.error


def test_after_an_error_of_cuda_no_other_device_is_blamed_for_it(tmp_path: Path) -> None:
    packages = FakePackages(tmp_path)
    packages.add_package(
        "torch",
        """
        int64 = None
        def arange(*_, **__):
            raise RuntimeError("CUDA error: uncorrectable ECC error encountered")
        """,
    )
    told = read_vram(packages.python, {**CPU_ONLY, "devices": ["cpu", "cpu:1"]}).trials
    assert isinstance(told, Found)
    assert [trial.device for trial in told.value] == ["cpu"]


def test_it_runs_only_where_it_is_asked_for_and_after_all_others() -> None:
    plain = ProbeContext(python="/usr/bin/python3", data_dir=Path("/nowhere"))
    assert not PROBE.is_wanted(plain)
    assert [probe.part for probe in PROBES if probe.is_last][-1] == "vram"


def test_a_check_that_asks_for_it_tells_of_it_last(tmp_path: Path) -> None:
    packages = FakePackages(tmp_path)
    packages.add_package("torch", "raise ModuleNotFoundError(\"No module named 'torch'\")")
    context = ProbeContext(python=packages.python, data_dir=tmp_path, vram_test=True)
    events = list(check(context, parts=frozenset({"memory", "vram"})))
    assert [e.part for e in events if isinstance(e, ProbeStarted)] == ["memory", "vram"]
    last = events[-1]
    assert isinstance(last, CheckFinished)
    assert isinstance(last.rig.vram.trials, Failed)
