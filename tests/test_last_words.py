"""How a process died: real extension modules that raise each signal, and recorded words."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rigcheck.child import Child, Death
from rigcheck.last_words import Remains, parse_python_line, signal_text
from rigcheck.oom_kills import parse_oom_kills
from tests.extension import BODIES, compile_extension

WORDS = {
    "SIGSEGV": "an invalid memory access",
    "SIGBUS": "a memory access the system could not serve",
    "SIGILL": "it stopped itself by an instruction that no CPU has",
    "SIGABRT": "it aborted itself",
    "SIGFPE": "",
    "SIGKILL": "killed from outside",
}
TASK = """
def run(wire, arguments):
    wire.stage("import broken", "cuda:0")
    import broken
"""
REMAINS = Remains(pid=os.getpid(), started_s=0.0)


def death_of(folder: Path, source: str = TASK) -> Death:
    (folder / "the_task.py").write_text(source)
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(folder)}
    with Child(sys.executable, "the_task", {}, environment=environment) as child:
        list(child.events(60))
    assert child.death is not None
    return child.death


@pytest.mark.parametrize("name", BODIES)
def test_an_extension_that_dies_on_import_is_told_with_signal_stage_and_line(
    tmp_path: Path, name: str
) -> None:
    compile_extension(tmp_path, "broken", BODIES[name])
    death = death_of(tmp_path)
    assert death.signal == getattr(signal, name)
    assert death.reason.startswith(f"died of {name}")
    assert WORDS[name] in death.reason
    assert death.where == "import broken on cuda:0"
    if name != "SIGKILL":
        assert f"from {tmp_path / 'the_task.py'} line 4" in death.reason


def test_the_line_of_python_in_which_a_child_hangs_is_told(tmp_path: Path) -> None:
    (tmp_path / "the_task.py").write_text(
        "import time\ndef run(wire, arguments):\n    wire.send('up')\n    time.sleep(600)\n"
    )
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path)}
    with Child(sys.executable, "the_task", {}, environment=environment) as child:
        next(child.events(60))
        list(child.events(0.2))
    assert child.death is not None
    assert child.death.timed_out
    assert child.death.reason.endswith(f"hanging in {tmp_path / 'the_task.py'} line 4")


@pytest.fixture
def small_group() -> Path:
    """A control group that allows 96 MB; made where the test may make one."""
    for parent, limit in (
        (Path("/sys/fs/cgroup/memory"), "memory.limit_in_bytes"),
        (Path("/sys/fs/cgroup"), "memory.max"),
    ):
        group = parent / f"rigcheck-test-{os.getpid()}"
        try:
            group.mkdir()
            (group / limit).write_text(str(96 * 1024 * 1024))
        except OSError:
            continue
        return group
    pytest.skip("no right to make a control group with a memory limit")


def test_a_kill_for_want_of_memory_is_told_from_any_other(
    tmp_path: Path, small_group: Path
) -> None:
    source = f"""
import os
def run(wire, arguments):
    with open({str(small_group / "cgroup.procs")!r}, "w") as group:
        group.write(str(os.getpid()))
    wire.stage("fill memory")
    kept = [b"x" * 1_000_000 for _ in range(2_000)]
"""
    try:
        death = death_of(tmp_path, source)
    finally:
        small_group.rmdir()
    if death.signal is None:
        pytest.skip(f"the group's limit is not enforced here: {death.reason}")
    assert death.signal == signal.SIGKILL
    if not _may_read_the_kernels_log():
        pytest.skip("the kernel's log may not be read, and the child's group is not ours")
    assert "the memory that its control group allows ran out" in death.reason


def _may_read_the_kernels_log() -> bool:
    return subprocess.run(["dmesg"], capture_output=True, check=False).returncode == 0


def test_a_rising_counter_of_the_group_tells_it_where_the_log_is_shut(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("rigcheck.last_words.read_oom_kills", lambda: 3)
    rose = Remains(pid=2**22 + 1, started_s=0.0, oom_kills_before=2)
    same = Remains(pid=2**22 + 1, started_s=0.0, oom_kills_before=3)
    assert "control group" in signal_text(signal.SIGKILL, rose)
    assert "killed from outside" in signal_text(signal.SIGKILL, same)


def test_the_set_of_the_last_instruction_is_named_and_else_its_bytes() -> None:
    avx2 = Remains(pid=2**22 + 1, started_s=0.0, code=bytes.fromhex("c5fdfec1"))
    other = Remains(pid=2**22 + 1, started_s=0.0, code=bytes.fromhex("90cc"))
    assert "an instruction of AVX2, which" in signal_text(signal.SIGILL, avx2)
    assert signal_text(signal.SIGILL, other).endswith("90 cc)")


def test_a_signal_without_a_name_is_told_by_its_number() -> None:
    assert signal_text(40, REMAINS) == "died of signal 40"


def test_both_forms_of_the_groups_counters_are_read() -> None:
    assert parse_oom_kills("low 0\noom 4\noom_kill 3\noom_group_kill 0\n") == 3
    assert parse_oom_kills("oom_kill_disable 0\nunder_oom 0\noom_kill 7\n") == 7
    assert parse_oom_kills("oom_kill_disable 0\nunder_oom 0\n") is None


DUMP = """\
Fatal Python error: Illegal instruction

Stack (most recent call first):
  File "<frozen importlib._bootstrap>", line 241 in _call_with_frames_removed
  File "/opt/venv/lib/python3.12/site-packages/numpy/_core/multiarray.py", line 11 in <module>
  File "/home/ada/train.py", line 3 in <module>

Extension modules: numpy._core._multiarray_umath (total: 1)
"""


def test_the_innermost_line_that_is_not_the_import_systems_own_is_told() -> None:
    told = parse_python_line(f"some words\n{DUMP}")
    assert told == "/opt/venv/lib/python3.12/site-packages/numpy/_core/multiarray.py line 11"
    assert parse_python_line('  File "/x.py", line 3, in f\nValueError: not a dump') == ""
