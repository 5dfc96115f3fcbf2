"""Starts the interface in a terminal, for tests: `python -m tests.tui.start [endless|watched]`.

`watched` asks whatever NVML the loader finds; to look at a scenario of the tests' own library:
build it (`tests.nvml.fake.compile_library`), then set LD_LIBRARY_PATH to its folder and
RIGCHECK_TEST_NVML_SCENARIO to a file of `tests/nvml/scenarios`.
"""

import dataclasses
import sys

from rigcheck.terminal import read_terminal
from rigcheck.tui.app import run
from tests.tui import watched
from tests.tui.streams import options, until_stopped

if __name__ == "__main__":
    chosen = options(terminal=read_terminal())
    if "endless" in sys.argv:
        chosen = dataclasses.replace(chosen, bench=until_stopped)
    if "watched" in sys.argv:
        chosen = watched.options(read_terminal(), training_s=20.0)
    session = run(chosen)
    print("ended", "interrupted" if session.interrupted else "whole")
