"""Progress on stderr while a command runs, where stderr is a terminal; nothing elsewhere."""

import shutil
import sys
from types import TracebackType
from typing import TYPE_CHECKING

from rigcheck.check_events import (
    CheckEvent,
    EnvironmentFinished,
    EnvironmentsEvent,
    EnvironmentStarted,
    ProbeFinished,
    ProbeStarted,
)
from rigcheck.terminal import plain
from rigcheck.units import rate_text

if TYPE_CHECKING:
    from rigcheck.bench.events import BenchEvent

_CLEAR_LINE = "\r\x1b[K"


class Progress:
    """One line, written over itself and gone in the end."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._running: dict[str, str] = {}
        self._labels: dict[str, str] = {}
        self._answered = 0

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._show("")

    def checking(self, event: CheckEvent) -> None:
        """Names what is still being probed."""
        if isinstance(event, ProbeStarted):
            self._running[event.part] = event.title
        elif isinstance(event, ProbeFinished):
            self._running.pop(event.outcome.part, None)
        self._show("checking " + ", ".join(self._running.values()) if self._running else "")

    def checking_environment(self, event: EnvironmentsEvent, count: int) -> None:
        """Names the interpreter that was asked last, and how many of `count` have answered."""
        name = event.interpreter if isinstance(event, EnvironmentStarted) else ""
        self._answered += isinstance(event, EnvironmentFinished)
        self._show(f"{self._answered} of {count} interpreters answered {name}".rstrip())

    def benching(self, event: "BenchEvent") -> None:
        """Says where the device at work is."""
        from rigcheck.bench.events import (  # noqa: PLC0415 -- a check needs none of it
            BlockMeasured,
            DeviceStarted,
            StageEntered,
        )

        if isinstance(event, DeviceStarted):
            self._labels[event.device] = event.label
            self._show(f"{event.label}: starting")
        elif isinstance(event, StageEntered):
            self._show(f"{self._labels[event.device]}: {event.stage}")
        elif isinstance(event, BlockMeasured):
            self._show(
                f"{self._labels[event.device]}: training {event.progress:4.0%}, "
                f"{event.tier.value}  "
                f"{rate_text(event.block.images_per_s)} images/s"
            )

    def _show(self, text: str) -> None:
        if self._shown:
            width = shutil.get_terminal_size().columns - 1
            sys.stderr.write(_CLEAR_LINE + plain(text)[:width])
            sys.stderr.flush()
