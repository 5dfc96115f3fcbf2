"""Processes that start before anyone asks them: taken over by who asks, else ended."""

import sys
import textwrap
from pathlib import Path

import msgspec
import pytest

from rigcheck.check import check
from rigcheck.check_events import CheckFinished
from rigcheck.child import Child
from rigcheck.facts import Absent
from rigcheck.head_start import HeadStart
from rigcheck.launching import TaskProcess
from rigcheck.probes.probe import ProbeContext
from tests.environments import make_venv
from tests.test_child import told_by_one_that_kills_itself, wait_gone

ENVIRONMENT = "rigcheck.target.environment"


def pids(head_start: HeadStart) -> list[int]:
    return [process.popen.pid for process in head_start._waiting.values()]


def open_files() -> set[str]:
    return {entry.name for entry in Path("/proc/self/fd").iterdir()}


def test_who_asks_gets_the_process_that_is_running_and_hears_all_that_it_says() -> None:
    with HeadStart() as head_start:
        head_start.give(sys.executable, ENVIRONMENT, {})
        (pid,) = pids(head_start)
        with Child(sys.executable, ENVIRONMENT, {}, launch=head_start.launch) as child:
            assert child.pid == pid
            told = {event["name"]: event["fact"] for event in child.events(30)}
            assert told["executable"]["value"] == sys.executable
            assert child.death is None


def test_it_is_given_once(tmp_path: Path) -> None:
    # As for the interface, which checks again and again with one context.
    python = make_venv(tmp_path / "bare")
    with HeadStart() as head_start:
        head_start.give(python, ENVIRONMENT, {})
        first = head_start.launch(python, ENVIRONMENT, {})
        second = head_start.launch(python, ENVIRONMENT, {})
        assert first.popen.pid != second.popen.pid
        for process in (first, second):
            process.kill()
            process.close()


@pytest.mark.parametrize(
    ("task", "arguments", "environment"),
    [
        ("rigcheck.target.torch_facts", {}, None),
        (ENVIRONMENT, {"other": 1}, None),
        (ENVIRONMENT, {}, {"PATH": "/usr/bin"}),
    ],
)
def test_who_asks_for_something_else_gets_a_process_of_its_own(
    task: str, arguments: dict[str, int], environment: dict[str, str] | None
) -> None:
    with HeadStart() as head_start:
        head_start.give(sys.executable, ENVIRONMENT, {})
        process = head_start.launch(sys.executable, task, arguments, environment)
        assert process.popen.pid not in pids(head_start)
        process.kill()
        process.close()


def test_what_nobody_asked_for_is_ended_and_closed() -> None:
    before = open_files()
    with HeadStart() as head_start:
        head_start.give(sys.executable, ENVIRONMENT, {})
        (pid,) = pids(head_start)
    assert wait_gone(pid)
    assert open_files() == before


def test_an_interpreter_that_cannot_start_is_told_to_who_asks() -> None:
    with HeadStart() as head_start:
        head_start.give("/does/not/exist", ENVIRONMENT, {})
        with pytest.raises(OSError, match="No such file"):
            head_start.launch("/does/not/exist", ENVIRONMENT, {})


def test_it_dies_with_us_before_anybody_took_it(tmp_path: Path) -> None:
    (tmp_path / "the_task.py").write_text(
        "import os, signal\ndef run(wire, arguments):\n    os.write(1, b'up')\n    signal.pause()\n"
    )
    parent = textwrap.dedent("""
        import os, signal, sys
        from rigcheck.head_start import HeadStart
        head_start = HeadStart()
        head_start.give(sys.executable, "the_task", {})
        (process,) = head_start._waiting.values()
        process.popen.stdout.read(2)
        print(process.popen.pid, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """)
    assert wait_gone(told_by_one_that_kills_itself(parent, tmp_path))


def test_a_check_asks_for_all_that_it_was_given(tmp_path: Path) -> None:
    python = make_venv(tmp_path / "bare")
    launched: list[int] = []
    with HeadStart() as head_start:
        head_start.give_to_check(python, None)
        early = set(pids(head_start))

        def launch(*asked: object) -> TaskProcess:
            process = head_start.launch(*asked)  # type: ignore[arg-type]
            launched.append(process.popen.pid)
            return process

        context = ProbeContext(python=python, data_dir=tmp_path)
        context = msgspec.structs.replace(context, launch=launch)
        *_, finished = check(context, judges_often=False)
        assert not pids(head_start)
    assert early == set(launched)
    assert isinstance(finished, CheckFinished)
    assert isinstance(finished.rig.torch.version, Absent)
