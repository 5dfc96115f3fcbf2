"""What the interface is given, and what it gives back."""

import dataclasses
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rigcheck.bench.guests import Guests
from rigcheck.errors import RigcheckError
from rigcheck.facts import Rig
from rigcheck.findings import Finding
from rigcheck.probes.probe import ProbeOutcome
from rigcheck.terminal import Terminal

if TYPE_CHECKING:  # the first frame needs none of them
    from rigcheck.bench.events import BenchEvent
    from rigcheck.bench.plan import BenchPlan
    from rigcheck.bench.result import BenchRun
    from rigcheck.check_events import CheckEvent, CheckFinished


@dataclasses.dataclass(frozen=True, kw_only=True)
class Options:
    """What the interface runs. The generators are driven in threads of their own."""

    terminal: Terminal
    check: "Callable[[], Iterator[CheckEvent]]"
    make_plan: "Callable[[Rig], BenchPlan]"
    """The benchmark for this rig; raises `RigcheckError` where none can be run."""
    bench: "Callable[[BenchPlan, threading.Event], Iterator[BenchEvent]]"
    """Ends soon, with `BenchFinished`, once the event is set."""
    recheck: "Callable[[str, CheckFinished], Iterator[CheckEvent]] | None" = None
    """Asks one part of a checked machine again; None where only the whole can be checked."""
    runs_dir: Path | None = None
    """Where earlier runs are kept; None for nowhere."""
    pause: threading.Event = dataclasses.field(default_factory=threading.Event)
    """While it is set, the benchmark rests."""
    guests: Guests = dataclasses.field(default_factory=Guests)
    """By it devices join the benchmark at work."""


@dataclasses.dataclass(frozen=True)
class Problem:
    """What went wrong and what to do about it, which may be nothing."""

    text: str
    hint: str = ""

    @classmethod
    def of(cls, error: Exception) -> "Problem":
        """An error of ours speaks for itself; any other is a fault in rigcheck."""
        if isinstance(error, RigcheckError):
            return cls(str(error), error.hint)
        return cls(f"rigcheck itself failed: {type(error).__name__}: {error}")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Session:
    """What is known when the interface ends."""

    rig: Rig
    findings: tuple[Finding, ...]
    probes: tuple[ProbeOutcome, ...]
    duration_s: float
    """Of the last check."""
    bench: "BenchRun | None"
    """The last benchmark."""
    interrupted: bool
    """The check or the benchmark was not through."""
    is_checked: bool
    """The check was through, at least once."""
    wants_text: bool = False
    """The user left for the plain text."""
    line_is_lost: bool = False
    """Nothing more can be told: the terminal has gone, or no longer takes anything."""
