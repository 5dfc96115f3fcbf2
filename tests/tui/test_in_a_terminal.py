"""The interface in a real pseudo-terminal: how it starts, draws and ends."""

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import psutil
import pytest

from rigcheck.tui.colours import MID_TONES

LIMIT_S = 30.0
CLEAN_END = (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?1000l", b"\x1b[?1003l")
"""Alternate screen left, cursor shown, mouse off."""


class Session:
    """rigcheck's interface on a pseudo-terminal that we hold the other end of."""

    def __init__(
        self,
        *arguments: str,
        before: Callable[[], None] | None = None,
        command: Sequence[str] = (sys.executable, "-m", "tests.tui.start"),
        controls: bool = True,
        **env: str,
    ) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))

        def take_terminal() -> None:
            if controls:
                fcntl.ioctl(0, termios.TIOCSCTTY, 0)
            if before is not None:
                before()

        self.process = subprocess.Popen(
            [*command, *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**_clean_environment(), "TERM": "xterm-256color", **env},
            start_new_session=True,
            preexec_fn=take_terminal,  # noqa: PLW1509 -- it only makes system calls
        )
        os.close(slave)
        self.output = b""

    def read_until(self, text: str) -> None:
        """Reads on until this was drawn."""
        end_s = time.monotonic() + LIMIT_S
        while text.encode() not in self.output:
            assert time.monotonic() < end_s, self.output[-2_000:]
            self._read(0.1)

    def press(self, key: bytes) -> None:
        os.write(self.master, key)

    def forget(self) -> None:
        """What was drawn until now no longer counts."""
        self.output = b""

    def wait_for_status(self, status: str) -> None:
        """Until the system says so of the process."""
        end_s = time.monotonic() + LIMIT_S
        while psutil.Process(self.process.pid).status() != status:
            assert time.monotonic() < end_s, f"never {status}"
            time.sleep(0.01)

    def close_line(self) -> None:
        """What a lost connection does."""
        os.close(self.master)
        self.master = -1

    def end(self) -> int:
        """Its exit code, once it has ended by itself."""
        end_s = time.monotonic() + LIMIT_S
        while self.process.poll() is None:
            assert time.monotonic() < end_s, "it goes on"
            self._read(0.05)
        self._read(0.05)
        return self.process.returncode

    def _read(self, wait_s: float) -> None:
        if self.master < 0:
            time.sleep(wait_s)
            return
        while select.select([self.master], [], [], wait_s)[0]:
            try:
                chunk = os.read(self.master, 65_536)
            except OSError:  # nobody has it open any more
                return
            if not chunk:
                return
            self.output += chunk
            wait_s = 0.0


def _clean_environment() -> dict[str, str]:
    unwanted = ("NO_COLOR", "RIGCHECK_GLYPHS", "COLORTERM", "TEXTUAL", "LC_", "PYTHONIOENCODING")
    return {k: v for k, v in os.environ.items() if not k.startswith(unwanted)}


def _ignore_hangup() -> None:
    """As nohup does."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


def _heed_hangup() -> None:
    """As a login shell's programs do, even if the tests themselves run under nohup."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@contextlib.contextmanager
def session(
    *arguments: str, before: Callable[[], None] | None = None, **options: Any
) -> Iterator[Session]:
    made = Session(*arguments, before=before, **options)
    try:
        yield made
    finally:
        made.process.kill()
        made.process.wait()
        if made.master >= 0:
            os.close(made.master)


@pytest.mark.parametrize("key", [b"q", b"\x03", b"\x11"], ids=["q", "ctrl-c", "ctrl-q"])
def test_a_key_ends_it_and_leaves_the_terminal_clean(key: bytes) -> None:
    with session() as ran:
        ran.read_until("athlon-box")
        ran.press(key)
        assert ran.end() == 0
        assert all(sequence in ran.output for sequence in CLEAN_END)
        assert b"ended whole" in ran.output.rpartition(b"\x1b[?1049l")[2]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_it_and_leaves_the_terminal_clean(number: signal.Signals) -> None:
    with session("endless", before=_heed_hangup) as ran:
        ran.read_until("athlon-box")
        ran.press(b"b")
        ran.read_until("training")
        ran.process.send_signal(number)
        assert ran.end() == 0
        assert all(sequence in ran.output for sequence in CLEAN_END)
        assert b"ended interrupted" in ran.output


