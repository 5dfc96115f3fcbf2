"""The compilers of the frameworks: torch's own, and stand-ins that fail as theirs do."""

import sys
from pathlib import Path

import msgspec
import pytest

from rigcheck.facts import Compile, Rig, Stage, value_of
from rigcheck.findings import Finding, Verdict
from rigcheck.probes.compiling import PROBE, read_compile
from rigcheck.probes.host import read_host
from rigcheck.probes.probe import ProbeContext
from rigcheck.probes.python_env import read_python_env
from rigcheck.probes.registry import PROBES
from rigcheck.rules.compiling import torch_compile_fails
from rigcheck.rules.judge import judge
from tests.environments import FakePackages, make_venv

STAND_IN = """
import os, signal

class Tensor(float):
    def __new__(cls, device):
        made = super().__new__(cls, 1.0)
        made.device = device
        return made
    def __mul__(self, other): return self
    def __add__(self, other): return self
    def sum(self): return self

class cuda:
    @staticmethod
    def is_available(): return True
    @staticmethod
    def device_count(): return 2
    @staticmethod
    def get_device_properties(index):
        class Properties:
            name, major, minor, total_memory = "stand-in", 8, 6, 0
        return Properties

class backends: mps = None

def linspace(start, end, count, device): return Tensor(device)
def sin(x): return x

def compile(function):
    def compiled(x):
        {fails}
        return function(x)
    return compiled
"""


def context_of(python: str) -> ProbeContext:
    return ProbeContext(python=python, data_dir=Path())


def stand_in(folder: Path, fails: str, name: str = "torch") -> ProbeContext:
    packages = FakePackages(folder)
    packages.add_package(name, STAND_IN.replace("{fails}", fails), version="2.9.1")
    return context_of(packages.python)


def stages_of(facts: Compile, framework: str = "torch") -> dict[str, Stage]:
    trials = value_of(facts.trials) or ()
    trial = next(trial for trial in trials if trial.framework == framework)
    return {stage.device: stage for stage in trial.stages}


def finding(context: ProbeContext, facts: Compile) -> Finding:
    rig = Rig(host=read_host(context), python=read_python_env(context), compile=facts)
    (only,) = judge(rig, frozenset(Rig.__struct_fields__), (torch_compile_fails,))
    return only


def leftovers(folder: Path) -> list[str]:
    names = (path.name for path in folder.iterdir())
    return [name for name in names if name.startswith(("rigcheck-", "torchinductor"))]


def test_they_are_tried_only_where_it_is_asked_for_and_before_the_memory_is_taken() -> None:
    plain = context_of(sys.executable)
    assert not PROBE.is_wanted(plain)
    assert PROBE.is_wanted(msgspec.structs.replace(plain, compile=True))
    assert [probe.part for probe in PROBES if probe.is_last] == ["compile", "vram"]


def test_the_installed_torch_compiles_on_the_cpu_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    context = context_of(sys.executable)
    facts = read_compile(context)
    if value_of(facts.compiler) is None:
        pytest.skip("no C++ compiler here")
    stage = stages_of(facts)["cpu"]
    assert stage.error == ""
    assert finding(context, facts).verdict is Verdict.PASS
    assert leftovers(tmp_path) == []


def test_without_a_compiler_on_path_that_is_the_cause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CXX", raising=False)
    context = context_of(sys.executable)
    facts = read_compile(context)
    assert value_of(facts.compiler) is None
    told = finding(context, facts)
    assert told.verdict is Verdict.WARN
    assert told.headline == "torch.compile fails on cpu: there is no C++ compiler"


def test_one_device_that_takes_the_process_with_it_leaves_the_others(tmp_path: Path) -> None:
    dies = 'if x.device == "cpu": os.kill(os.getpid(), signal.SIGSEGV)'
    stages = stages_of(read_compile(stand_in(tmp_path, dies)))
    assert stages["cpu"].error.startswith("died of SIGSEGV")
    assert (stages["cuda:0"].error, stages["cuda:1"].error) == ("", "")


def test_each_device_may_take_the_process_with_it(tmp_path: Path) -> None:
    stages = stages_of(read_compile(stand_in(tmp_path, "os._exit(3)")))
    assert {stage.error for device, stage in stages.items() if device} == {
        "ended with exit code 3 and no word"
    }
    assert list(stages)[-3:] == ["cpu", "cuda:0", "cuda:1"]


def test_a_compiler_that_hangs_has_its_time(tmp_path: Path) -> None:
    context = stand_in(tmp_path, "import time; time.sleep(600)")
    stage = stages_of(read_compile(context, time_limit_s=2.0))["cpu"]
    assert "no answer within" in stage.error


def test_a_wrong_result_is_told_with_both(tmp_path: Path) -> None:
    context = stand_in(tmp_path, "return 7.0")
    facts = read_compile(context)
    assert "result is 7, and eager's 1" in stages_of(facts)["cuda:1"].error
    assert finding(context, facts).verdict is Verdict.FAIL


def test_of_a_long_error_the_lines_that_tell_the_cause_stay(tmp_path: Path) -> None:
    words = "C++ compile error\\nCommand:\\ng++ " + "-I/x " * 900 + "\\nOutput:\\n"
    cause = "include/x.h:39:10: fatal error: Python.h: No such file or directory"
    context = stand_in(tmp_path, f"raise RuntimeError('{words}{cause}')")
    facts = read_compile(context)
    error = stages_of(facts)["cpu"].error
    assert error.splitlines() == ["RuntimeError: C++ compile error", cause]
    assert finding(context, facts).headline.endswith("there is no Python.h")


def test_where_nothing_compiles_there_is_nothing_to_try(tmp_path: Path) -> None:
    context = context_of(make_venv(tmp_path / "bare"))
    facts = read_compile(context)
    assert value_of(facts.trials) == ()
    told = finding(context, facts)
    assert (told.verdict, told.headline) == (
        Verdict.SKIP,
        "torch is not installed, so it compiles nothing",
    )
