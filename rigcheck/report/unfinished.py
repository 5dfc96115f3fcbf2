"""What is left of a run that broke off: its lines put together to a report."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from rigcheck.bench.events import BlockMeasured, DeviceFinished, DeviceStarted, SampleTaken
from rigcheck.bench.plan import BATCH_SIZE
from rigcheck.bench.result import BenchRun, Block, DeviceRun, Outcome
from rigcheck.bench.statistics import EPOCH_IMAGES, measured_rate
from rigcheck.bench.tier import Tier
from rigcheck.errors import RigcheckError, UsageError
from rigcheck.monitor.sample import Sample
from rigcheck.report.report import Report

_BROKE_OFF = "the run broke off"


def read_unfinished(path: Path) -> Report:
    """The facts, and what was measured of each device until the lines end.

    Raises:
        UsageError: if the file cannot be read.
        RigcheckError: if there is not even the check's report in it.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from error
    try:
        return _put_together(list(_lines(raw)))
    except (msgspec.ValidationError, KeyError, IndexError) as error:
        raise RigcheckError(f"{path.name} broke off before anything was measured") from error


def _lines(raw: bytes) -> Iterator[dict[str, Any]]:
    """The whole ones: the last may have been cut off."""
    for line in raw.splitlines():
        try:
            content = json.loads(line)
        except (ValueError, RecursionError):
            return
        if isinstance(content, dict):
            yield content


def _put_together(lines: Sequence[dict[str, Any]]) -> Report:
    checked = msgspec.convert(lines[0]["report"], Report)
    started = _fields_of(lines, DeviceStarted)
    blocks = _fields_of(lines, BlockMeasured)
    done = [msgspec.convert(f["run"], DeviceRun) for f in _fields_of(lines, DeviceFinished)]
    known = {run.device for run in done}
    cut_off = [_cut_off(f, blocks) for f in started if f["device"] not in known]
    bench = BenchRun(
        started_at=checked.created_at,
        devices=(*done, *cut_off),
        speed_ups=(),
        samples=tuple(msgspec.convert(f["sample"], Sample) for f in _fields_of(lines, SampleTaken)),
        samples_problem=_BROKE_OFF,
    )
    return msgspec.structs.replace(checked, bench=bench, interrupted=True)


def _fields_of(lines: Sequence[dict[str, Any]], kind: type) -> list[dict[str, Any]]:
    return [line for line in lines if line.get("event") == kind.__name__]


def _cut_off(started: dict[str, Any], measured: Sequence[dict[str, Any]]) -> DeviceRun:
    """A device in whose time the run ended: its blocks in memory."""
    blocks = tuple(
        msgspec.convert(f["block"], Block)
        for f in measured
        if f["device"] == started["device"] and f["tier"] == Tier.IN_MEMORY.value
    )
    rate = measured_rate(blocks)
    return DeviceRun(
        device=started["device"],
        label=started["label"],
        name=started["name"],
        identity=started["identity"],
        outcome=Outcome.CANCELLED,
        error=_BROKE_OFF,
        hint="",
        stage="training",
        python="",
        torch_version="",
        threads=None,
        batch_size=BATCH_SIZE,
        data=None,
        warm_up_s=None,
        rate=rate,
        epoch_s=EPOCH_IMAGES / rate.images_per_s if rate else None,
        blocks=blocks,
        epochs=(),
        evaluation=None,
    )