@pytest.mark.parametrize("ignores_hangup", [False, True])
def test_when_the_line_is_lost_it_ends(ignores_hangup: bool) -> None:
    with session("endless", before=_ignore_hangup if ignores_hangup else None) as ran:
        ran.read_until("athlon-box")
        ran.press(b"b")
        ran.read_until("training")
        ran.close_line()
        ran.end()


def test_without_colour_no_colour_is_sent() -> None:
    with session(NO_COLOR="1") as ran:
        ran.read_until("athlon-box")
        ran.press(b"q")
        ran.end()
    codes = {c for sgr in re.findall(rb"\x1b\[([\d;]*)m", ran.output) for c in sgr.split(b";")}
    # 39 and 49: the terminal's own colours.
    assert {int(code) for code in codes if code} - {39, 49} <= set(range(10)) | {22, 27}


@pytest.mark.parametrize("kind", ["xterm", "screen", "linux", "vt100"])
def test_a_terminal_of_sixteen_colours_gets_its_own(kind: str) -> None:
    with session(TERM=kind) as ran:
        ran.read_until("athlon-box")
        ran.press(b"b")
        ran.read_until("6.2")
        ran.press(b"q")
        ran.end()
    assert re.search(rb"\x1b\[[\d;]*3[1-6][;m]", ran.output)
    assert not re.search(rb"[34]8;[25];", ran.output)


@pytest.mark.parametrize("kind", ["xterm-256color", "screen-256color", "tmux-256color"])
def test_a_terminal_of_256_gets_those_that_any_background_bears(kind: str) -> None:
    with session(TERM=kind) as ran:
        ran.read_until("athlon-box")
        ran.press(b"b")
        ran.read_until("6.2")
        ran.press(b"q")
        ran.end()
    told = {int(number) for number in re.findall(rb"38;5;(\d+)", ran.output)}
    assert told
    assert told <= set(MID_TONES.values())
    assert not re.search(rb"\x1b\[(?:[\d;]*;)?(?:3|9)[1-6][;m]", ran.output)


def test_a_terminal_that_is_not_utf_8_gets_ascii() -> None:
    with session(PYTHONIOENCODING="latin-1", PYTHONUTF8="0") as ran:
        ran.read_until("athlon-box")
        ran.press(b"b")
        ran.read_until("6.2x as fast")
        ran.press(b"q")
        ran.end()
    assert ran.output.isascii()
    assert b"\\u" not in ran.output


def test_the_remedy_goes_to_the_clipboard_by_osc_52() -> None:
    with session() as ran:
        ran.read_until("copy remedy")
        ran.press(b"c")
        ran.read_until("\x1b]52;c;")
        ran.press(b"q")
        ran.end()


def test_a_change_of_size_is_followed() -> None:
    with session() as ran:
        ran.read_until("athlon-box")
        fcntl.ioctl(ran.master, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        ran.process.send_signal(signal.SIGWINCH)
        ran.read_until("\x1b[40;1H")
        ran.press(b"q")
        assert ran.end() == 0


def _forget_size() -> None:
    """As a serial console has none."""
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 0, 0, 0, 0))


def test_a_terminal_without_a_size_is_drawn_once() -> None:
    with session(before=_forget_size, COLUMNS="", LINES="") as ran:
        ran.read_until("athlon-box")
        ran.read_until("copy remedy")
        ran.press(b"b")
        ran.read_until("6.2")
        ran.press(b"q")
        assert ran.end() == 0
    # What is laid out again is drawn as a whole, from the first cell on.
    assert ran.output.count(b"\x1b[1;1H") < 20


