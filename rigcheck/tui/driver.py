"""Textual's way to the terminal, over a line of ours."""

import os
from collections.abc import Callable
from io import TextIOWrapper
from typing import Any, cast

from textual.drivers.linux_driver import LinuxDriver

from rigcheck.tui.line import Line


def driver_for(line: Line) -> type[LinuxDriver]:
    """A driver class that writes to this line."""

    class Driver(LinuxDriver):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            # The one thing that the driver does with it is to hand it to the writer thread.
            self._file = cast("TextIOWrapper[Any]", line)
            # Textual asks for the size in two ways, which differ by a line where the terminal (a
            # serial console, `docker exec -t`) has none; it would lay out the one and the other for
            # ever, each being told as a change of size.
            self._size = self._size or self._get_terminal_size()

        def start_application_mode(self) -> None:
            if self._key_thread is not None and self._key_thread.is_alive():
                # After SIGSTOP, of which nobody is told before: a second thread would read the
                # keys, and our own settings be taken for those to leave the terminal with.
                if _another_has(self.fileno):
                    return  # the shell's `fg` comes here again
                self.suspend_application_mode()
                self._must_signal_resume = True
            line.begin()
            start: Callable[[], None] = super().start_application_mode
            start()

        def close(self) -> None:
            super().close()
            line.drain()

    return Driver


def _another_has(terminal: int) -> bool:
    """True while a shell has given the terminal to other programs than us."""
    try:
        return os.tcgetpgrp(terminal) != os.getpgrp()
    except OSError:  # not the one that controls us: no shell gives it to anybody
        return False
