"""Ends the app when its terminal has gone or the system asks for it.

Textual handles neither SIGHUP nor SIGTERM, which would leave the terminal in its hands, and where
SIGHUP is ignored its input thread spins on the closed terminal for ever.
"""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable

POLL_S = 2.0
_SIGNALS = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT)


def on_end_signals(loop: asyncio.AbstractEventLoop, end: Callable[[], None]) -> None:
    """Calls `end` in the loop on SIGHUP, SIGTERM and SIGINT, but leaves what is ignored ignored."""
    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            # Only the main thread may; elsewhere the signals stay whoever's they were.
            with contextlib.suppress(ValueError, RuntimeError, NotImplementedError):
                loop.add_signal_handler(number, end)


def forget_end_signals(loop: asyncio.AbstractEventLoop) -> None:
    """Undoes `on_end_signals`."""
    for number in _SIGNALS:
        with contextlib.suppress(ValueError, RuntimeError, NotImplementedError):
            loop.remove_signal_handler(number)


def terminal_has_gone() -> bool:
    """True once the terminal that we read from was closed."""
    return sys.__stdin__ is None or not os.isatty(sys.__stdin__.fileno())


def a_shell_waits() -> bool:
    """True where a shell with job control started us, which alone can continue what is stopped.

    `ssh -t host rigcheck` has none: stopped there, it would hang for ever.
    """
    parent = os.getppid()
    try:
        is_of_our_session = os.getsid(parent) == os.getsid(0)
        return is_of_our_session and os.getpgid(parent) != os.getpgrp()
    except OSError:
        return False
