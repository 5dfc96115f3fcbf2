"""An interpreter on an emulated CPU: what it sees of it, and how it dies of what it lacks."""

import os
import signal
import sys
from pathlib import Path

import pytest

from rigcheck.child import Child, Death
from rigcheck.facts import Fact, Found
from rigcheck.probes.cpu import read_cpu
from rigcheck.probes.probe import ProbeContext
from rigcheck.probes.python_env import read_python_env
from tests.emulated.cpus import python_on
from tests.extension import compile_extension

TASK = "def run(wire, arguments):\n    wire.stage('import fast')\n    import fast\n"


def death_on(cpu: str, folder: Path, instruction: str) -> Death | None:
    compile_extension(folder, "fast", f'__asm__ volatile ("{instruction}");')
    (folder / "the_task.py").write_text(TASK)
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(folder)}
    python = python_on(cpu, sys.executable, folder)
    with Child(python, "the_task", {}, environment=environment) as child:
        list(child.events(120))
        return child.death


@pytest.mark.parametrize(
    ("cpu", "instruction", "words"),
    [
        ("Nehalem", "vaddps %ymm0, %ymm1, %ymm2", "an instruction of AVX,"),
        ("Opteron_G5", "vpaddd %ymm0, %ymm1, %ymm2", "an instruction of AVX2,"),
        ("Conroe", "ptest %xmm0, %xmm1", "an instruction of SSE4.1,"),
    ],
)
def test_a_library_made_for_a_newer_cpu_is_told_with_the_set_it_needed(
    tmp_path: Path, cpu: str, instruction: str, words: str
) -> None:
    death = death_on(cpu, tmp_path, instruction)
    assert death is not None
    assert death.signal == signal.SIGILL
    assert words in death.reason
    assert f"from {tmp_path / 'the_task.py'} line 3" in death.reason


def test_what_the_cpu_has_runs(tmp_path: Path) -> None:
    assert death_on("Opteron_G5", tmp_path, "vaddps %ymm0, %ymm1, %ymm2") is None


def flags_of(fact: Fact[tuple[str, ...]]) -> set[str]:
    return set(fact.value) if isinstance(fact, Found) else set()


def flags_seen_by(python: str) -> set[str]:
    env = read_python_env(ProbeContext(python=python, data_dir=Path()))
    return flags_of(env.cpu_flags)


@pytest.mark.parametrize(
    ("cpu", "has", "lacks"),
    [
        ("Conroe", "ssse3", "sse4_1"),
        ("Opteron_G5", "fma", "avx2"),
    ],
)
def test_the_interpreter_sees_the_emulated_cpu_whatever_the_kernel_says(
    tmp_path: Path, cpu: str, has: str, lacks: str
) -> None:
    seen = flags_seen_by(python_on(cpu, sys.executable, tmp_path))
    assert has in seen
    assert lacks not in seen


def test_on_the_real_cpu_both_tell_the_same() -> None:
    context = ProbeContext(python=sys.executable, data_dir=Path())
    seen, listed = flags_seen_by(sys.executable), flags_of(read_cpu(context).flags)
    if not seen:
        pytest.skip("CPUID is asked on x86-64 under Linux only")
    assert seen <= listed
    assert {"avx2", "sse4_2", "popcnt"} & listed <= seen
