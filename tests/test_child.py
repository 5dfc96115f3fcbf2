"""Real children that end in every way; none may be left behind."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from rigcheck.child import Child, Death

MINIMAL_ENVIRONMENT = {"PATH": os.environ["PATH"]}


@pytest.fixture
def task(tmp_path: Path) -> "TaskMaker":
    return TaskMaker(tmp_path)


class TaskMaker:
    """Turns a body into a task that a child can import, on a path of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def child(self, body: str, python: str = sys.executable) -> Child:
        source = "import os, signal, sys, time\ndef run(wire, arguments):\n"
        (self.folder / "the_task.py").write_text(source + textwrap.indent(body, "    "))
        environment = {**MINIMAL_ENVIRONMENT, "PYTHONPATH": str(self.folder)}
        return Child(python, "the_task", {"n": 3}, environment=environment)

    def death(self, body: str, timeout_s: float = 30.0) -> Death:
        with self.child(body) as child:
            for _ in child.events(timeout_s):
                pass
            assert child.death is not None
            return child.death


def test_events_arrive_in_order_and_a_good_end_is_no_death(task: TaskMaker) -> None:
    body = "for i in range(arguments['n']): wire.send('step', i=i)\n"
    with task.child(body) as child:
        assert [event["i"] for event in child.events(30)] == [0, 1, 2]
        assert child.death is None


def test_what_the_child_prints_does_not_disturb_its_events(task: TaskMaker) -> None:
    body = """
    os.write(1, b'{"event": "step", "i": 99}\\n' * 20_000)
    os.write(2, b'\\xff\\x00 not text')
    wire.send('step', i=1)
    """
    with task.child(textwrap.dedent(body)) as child:
        assert [event["i"] for event in child.events(30)] == [1]


def test_an_infinite_or_missing_number_arrives_as_null(task: TaskMaker) -> None:
    with task.child("wire.send('loss', value=float('nan'), of=[float('inf'), 1.5])\n") as child:
        (event,) = child.events(30)
    assert (event["value"], event["of"]) == (None, [None, 1.5])


@pytest.mark.parametrize("name", ["SIGSEGV", "SIGILL", "SIGBUS", "SIGKILL", "SIGABRT"])
def test_death_by_a_signal_names_the_signal_and_the_stage(task: TaskMaker, name: str) -> None:
    death = task.death(f"wire.stage('import x')\nos.kill(os.getpid(), signal.{name})\n")
    assert death.signal == getattr(signal, name)
    assert name in death.reason
    assert death.stage == "import x"


def test_an_exception_is_told_with_its_type_words_and_traceback(task: TaskMaker) -> None:
    death = task.death("print('last words')\nraise OSError('no kernel image')\n")
    assert death.error_kind == "OSError"
    assert death.reason == "OSError: no kernel image"
    assert "the_task.py" in death.traceback
    assert "last words" in death.output_tail


def test_a_silent_exit_is_told_with_its_code(task: TaskMaker) -> None:
    assert "exit code 7" in task.death("os._exit(7)\n").reason


def test_a_child_past_its_limit_is_killed(task: TaskMaker) -> None:
    with task.child("wire.stage('hang')\nsignal.pause()\n") as child:
        list(child.events(1.0))
        assert child.death is not None
        assert child.death.timed_out
        assert child.death.stage == "hang"
        assert is_gone(child.pid)


def test_a_child_that_ignores_sigterm_is_killed_all_the_same(task: TaskMaker) -> None:
    body = "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nwire.send('up')\nsignal.pause()\n"
    with task.child(body) as child:
        next(child.events(30))
        child.stop(grace_s=0.1)
        assert child.stopped
        assert is_gone(child.pid)


def test_a_child_that_closes_its_line_and_goes_on_is_told_as_such(task: TaskMaker) -> None:
    body = "wire.stage('quiet')\nos.close(wire._fd)\nsignal.pause()\n"
    with task.child(body) as child:
        assert list(child.events(60)) == []
        assert child.death is not None
        assert child.death.reason == "it closed its line to us and did not end"
        assert child.death.signal is None
        assert is_gone(child.pid)


def test_a_child_that_not_even_sigkill_ends_is_abandoned_and_told(
    task: TaskMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    with task.child("wire.stage('driver')\nsignal.pause()\n") as child:
        with monkeypatch.context() as uninterruptible:
            # It looks like this; where FUSE is at hand, test_uninterruptible has a real one.
            uninterruptible.setattr(os, "killpg", lambda *_: None)
            list(child.events(0.5))
        assert child.death is not None
        assert child.death.timed_out
        assert child.death.reason.endswith("cannot be killed: it waits inside the kernel")
        assert child.death.stage == "driver"


@pytest.mark.parametrize("ending", ["", "os._exit(0)"])
def test_a_process_that_the_child_leaves_is_killed_with_it(task: TaskMaker, ending: str) -> None:
    body = f"""
pid = os.fork()
if pid == 0:
    signal.pause()
wire.send('forked', pid=pid)
{ending}
"""
    with task.child(body) as child:
        (event,) = child.events(30)
    assert wait_gone(event["pid"])


def test_a_child_ends_when_its_parent_closes_the_line(task: TaskMaker) -> None:
    with task.child("wire.send('up')\nsignal.pause()\n") as child:
        next(child.events(30))
        child._process.stdin.close()  # type: ignore[union-attr]
        assert child._process.wait(30) == 0


def test_a_child_dies_with_a_killed_parent(tmp_path: Path) -> None:
    (tmp_path / "the_task.py").write_text(
        "import signal\ndef run(wire, arguments):\n    wire.send('up')\n    signal.pause()\n"
    )
    parent = textwrap.dedent("""
        import os, signal, sys
        from rigcheck.child import Child
        child = Child(sys.executable, "the_task", {})
        next(child.events(30))
        print(child.pid, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """)
    assert wait_gone(told_by_one_that_kills_itself(parent, tmp_path))


def test_an_interpreter_that_is_not_there_is_an_os_error() -> None:
    with pytest.raises(OSError, match="No such file"):
        Child("/does/not/exist", "rigcheck.target.environment", {})


def test_a_foreign_interpreter_sees_rigcheck_but_nothing_else_of_its_environment(
    task: TaskMaker,
) -> None:
    base_python = str(Path(sys.base_prefix) / "bin" / "python3")
    body = "import rigcheck\nwire.send('path', path=sys.path, own=list(rigcheck.__path__))\n"
    with task.child(body, python=base_python) as child:
        (event,) = child.events(30)
    package = Path(event["own"][0])
    assert package.name == "rigcheck"
    assert str(package.parent) not in event["path"]
    assert str(package / "target") not in event["path"]


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


def told_by_one_that_kills_itself(code: str, folder: Path) -> int:
    """The number that this code prints before SIGKILL; it can import what lies in the folder."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), *sys.path])}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, check=False
    )
    assert done.returncode == -signal.SIGKILL
    return int(done.stdout)


def wait_gone(pid: int) -> bool:
    """Gives the kernel time to deliver the signal; a survivor fails the test by never leaving."""
    deadline_s = time.monotonic() + 30
    while not is_gone(pid) and time.monotonic() < deadline_s:
        time.sleep(0.01)
    return is_gone(pid)
