"""Starts the interface in a terminal, for tests: `python -m tests.tui.start [endless]`."""

import dataclasses
import sys

from rigcheck.terminal import read_terminal
from rigcheck.tui.app import run
from tests.tui.streams import options, until_stopped

if __name__ == "__main__":
    chosen = options(terminal=read_terminal())
    if "endless" in sys.argv:
        chosen = dataclasses.replace(chosen, bench=until_stopped)
    session = run(chosen)
    print("ended", "interrupted" if session.interrupted else "whole")
