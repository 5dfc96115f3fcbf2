"""The runs that are kept: listed by their heads, filtered, and what else lies among them told."""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from rigcheck.errors import RigcheckError
from rigcheck.findings import Verdict
from rigcheck.report.head import RunHead, read_head
from rigcheck.report.names import LINES_SUFFIX, RUN_SUFFIX, run_id, run_time, stem_of


class StoredRun(msgspec.Struct, frozen=True, kw_only=True):
    """A whole run."""

    id: str
    path: str
    size_bytes: int
    head: RunHead


class UnfinishedRun(msgspec.Struct, frozen=True, kw_only=True):
    """A run whose lines are there and whose report is not."""

    id: str
    path: str
    started_at: str
    """ISO 8601 without punctuation, UTC: `20261123T035355Z`."""
    is_running: bool
    """False where it broke off."""


class Skipped(msgspec.Struct, frozen=True, kw_only=True):
    """A file among the runs that is none. It is left as it is."""

    name: str
    """Foreign text, as is the reason."""
    why: str


class History(msgspec.Struct, frozen=True, kw_only=True):
    """What a directory of runs holds, the oldest run first."""

    runs: tuple[StoredRun, ...] = ()
    unfinished: tuple[UnfinishedRun, ...] = ()
    skipped: tuple[Skipped, ...] = ()


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """Which runs to list. An empty wish is none."""

    since: str = ""
    """The beginning of a time in ISO 8601, UTC: `2026-11`, `2026-11-23`. That day is in."""
    until: str = ""
    """The same; that day is in."""
    device: str = ""
    """Part of a device's name, label or identity."""
    verdict: Verdict | None = None
    """One that the run has a finding of."""
    words: tuple[str, ...] = ()
    """Each somewhere in what is listed of a run."""


def read_history(directory: Path) -> History:
    """Every run in this directory; an empty history where it is not there.

    Raises:
        RigcheckError: if the directory cannot be read.
    """
    try:
        entries = sorted(os.scandir(directory), key=lambda entry: entry.name)
    except FileNotFoundError:
        return History()
    except OSError as error:
        raise RigcheckError(f"{directory}: {error.strerror or error}") from error
    told = [one for entry in entries for one in _read_entry(Path(entry.path))]
    runs = [one for one in told if isinstance(one, StoredRun)]
    whole = {stem_of(Path(run.path)) for run in runs}
    unfinished = [one for one in told if isinstance(one, UnfinishedRun)]
    return History(
        runs=tuple(sorted(runs, key=time_of)),
        # A run that ended between two of its last steps has both, and is whole.
        unfinished=tuple(one for one in unfinished if stem_of(Path(one.path)) not in whole),
        skipped=tuple(one for one in told if isinstance(one, Skipped)),
    )


def filtered(runs: tuple[StoredRun, ...], wish: Filter) -> tuple[StoredRun, ...]:
    """Those that answer every wish."""
    return tuple(run for run in runs if _answers(run, wish))


def time_of(run: StoredRun) -> str:
    """When it began, as names tell it: `20261123T035355Z`.

    A file of a foreign name counts from when its report was made.
    """
    made = run.head.created_at.replace("-", "").replace(":", "")
    return run_time(Path(run.path)) or made


def is_running(path: Path) -> bool:
    """True while a rigcheck writes these lines."""
    try:
        with path.open("rb") as lines:
            fcntl.flock(lines, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _read_entry(path: Path) -> Iterator[StoredRun | UnfinishedRun | Skipped]:
    if path.name.endswith(LINES_SUFFIX):
        yield UnfinishedRun(
            id=run_id(path),
            path=str(path),
            started_at=run_time(path),
            is_running=is_running(path),
        )
    elif path.suffix != RUN_SUFFIX:
        yield Skipped(name=path.name, why="not a run")
    else:
        yield from _read_run(path)


def _read_run(path: Path) -> Iterator[StoredRun | Skipped]:
    try:
        head, size_bytes = read_head(path), path.stat().st_size
    except FileNotFoundError:
        return  # somebody removed it meanwhile
    except RigcheckError as error:
        if not path.is_symlink() and not path.exists():
            return
        yield Skipped(name=path.name, why=str(error))
    else:
        yield StoredRun(id=run_id(path), path=str(path), size_bytes=size_bytes, head=head)


def _answers(run: StoredRun, wish: Filter) -> bool:
    head = run.head
    told = _listed(run)
    return (
        head.created_at >= wish.since
        and head.created_at[: len(wish.until)] <= wish.until
        and any(wish.device.lower() in name for name in _device_names(head))
        and (wish.verdict is None or wish.verdict.value in head.verdicts)
        and all(word.lower() in told for word in wish.words)
    )


def _device_names(head: RunHead) -> list[str]:
    return [f"{device.label} {device.name} {device.identity}".lower() for device in head.devices]


def _listed(run: StoredRun) -> str:
    head = run.head
    kind = "bench" if head.has_bench else "check"
    texts = (
        *(run.id, kind, head.created_at, head.hostname, head.system, head.kernel, head.driver),
        *(head.torch, head.root_cause, head.headline, *_device_names(head)),
    )
    return "\n".join(texts).lower()
