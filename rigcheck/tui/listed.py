"""The runs that are kept, as the results screen lists them: all from their heads, newest first."""

import dataclasses
import enum
from collections.abc import Iterator
from pathlib import Path

from rigcheck.bench.tier import Tier
from rigcheck.errors import RigcheckError
from rigcheck.report.head import HeadDevice, RunHead, head_of
from rigcheck.report.history import (
    History,
    Skipped,
    StoredRun,
    UnfinishedRun,
    read_history,
    time_of,
)
from rigcheck.report.history_text import minute_text
from rigcheck.report.names import LINES_SUFFIX, run_id, run_time, stem_of
from rigcheck.report.unfinished import read_unfinished
from rigcheck.units import rate_text

_MOST_RUNS = 200
"""So many are listed; `rigcheck history` lists all."""


class RunState(enum.Enum):
    """How a run ended."""

    WHOLE = "whole"
    INTERRUPTED = "interrupted"
    AT_WORK = "at work"
    DAMAGED = "damaged"


@dataclasses.dataclass(frozen=True, kw_only=True)
class ListedRun:
    """A run as a list shows it. Its texts may be foreign."""

    key: str
    """Of no other run."""
    id: str
    """As commands name it."""
    path: Path
    state: RunState
    begun: str
    """`20261123T035355Z`, UTC."""
    head: RunHead | None = None
    """None where nothing of it can be read."""
    problem: str = ""
    """Why not."""

    @property
    def when(self) -> str:
        """`2026-11-22 18:04`, UTC."""
        day, _, time = self.begun.partition("T")
        return minute_text(f"{day[:4]}-{day[4:6]}-{day[6:8]}T{time[:2]}:{time[2:4]}")

    @property
    def headline(self) -> str:
        """Of the finding that leads; else what is wrong with the file; else empty."""
        return self.head.headline if self.head is not None else self.problem

    @property
    def measured_text(self) -> str:
        """`CPU 16.4 k images/s, GPU 0 not measured`."""
        told = (f"{d.label} {_rate_text(d, ' images/s', 'not measured')}" for d in self._devices)
        return ", ".join(told) or "nothing was measured"

    @property
    def short_text(self) -> str:
        """`CPU 16.4 k, GPU 0 ?`: images a second; empty where no device was trained on."""
        return ", ".join(f"{d.label} {_rate_text(d, '', '?')}" for d in self._devices)

    @property
    def is_cut_short(self) -> bool:
        """True where a crash, a lost line or a full disk ended it, and only its lines are left."""
        return self.state is RunState.INTERRUPTED and self.path.name.endswith(LINES_SUFFIX)

    @property
    def _devices(self) -> tuple[HeadDevice, ...]:
        return self.head.devices if self.head is not None and self.head.has_bench else ()


def read_listed(directory: Path) -> Iterator[ListedRun]:
    """The newest runs, newest first.

    Raises:
        RigcheckError: if the directory cannot be read.
    """
    for run in newest_first(read_history(directory))[:_MOST_RUNS]:
        yield read_run(run, directory)


def newest_first(history: History) -> list[StoredRun | UnfinishedRun | Skipped]:
    """Its runs, and what has a run's name but is none."""
    damaged = (one for one in history.skipped if run_time(Path(one.name)))
    every: tuple[StoredRun | UnfinishedRun | Skipped, ...] = (
        *history.runs,
        *history.unfinished,
        *damaged,
    )
    # Within a second of a check, the benchmark that followed on it is the newer one.
    return sorted(every, key=lambda run: (begun(run), isinstance(run, UnfinishedRun)), reverse=True)


def begun(run: StoredRun | UnfinishedRun | Skipped) -> str:
    """When it began: `20261123T035355Z`."""
    if isinstance(run, StoredRun):
        return time_of(run)
    return run_time(Path(run.name if isinstance(run, Skipped) else run.path))


def read_run(run: StoredRun | UnfinishedRun | Skipped, directory: Path) -> ListedRun:
    """What a list shows of it; of one that did not end, as far as its lines go."""
    path = directory / run.name if isinstance(run, Skipped) else Path(run.path)
    listed = ListedRun(
        key=stem_of(path), id=run_id(path), path=path, state=RunState.DAMAGED, begun=begun(run)
    )
    if isinstance(run, StoredRun):
        state = RunState.INTERRUPTED if run.head.interrupted else RunState.WHOLE
        return dataclasses.replace(listed, state=state, head=run.head)
    if isinstance(run, Skipped):
        return dataclasses.replace(listed, problem=run.why)
    state = RunState.AT_WORK if run.is_running else RunState.INTERRUPTED
    try:
        return dataclasses.replace(listed, state=state, head=head_of(read_unfinished(path)))
    except RigcheckError as error:
        return dataclasses.replace(listed, state=state, problem=str(error))


def _rate_text(device: HeadDevice, unit: str, unknown: str) -> str:
    """In memory."""
    rates = (form.rate for form in device.rates if form.tier is Tier.IN_MEMORY)
    return next((f"{rate_text(rate.images_per_s)}{unit}" for rate in rates), unknown)