@pytest.mark.parametrize("controls", [True, False], ids=["its-own-terminal", "another-terminal"])
def test_stopped_from_outside_and_let_go_on_it_draws_hears_and_leaves_cleanly(
    controls: bool,
) -> None:
    with session(controls=controls) as ran:
        settings = termios.tcgetattr(ran.master)
        ran.read_until("athlon-box")
        for _ in range(3):
            ran.process.send_signal(signal.SIGSTOP)
            ran.wait_for_status(psutil.STATUS_STOPPED)
            ran.forget()
            ran.process.send_signal(signal.SIGCONT)
            ran.read_until("athlon-box")
        ran.press(b"q")
        assert ran.end() == 0
        assert termios.tcgetattr(ran.master) == settings
        assert all(sequence in ran.output for sequence in CLEAN_END)


def fill_line(ran: Session) -> None:
    """Has so much drawn, unread, that the line takes no more."""
    number = 0
    end_s = time.monotonic() + LIMIT_S
    while time.monotonic() < end_s:
        number += 1
        size = struct.pack("HHHH", 50 + number % 2, 200, 0, 0)
        fcntl.ioctl(ran.master, termios.TIOCSWINSZ, size)
        ran.process.send_signal(signal.SIGWINCH)
        time.sleep(0.2)
        waiting = struct.unpack("i", fcntl.ioctl(ran.master, termios.FIONREAD, b"\0" * 4))[0]
        if number > 10 and waiting > 0 and not _grows(ran, waiting):
            return
    raise TimeoutError("the line takes everything")


def _grows(ran: Session, before: int) -> bool:
    time.sleep(1.0)
    now = struct.unpack("i", fcntl.ioctl(ran.master, termios.FIONREAD, b"\0" * 4))[0]
    return int(now) != before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_also_while_the_line_is_stalled(number: signal.Signals) -> None:
    with session("endless", before=_heed_hangup) as ran:
        ran.read_until("athlon-box")
        ran.press(b"b")
        ran.read_until("training")
        fill_line(ran)
        ran.process.send_signal(number)
        assert ran.process.wait(LIMIT_S) == 0
        ran.forget()
        ran.end()
        # The frames that nobody read are gone; what frees the terminal has come through.
        assert all(sequence in ran.output for sequence in CLEAN_END)


def test_ctrl_z_leads_to_the_shell_and_fg_back() -> None:
    with session(command=("/bin/sh", "-i", "-m"), PS1="$ ", ENV="") as ran:
        ran.press(f"{sys.executable} -m tests.tui.start\n".encode())
        ran.read_until("athlon-box")
        ran.forget()
        ran.press(b"\x1a")
        ran.read_until("Stopped")
        assert all(sequence in ran.output for sequence in CLEAN_END)
        ran.forget()
        ran.press(b"fg\n")
        ran.read_until("\x1b[?1049h")
        ran.read_until("athlon-box")
        ran.press(b"q")
        ran.read_until("ended whole")
        ran.press(b"exit\n")
        ran.end()


def test_what_was_sent_to_the_shell_ends_at_a_signal_and_leaves_the_terminal_clean() -> None:
    with session(command=("/bin/sh", "-i", "-m"), PS1="$ ", ENV="") as ran:
        ran.press(f"{sys.executable} -m tests.tui.start endless\n".encode())
        ran.read_until("athlon-box")
        ran.press(b"b")
        ran.read_until("training")
        ran.press(b"\x1a")
        ran.read_until("Stopped")
        ran.forget()
        ran.press(b"kill -TERM %1; fg\n")
        ran.read_until("ended interrupted")
        assert all(sequence in ran.output for sequence in CLEAN_END)
        ran.press(b"exit\n")
        ran.end()


def test_a_shell_that_goes_away_takes_what_was_sent_to_it_along() -> None:
    with session(command=("/bin/sh", "-i", "-m"), before=_heed_hangup, PS1="$ ", ENV="") as ran:
        ran.press(f"{sys.executable} -m tests.tui.start endless\n".encode())
        ran.read_until("athlon-box")
        (app,) = psutil.Process(ran.process.pid).children()
        ran.press(b"\x1a")
        ran.read_until("Stopped")
        ran.close_line()
        app.wait(LIMIT_S)


def test_without_a_shell_to_come_back_to_ctrl_z_says_so() -> None:
    with session() as ran:
        ran.read_until("athlon-box")
        ran.press(b"\x1a")
        ran.read_until("no shell waits here")
        ran.press(b"q")
        assert ran.end() == 0
