"""How soon the interface is there, beside the least that Textual can do: within 1.25 × is the goal.

    python benchmarks/first_frame.py [--rounds N]

Paired: each round starts both in a pseudo-terminal of 80×24, in turn, and takes the time until the
first of what they show has been drawn. The other one is an app of Textual's own class with one line
of text. Printed are the medians and ranges, and those of the rounds' ratios.
"""

import argparse
import contextlib
import fcntl
import os
import pty
import statistics
import struct
import subprocess
import sys
import sysconfig
import tempfile
import termios
import time
from pathlib import Path

BARE = """
from textual.app import App
from textual.widgets import Static

class Bare(App):
    def compose(self):
        yield Static("the first frame")

Bare().run()
"""
APPS = {
    "a bare Textual app": ([sys.executable, "-c", BARE], b"frame"),
    "rigcheck": ([f"{sysconfig.get_path('scripts')}/rigcheck"], b"rigcheck"),
}
GIVEN_UP_S = 30.0


def first_frame_s(command: list[str], text: bytes, home: Path) -> float:
    """From the start of the process until the terminal is given this text."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    unwanted = ("NO_COLOR", "COLORTERM", "TEXTUAL", "RIGCHECK_GLYPHS", "PYTHONDONTWRITEBYTECODE")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(unwanted)}
    # No earlier runs are read, and this one is not kept among the user's.
    environment = {**kept, "TERM": "xterm-256color", "XDG_DATA_HOME": str(home)}
    started_s = time.perf_counter()
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
    )
    os.close(theirs)
    try:
        return _drawn_s(ours, text) - started_s
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def _drawn_s(terminal: int, text: bytes) -> float:
    given_up_s = time.perf_counter() + GIVEN_UP_S
    drawn = b""
    with contextlib.suppress(OSError):  # the end of the process
        while time.perf_counter() < given_up_s:
            drawn += os.read(terminal, 65_536)
            if text in drawn:
                return time.perf_counter()
    raise RuntimeError(f"never drawn: {text!r}; but {drawn[-200:]!r}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        for command, text in APPS.values():
            first_frame_s(command, text, Path(folder))  # so that every round finds its files
        times_s = [
            [first_frame_s(command, text, Path(folder)) for command, text in APPS.values()]
            for _ in range(rounds)
        ]
    for name, column in zip(APPS, zip(*times_s, strict=True), strict=True):
        tell(name, [1_000 * time_s for time_s in column], "{:.0f} ms")
    tell("ratio", [ours / bare for bare, ours in times_s], "{:.2f} ×")


def tell(what: str, values: list[float], form: str) -> None:
    told = [form.format(v) for v in (statistics.median(values), min(values), max(values))]
    print(f"{what:<20} {told[0]:>8}  ({told[1]}–{told[2]})")


if __name__ == "__main__":
    main()
