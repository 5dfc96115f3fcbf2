"""Two rates of one device: slower, faster, no real difference, or not to be compared."""

from collections.abc import Iterator

import msgspec

from rigcheck.bench.grounds import rate_in
from rigcheck.bench.result import Data, DataKind, DeviceRun, Rate
from rigcheck.bench.tier import Tier
from rigcheck.compare.causes import likely_causes
from rigcheck.compare.comparison import Cause, Difference, SpeedChange
from rigcheck.compare.conditions import conditions_of
from rigcheck.compare.contrast import Contrast
from rigcheck.compare.devices import joined
from rigcheck.report.report import Report

ENOUGH_BLOCKS = 5
"""Fewer tell no interval worth its name."""
_LEAST = 0.02
"""Two runs of one calm machine differ by as much, whatever each one's own interval says."""
_TWICE = 2
"""From here on times are easier to read than percents."""
_ORDER = (Difference.SLOWER, Difference.FASTER, Difference.NONE, Difference.NOT_TOLD)


def speed_changes(before: Report, after: Report) -> tuple[SpeedChange, ...]:
    """Every device and form that trained in both, what got slower first, the most of all first."""
    found = [
        change
        for old, new in joined(before, after)
        for change in _device_changes(before, old, after, new)
    ]
    return tuple(sorted(found, key=lambda c: (_ORDER.index(c.difference), c.ratio or 0.0)))


def _device_changes(
    before: Report, old: DeviceRun, after: Report, new: DeviceRun
) -> Iterator[SpeedChange]:
    obstacle = why_not_comparable(old, new)
    for tier in Tier:
        rates = rate_in(old, tier), rate_in(new, tier)
        if rates == (None, None):
            continue
        change = compare_rates(new, tier, *rates, obstacle=obstacle)
        if change.difference in (Difference.SLOWER, Difference.FASTER):
            change = _explained(change, _contrast(change, before, old, after, new))
        yield change


def compare_rates(
    run: DeviceRun, tier: Tier, before: Rate | None, after: Rate | None, *, obstacle: str = ""
) -> SpeedChange:
    """The two rates held against each other.

    Args:
        run: names the device.
        tier: the form that both are of.
        before: None where it was not measured.
        after: None where it was not measured.
        obstacle: why they do not compare, if they do not.
    """
    why_not = obstacle or _lack(before, after)
    told = SpeedChange(
        label=run.label,
        name=run.name,
        identity=run.identity,
        tier=tier,
        difference=Difference.NOT_TOLD,
        before=before,
        after=after,
        why_not=why_not,
    )
    if why_not or before is None or after is None:
        return told
    return msgspec.structs.replace(
        told,
        difference=_difference(before, after),
        ratio=after.images_per_s / before.images_per_s,
        low=after.low_images_per_s / before.high_images_per_s,
        high=after.high_images_per_s / before.low_images_per_s,
    )


def why_not_comparable(old: DeviceRun, new: DeviceRun) -> str:
    """Why two runs of a device do not compare; empty where they do."""
    if old.data is None or new.data is None:
        return "which data trained it is not known"
    if data_key(old.data) != data_key(new.data):
        return f"{data_text(old.data)} before, {data_text(new.data)} after"
    if old.batch_size != new.batch_size:
        return f"batch {old.batch_size} before, {new.batch_size} after"
    return ""


def data_text(data: Data) -> str:
    """`MNIST`; other data with its directory, since only that names it."""
    return f"{data.kind.value} in {data.path}" if data.kind is DataKind.OTHER else data.kind.value


def data_key(data: Data) -> tuple[str, int]:
    """The same for what trains the same."""
    return data_text(data), data.train_images


def _lack(before: Rate | None, after: Rate | None) -> str:
    if before is None or after is None:
        return "not measured after" if after is None else "not measured before"
    if min(before.blocks, after.blocks) < ENOUGH_BLOCKS:
        return f"too short: {before.blocks} blocks before, {after.blocks} after"
    return ""


def _difference(before: Rate, after: Rate) -> Difference:
    ratio = after.images_per_s / before.images_per_s
    overlap = (
        after.low_images_per_s <= before.high_images_per_s
        and before.low_images_per_s <= after.high_images_per_s
    )
    if overlap or abs(ratio - 1) < _LEAST:
        return Difference.NONE
    return Difference.SLOWER if ratio < 1 else Difference.FASTER


def _contrast(
    change: SpeedChange, before: Report, old: DeviceRun, after: Report, new: DeviceRun
) -> Contrast:
    if before.bench is None or after.bench is None:
        raise ValueError("only what trained has conditions")
    return Contrast(
        label=change.label,
        before=conditions_of(before.rig, before.bench, old),
        after=conditions_of(after.rig, after.bench, new),
        is_slower=change.difference is Difference.SLOWER,
    )


def _explained(change: SpeedChange, contrast: Contrast) -> SpeedChange:
    causes = likely_causes(contrast)
    explained = sentence(contrast, change.ratio or 1.0, causes)
    return msgspec.structs.replace(change, sentence=explained, causes=causes)


def sentence(contrast: Contrast, ratio: float, causes: tuple[Cause, ...]) -> str:
    """`driver 570 → 580, torch the same, GPU 1 -38 %: its link is now x4`."""
    first = ("driver", "torch") if contrast.after.is_gpu else ("kernel", "torch")
    context = [text for name in first if (text := _version_text(contrast, name))]
    change = f"{contrast.label} {_ratio_text(ratio)}"
    why = causes[0].words if causes else "nothing that rigcheck sees explains it"
    return f"{', '.join([*context, change])}: {why}"


def _ratio_text(ratio: float) -> str:
    return f"{ratio:.2g}×" if ratio >= _TWICE else f"{(ratio - 1) * 100:+.0f} %"


def _version_text(contrast: Contrast, name: str) -> str:
    before, after = getattr(contrast.before, name), getattr(contrast.after, name)
    if not before or not after:
        return ""
    return f"{name} the same" if before == after else f"{name} {before} → {after}"
