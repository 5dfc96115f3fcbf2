"""Runs held against each other: each with the first, and all devices in one table."""

import string
from collections.abc import Iterator, Mapping, Sequence

from rigcheck.bench.result import DeviceRun, Outcome
from rigcheck.compare.changes import change_of, fact_changes
from rigcheck.compare.comparison import (
    SCHEMA_VERSION,
    Change,
    Comparison,
    Difference,
    Pair,
    Side,
    SpeedChange,
)
from rigcheck.compare.conditions import conditions_of, find_gpu
from rigcheck.compare.devices import is_same_machine, joined
from rigcheck.compare.speeds import speed_changes
from rigcheck.compare.tables import make_tables, table_notes
from rigcheck.compare.unread import unread_facts
from rigcheck.errors import UsageError
from rigcheck.facts import value_of
from rigcheck.report.head import head_of
from rigcheck.report.report import Report

_LETTERS = string.ascii_uppercase
_LEAST_RUNS = 2


def compare(
    runs: Sequence[tuple[str, Report]], prices: Mapping[str, float] | None = None
) -> Comparison:
    """Two runs or more, the first of which the others are held against.

    Args:
        runs: each with its id or path.
        prices: of devices, by a part of their names.

    Raises:
        UsageError: for fewer than two runs or more than letters, and for a price of no device.
    """
    if not _LEAST_RUNS <= len(runs) <= len(_LETTERS):
        raise UsageError(f"{len(runs)} runs cannot be compared", hint="name two to twenty-six")
    sides = [(_side(letter, *run), run[1]) for letter, run in zip(_LETTERS, runs, strict=False)]
    pairs = tuple(make_pair(sides[0], other) for other in sides[1:])
    tables = make_tables(sides, prices or {})
    return Comparison(
        schema_version=SCHEMA_VERSION,
        sides=tuple(side for side, _ in sides),
        pairs=pairs,
        tables=tables,
        notes=(*table_notes(tables), *_notes(sides, pairs)),
    )


def make_pair(before: tuple[Side, Report], after: tuple[Side, Report]) -> Pair:
    """What is different in the second run."""
    (old_side, old), (new_side, new) = before, after
    return Pair(
        before=old_side.letter,
        after=new_side.letter,
        is_same_machine=is_same_machine(old.rig, new.rig),
        speeds=speed_changes(old, new),
        changes=(*_conditions_changed(old, new), *fact_changes(old.rig, new.rig)),
        unread=unread_facts(old.rig, new.rig),
        gone=tuple(_gone(old, new)),
    )


def _side(letter: str, name: str, report: Report) -> Side:
    head = head_of(report)
    return Side(
        letter=letter,
        run=name,
        created_at=head.created_at,
        hostname=head.hostname,
        system=head.system,
        driver=head.driver,
        torch=head.torch,
        has_bench=head.has_bench,
    )


def _conditions_changed(before: Report, after: Report) -> Iterator[Change]:
    """What the benchmark itself saw or was told: the link under load, the threads."""
    if before.bench is None or after.bench is None:
        return
    for old, new in joined(before, after):
        was = conditions_of(before.rig, before.bench, old)
        now = conditions_of(after.rig, after.bench, new)
        if None not in (was.link_width, now.link_width):
            links = [f"PCIe {c.link_generation or '?'} x{c.link_width}" for c in (was, now)]
            yield from _changed("bench.link", new.label, "link under load", *links)
        if None not in (was.threads, now.threads):
            told = (str(was.threads), str(now.threads))
            yield from _changed("bench.threads", new.label, "threads", *told)


def _changed(field: str, subject: str, what: str, before: str, after: str) -> Iterator[Change]:
    if before != after:
        yield change_of(field, subject, what, before, after)


def _gone(before: Report, after: Report) -> Iterator[str]:
    """Trained before, and now failed, or is on the same machine no more."""
    if before.bench is None or after.bench is None:
        return
    paired = {old.device: new for old, new in joined(before, after)}
    for run in before.bench.devices:
        now = paired.get(run.device)
        if run.rate is None:
            continue
        if now is not None and now.outcome is Outcome.FAILED:
            yield f"{run.label} ({run.name}) trained before and fails now: {now.error}"
        elif now is None and _is_missing(run, before, after):
            yield f"{run.label} ({run.name}) is not there any more"


def _is_missing(run: DeviceRun, before: Report, after: Report) -> bool:
    """By the driver's own list: a device that was only not chosen this time is still there."""
    if not run.identity or not is_same_machine(before.rig, after.rig):
        return False
    is_listed = value_of(after.rig.nvml.gpus) is not None
    return is_listed and find_gpu(after.rig, run.identity) is None


def _notes(sides: Sequence[tuple[Side, Report]], pairs: Sequence[Pair]) -> Iterator[str]:
    for side, _ in sides:
        if not side.has_bench:
            yield f"{side.letter} is a check: it has no speeds"
    for pair in pairs:
        yield from dict.fromkeys(
            f"{pair.before} and {pair.after}: {_told(speed)}"
            for speed in pair.speeds
            if speed.difference is Difference.NOT_TOLD
        )


def _told(speed: SpeedChange) -> str:
    return f"{speed.label} {speed.tier.value} does not compare ({speed.why_not})"
