"""Which earlier run of this machine a benchmark is compared with, without being asked to."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from rigcheck.bench.before import is_steady
from rigcheck.bench.grounds import rate_in
from rigcheck.bench.result import Before, BenchRun, DeviceRun, Rate
from rigcheck.bench.tier import Tier
from rigcheck.compare.comparison import Difference
from rigcheck.compare.speeds import ENOUGH_BLOCKS, data_key, speed_changes
from rigcheck.errors import RigcheckError
from rigcheck.facts import value_of
from rigcheck.report.head import HeadDevice, RunHead
from rigcheck.report.history import StoredRun, read_history
from rigcheck.report.read import read_report
from rigcheck.report.report import Report

_MOST = 50
"""So many comparable runs are looked back over: a loss older than that is how the machine is."""


def with_before(report: Report, directory: Path) -> BenchRun | None:
    """The report's benchmark, each device with what it is compared with.

    As it is where nothing compares, or where the kept runs cannot be read.

    Args:
        report: of the run that just ended.
        directory: of the kept runs, in which it is not yet.
    """
    if report.bench is None:
        return None
    try:
        runs = read_history(directory).runs
    except RigcheckError:
        return report.bench
    devices = tuple(_with_before(report, run, runs[::-1]) for run in report.bench.devices)
    return msgspec.structs.replace(report.bench, devices=devices)


def _with_before(report: Report, run: DeviceRun, runs: Sequence[StoredRun]) -> DeviceRun:
    found = [
        _explained(report, run, rate, *reference)
        for tier in Tier
        if (rate := rate_in(run, tier)) is not None and rate.blocks >= ENOUGH_BLOCKS
        if (reference := choose(rate, comparable(report, run, tier, runs))) is not None
    ]
    return msgspec.structs.replace(run, before=tuple(found))


def comparable(
    report: Report, run: DeviceRun, tier: Tier, runs: Sequence[StoredRun]
) -> Iterator[tuple[StoredRun, Before]]:
    """Those of the same device, form, data, batch and threads, in the order of `runs`."""
    hostname = value_of(report.rig.host.hostname)
    for stored in runs:
        for device in stored.head.devices:
            if not _is_same(device, run, stored.head, hostname):
                continue
            for form in device.rates:
                if form.tier is tier and is_steady(form.rate):
                    yield stored, _before(stored, tier, form.rate)


def choose(
    rate: Rate, earlier: Iterator[tuple[StoredRun, Before]]
) -> tuple[StoredRun, Before] | None:
    """The last run whose interval does not overlap; where all do, the last one.

    The very last alone would hide a loss as soon as there is a second slow run.
    """
    last: tuple[StoredRun, Before] | None = None
    for _, candidate in zip(range(_MOST), earlier, strict=False):
        if not _overlap(candidate[1].rate, rate):
            return candidate
        last = last or candidate
    return last


def _is_same(device: HeadDevice, run: DeviceRun, head: RunHead, hostname: str | None) -> bool:
    """A GPU by its identity; a processor by its model and the machine, with as many threads."""
    if device.data is None or run.data is None or data_key(device.data) != data_key(run.data):
        return False
    if device.batch_size != run.batch_size or device.identity != run.identity:
        return False
    if run.device != "cpu":
        return bool(run.identity) and device.label != "CPU"
    return (device.label, device.name, device.threads, head.hostname) == (
        *(run.label, run.name, run.threads),
        hostname or "",
    )


def _before(stored: StoredRun, tier: Tier, rate: Rate) -> Before:
    return Before(run=stored.id, created_at=stored.head.created_at, tier=tier, rate=rate)


def _overlap(one: Rate, other: Rate) -> bool:
    return (
        one.low_images_per_s <= other.high_images_per_s
        and other.low_images_per_s <= one.high_images_per_s
    )


def _explained(
    report: Report, run: DeviceRun, rate: Rate, stored: StoredRun, before: Before
) -> Before:
    """With the likely cause, where it is slower: that takes the whole earlier report."""
    if rate.high_images_per_s >= before.rate.low_images_per_s:
        return before
    try:
        changes = speed_changes(read_report(Path(stored.path)), report)
    except RigcheckError:
        return before
    for change in changes:
        is_this = (change.label, change.tier) == (run.label, before.tier)
        if is_this and change.difference is Difference.SLOWER:
            evidence = change.causes[0].evidence if change.causes else ()
            return msgspec.structs.replace(before, sentence=change.sentence, evidence=evidence)
    return before
