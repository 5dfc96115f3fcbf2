"""How many times as fast one device trains as another, and the sentence that says so."""

import math
import random
import statistics
from collections.abc import Sequence

from rigcheck.bench.result import Block, DeviceRun, Ratio, SpeedUp
from rigcheck.bench.statistics import block_rates, interval, rates_of_turns, resampled_medians
from rigcheck.bench.tier import Tier

BASELINE = "cpu"
"""Whom every other device is compared with, as torch names it."""
_FORMS = {Tier.IN_MEMORY: "", Tier.AS_WRITTEN: ", as written", Tier.PEAK: ", each at its peak"}
_ENOUGH = 5
"""Fewer turns or blocks tell no interval worth its name."""


def speed_ups(runs: Sequence[DeviceRun]) -> tuple[SpeedUp, ...]:
    """Each measured device against the CPU, form by form; none where the CPU was not measured."""
    baseline = next((run for run in runs if run.device == BASELINE), None)
    if baseline is None:
        return ()
    others = [run for run in runs if run is not baseline]
    compared = (_speed_up(run, baseline, tier) for tier in Tier for run in others)
    return tuple(speed_up for speed_up in compared if speed_up is not None)


def _speed_up(run: DeviceRun, baseline: DeviceRun, tier: Tier) -> SpeedUp | None:
    blocks, base_blocks = run.blocks_in(tier), baseline.blocks_in(tier)
    if not blocks or not base_blocks:
        return None
    paired = paired_ratio(blocks, base_blocks)
    if paired is not None and paired.turns >= _ENOUGH:
        ratio, low, high = paired.ratio, paired.low, paired.high
        enough = True
    else:
        ratio, low, high = ratio_interval(blocks, base_blocks)
        enough = min(len(blocks), len(base_blocks)) >= _ENOUGH
    return SpeedUp(
        device=run.device,
        baseline=baseline.device,
        tier=tier,
        ratio=ratio,
        low=low,
        high=high,
        sentence=sentence(run.label, ratio, low, high, enough_blocks=enough) + _FORMS[tier],
    )


def paired_ratio(blocks: Sequence[Block], baseline: Sequence[Block]) -> Ratio | None:
    """The ratio of two rates from the turns in which both trained; None where there is none.

    Each pair of turns lies within a second or two, so that a machine whose speed drifts over
    longer times changes both alike: the median of the pairs' ratios is steadier than the ratio of
    the medians.
    """
    rates, base_rates = rates_of_turns(blocks), rates_of_turns(baseline)
    return ratio_of([rates[turn] / base_rates[turn] for turn in rates.keys() & base_rates.keys()])


def ratio_of(pairs: Sequence[float]) -> Ratio | None:
    """The median of ratios from pairs, each side by side in time; None of none."""
    if not pairs:
        return None
    ratios = sorted(pairs)
    low, high = interval(resampled_medians(ratios, random.Random(0)))  # noqa: S311 -- not a secret
    return Ratio(ratio=statistics.median(ratios), low=low, high=high, turns=len(ratios))


def ratio_interval(
    blocks: Sequence[Block], baseline: Sequence[Block]
) -> tuple[float, float, float]:
    """The ratio of the median rates, and its 95 % bootstrap interval."""
    rates, base_rates = block_rates(blocks), block_rates(baseline)
    generator = random.Random(0)  # noqa: S311 -- not a secret
    medians = resampled_medians(rates, generator)
    base_medians = resampled_medians(base_rates, generator)
    low, high = interval([a / b for a, b in zip(medians, base_medians, strict=True)])
    return statistics.median(rates) / statistics.median(base_rates), low, high


def sentence(label: str, ratio: float, low: float, high: float, *, enough_blocks: bool) -> str:
    """`GPU 0 trains LeNet 6.3× as fast as the CPU`, with the digits that the interval allows."""
    times = ratio_text(ratio, (high - low) / 2 if enough_blocks else ratio)
    if low <= 1 <= high:
        return f"{label} trains LeNet about as fast as the CPU ({times})"
    about = "" if enough_blocks else "about "
    if ratio < 1:
        return f"{label} trains LeNet at {about}{times} the CPU's speed"
    return f"{label} trains LeNet {about}{times} as fast as the CPU"


def ratio_text(ratio: float, half_width: float) -> str:
    """Two digits, or one where the second is lost in the uncertainty: `6.3×`, `12×`, `0.8×`."""
    second_digit = 10.0 ** (math.floor(math.log10(ratio)) - 1)
    digits = 2 if half_width < 5 * second_digit else 1
    rounded = float(f"{ratio:.{digits - 1}e}")
    decimals = digits - 1 - math.floor(math.log10(rounded))
    return f"{rounded:.{max(0, decimals)}f}×"
