"""How many times as fast one device trains as another, and the sentence that says so."""

import math
import random
import statistics
from collections.abc import Sequence

from rigcheck.bench.result import Block, DeviceRun, SpeedUp
from rigcheck.bench.statistics import block_rates, interval, resampled_medians

_BASELINE = "cpu"
_ENOUGH_BLOCKS = 5
"""Fewer tell no interval worth its name."""


def speed_ups(runs: Sequence[DeviceRun]) -> tuple[SpeedUp, ...]:
    """Each measured device against the CPU; none where the CPU was not measured."""
    baseline = next((run for run in runs if run.device == _BASELINE and run.blocks), None)
    if baseline is None:
        return ()
    return tuple(_speed_up(run, baseline) for run in runs if run is not baseline and run.blocks)


def _speed_up(run: DeviceRun, baseline: DeviceRun) -> SpeedUp:
    ratio, low, high = ratio_interval(run.blocks, baseline.blocks)
    enough = min(len(run.blocks), len(baseline.blocks)) >= _ENOUGH_BLOCKS
    return SpeedUp(
        device=run.device,
        baseline=baseline.device,
        ratio=ratio,
        low=low,
        high=high,
        sentence=sentence(run.label, ratio, low, high, enough_blocks=enough),
    )


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
