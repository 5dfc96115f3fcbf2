"""A task that another process does first: however it ends, that is told and none is left."""

import os
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest

from rigcheck.target.forms.rehearse import reason, rehearse


def outcome(tmp_path: Path, body: str, limit_s: float = 60.0) -> str:
    """Of a task that does this, found through the path that its environment tells."""
    (tmp_path / "planted_task.py").write_text(
        "import os, signal, subprocess, sys, time\n"
        "def run(wire, arguments):\n"
        "    wire.stage('compiling')\n" + textwrap.indent(textwrap.dedent(body), "    ")
    )
    before = psutil.Process().children()
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    told = rehearse("planted_task", {"device": "cpu"}, {"PYTHONPATH": path}, limit_s)
    assert psutil.Process().children() == before
    return told


def test_one_that_goes_well_has_nothing_to_tell(tmp_path: Path) -> None:
    assert outcome(tmp_path, "assert arguments == {'device': 'cpu'}") == ""


def test_what_it_raises_is_told_in_a_line_with_the_stage(tmp_path: Path) -> None:
    words = "backend='inductor' raised:\nRuntimeError: Failed to find C compiler.\n\nMore"
    told = outcome(tmp_path, f"raise RuntimeError({words!r})")
    assert told == "compiling failed: RuntimeError: Failed to find C compiler."


def test_a_crash_is_told_by_its_signal(tmp_path: Path) -> None:
    assert outcome(tmp_path, "os.kill(os.getpid(), signal.SIGSEGV)") == "compiling died of SIGSEGV"
    assert outcome(tmp_path, "os._exit(3)") == "compiling died of exit code 3"


def test_one_that_hangs_is_killed_when_its_time_is_over(tmp_path: Path) -> None:
    start_s = time.monotonic()
    assert outcome(tmp_path, "time.sleep(600)", limit_s=3.0) == "no end within 3 s"
    assert time.monotonic() - start_s < 60


def test_what_it_prints_is_not_what_it_says(tmp_path: Path) -> None:
    body = """
    print('{"event": "error", "kind": "x", "message": "y"}', flush=True)
    sys.stderr.write("garbage" * 100_000)
    """
    assert outcome(tmp_path, body) == ""


def test_a_helper_of_its_own_keeps_nobody_waiting(tmp_path: Path) -> None:
    """It lives on with our own end of the line closed: nothing of it is waited for."""
    body = "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(5)'])"
    start_s = time.monotonic()
    assert outcome(tmp_path, body) == ""
    assert time.monotonic() - start_s < 5


def test_an_interpreter_that_is_gone_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert outcome(tmp_path, "pass").startswith("no process for it: [Errno 2]")


@pytest.mark.parametrize(
    ("message", "line"),
    [
        ("Failed to find C compiler.\nMore", "Kind: Failed to find C compiler."),
        ("backend='inductor' raised:\nAssertionError: no", "AssertionError: no"),
        ("torch._inductor.exc.TritonMissing: x\n", "Kind: torch._inductor.exc.TritonMissing: x"),
        ("", "Kind"),
    ],
)
def test_the_line_that_tells_is_told(message: str, line: str) -> None:
    assert reason("Kind", message) == line
