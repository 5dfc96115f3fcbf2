"""Room for the runs that are kept: the oldest give up samples first, none is ever removed here."""

import contextlib
import fcntl
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from rigcheck.bench.result import BenchRun, Block, DeviceRun
from rigcheck.errors import RigcheckError
from rigcheck.facts import T
from rigcheck.monitor.sample import Sample
from rigcheck.report.head import encode_stored
from rigcheck.report.history import StoredRun, read_history
from rigcheck.report.names import write_whole
from rigcheck.report.read import read_report
from rigcheck.report.report import Report
from rigcheck.units import bytes_text, counted

MAX_BYTES = 1024**3
"""Some ten thousand runs of a minute: years of daily use."""
_SLACK = 0.9
"""Thinned down to this share, so that not every run has to thin again."""
_KEPT = 60
"""Points of a series that is thinned: enough for its course to be seen."""


def keep_within(directory: Path, *, newest: Path, max_bytes: int = MAX_BYTES) -> str:
    """Thins the oldest benchmarks until all runs have room; says in words what was done, if any.

    `newest` is left whole. Facts, findings and figures stay in every run. It never raises: a run
    that cannot be thinned stays as it is.
    """
    try:
        if _bytes_in(directory) <= max_bytes:
            return ""
        with _Alone(directory) as alone:
            return _made_room(directory, newest, max_bytes) if alone else ""
    except (OSError, RigcheckError) as error:
        return f"the kept runs could not be looked through: {error}"


def _made_room(directory: Path, newest: Path, max_bytes: int) -> str:
    runs = read_history(directory).runs
    total_bytes = sum(run.size_bytes for run in runs)
    saved = _thin(runs, newest, total_bytes, max_bytes * _SLACK)
    left_bytes = total_bytes - sum(saved)
    if left_bytes > max_bytes:
        return (
            f"the kept runs take {bytes_text(left_bytes)}, and none has more samples to give up; "
            "rigcheck history lists them, rigcheck rm removes them"
        )
    return (
        f"the kept runs had grown to {bytes_text(total_bytes)}: "
        f"the {counted(len(saved), 'oldest benchmark')} gave up most samples and blocks; "
        "facts and figures stay"
        if saved
        else ""
    )


def _bytes_in(directory: Path) -> int:
    sizes = []
    for entry in os.scandir(directory):
        with contextlib.suppress(FileNotFoundError):  # removed meanwhile
            sizes.append(entry.stat().st_size)
    return sum(sizes)


class _Alone:
    """Whether this process alone thins now: two would do the same work twice."""

    def __init__(self, directory: Path) -> None:
        self._fd = os.open(directory, os.O_RDONLY)

    def __enter__(self) -> bool:
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def __exit__(self, *_: object) -> None:
        os.close(self._fd)


def _thin(
    runs: Sequence[StoredRun], newest: Path, total_bytes: float, aim_bytes: float
) -> list[int]:
    """Thins the oldest first; the bytes that each one gave up."""
    saved: list[int] = []
    for run in runs:
        if total_bytes - sum(saved) <= aim_bytes:
            break
        if run.head.has_bench and not run.head.is_thinned and Path(run.path) != newest:
            saved.append(_thin_file(run))
    return saved


def _thin_file(run: StoredRun) -> int:
    path = Path(run.path)
    try:
        content = encode_stored(thinned(read_report(path)), is_thinned=True)
        if not path.exists():
            return 0  # removed meanwhile: it must not come back
        write_whole(path, content)
    except (OSError, RigcheckError):
        return 0
    return run.size_bytes - len(content)


def thinned(report: Report) -> Report:
    """The same report with fewer samples and blocks. What tells of an error stays."""
    if report.bench is None:
        return report
    bench: BenchRun = msgspec.structs.replace(
        report.bench,
        samples=_few(report.bench.samples, _is_event),
        devices=tuple(_thin_device(run) for run in report.bench.devices),
    )
    return msgspec.structs.replace(report, bench=bench)


def _thin_device(run: DeviceRun) -> DeviceRun:
    return msgspec.structs.replace(
        run,
        blocks=_few(run.blocks, _is_broken),
        tiers=tuple(
            msgspec.structs.replace(tier, blocks=_few(tier.blocks, _is_broken))
            for tier in run.tiers
        ),
    )


def _few(series: tuple[T, ...], matters: Callable[[T], bool]) -> tuple[T, ...]:
    """Every so manieth, the first, the last, and those that matter."""
    if len(series) <= _KEPT:
        return series
    chosen = {round(i * (len(series) - 1) / (_KEPT - 1)) for i in range(_KEPT)}
    return tuple(one for i, one in enumerate(series) if i in chosen or matters(one))


def _is_event(sample: Sample) -> bool:
    return bool(sample.xids)


def _is_broken(block: Block) -> bool:
    return block.loss is None
