"""What the blocks of a run say of a device's speed, and how sure that is."""

import itertools
import math
import random
import statistics
from collections.abc import Iterable, Sequence

from rigcheck.bench.result import Block, Rate

EPOCH_IMAGES = 60_000
"""One pass over MNIST's training images."""
_RESAMPLES = 4_000
_LOW, _HIGH = 0.025, 0.975
_FASTEST_SHARE = 0.1
_PIECES = (3, 4)
_ENOUGH_FOR_RANGE = 6
"""From so many values on the median lies between the least and the greatest in 97 of 100 cases."""
_STUDENT_T = {2: 12.706, 3: 4.303, 4: 3.182}
"""97.5 % quantiles for so many pieces, which have one degree of freedom less."""


def measured_rate(blocks: Sequence[Block]) -> Rate | None:
    """The rate of a run, or None if not one block was finished.

    The median stands for the run, since a block in which something else had the machine is not
    the device's.
    """
    if not blocks:
        return None
    rates = block_rates(blocks)
    low, high = _interval_in_time(blocks)
    return Rate(
        images_per_s=statistics.median(rates),
        low_images_per_s=low,
        high_images_per_s=high,
        best_images_per_s=_fastest_mean(rates),
        blocks=len(rates),
    )


def _interval_in_time(blocks: Sequence[Block]) -> tuple[float, float]:
    """The 95 % interval of the median, by the method of batch means.

    (Law, Simulation Modeling and Analysis, 5th ed., section 9.5.3.) A machine is fast for seconds
    and then slow for seconds, so that blocks are like the ones before them, and a bootstrap of
    single blocks would promise far too much. The run is cut into a few long pieces instead, which
    have much less to do with each other, and Student's t of their midmeans counts. So few agree by
    chance once in a while, and promise too much as well; that they do so cut in two ways is rare,
    and the wider interval counts. In logarithms, for a rate is a ratio; and never wider than the
    range of the blocks.
    """
    in_time = [math.log(b.images_per_s) for b in sorted(blocks, key=lambda b: b.start_at_s)]
    if len(in_time) == 1:
        return blocks[0].images_per_s, blocks[0].images_per_s
    middle = statistics.median(in_time)
    half = max(_half_width(in_time, min(pieces, len(in_time))) for pieces in _PIECES)
    low, high = middle - half, middle + half
    if len(in_time) >= _ENOUGH_FOR_RANGE:
        low, high = max(low, min(in_time)), min(high, max(in_time))
    return math.exp(low), math.exp(high)


def _half_width(in_time: Sequence[float], pieces: int) -> float:
    """Half of the 95 % interval of the mean of the pieces' midmeans."""
    cuts = [round(i * len(in_time) / pieces) for i in range(pieces + 1)]
    midmeans = [midmean(in_time[i:j]) for i, j in itertools.pairwise(cuts)]
    return _STUDENT_T[pieces] * statistics.stdev(midmeans) / math.sqrt(pieces)


def midmean(values: Sequence[float]) -> float:
    """The mean of the middle half: as deaf to outliers as the median, and less restless.

    Where blocks are of two kinds, a median is of the one or the other.
    """
    cut = len(values) // 4
    return statistics.fmean(sorted(values)[cut : len(values) - cut])


def block_rates(blocks: Sequence[Block]) -> list[float]:
    """Images a second of each block, the slowest first."""
    return sorted(block.images_per_s for block in blocks)


def rates_of_turns(blocks: Iterable[Block]) -> dict[int, float]:
    """Images a second over the blocks of each turn."""
    images: dict[int, int] = {}
    durations_s: dict[int, float] = {}
    for block in blocks:
        images[block.turn] = images.get(block.turn, 0) + block.images
        took_s = block.end_at_s - block.start_at_s
        durations_s[block.turn] = durations_s.get(block.turn, 0.0) + took_s
    return {turn: images[turn] / durations_s[turn] for turn in images}


def resampled_medians(ascending: Sequence[float], generator: random.Random) -> list[float]:
    """Medians of bootstrap samples: as many values drawn with replacement, again and again.

    The middle one of n draws from n sorted values is the value at n times the middle one of n
    even random numbers, which is distributed as Beta((n + 1) / 2, (n + 1) / 2) (David and
    Nagaraja, Order Statistics, 2003, section 2.1): one draw in place of n, however long the run.
    """
    n = len(ascending)
    middle = (n + 1) / 2
    return [
        ascending[min(n - 1, int(n * generator.betavariate(middle, middle)))]
        for _ in range(_RESAMPLES)
    ]


def interval(values: Sequence[float]) -> tuple[float, float]:
    """The 95 % percentile interval of bootstrap values (Efron 1979)."""
    ascending = sorted(values)
    last = len(ascending) - 1
    return ascending[round(_LOW * last)], ascending[round(_HIGH * last)]


def _fastest_mean(ascending: Sequence[float]) -> float:
    return statistics.fmean(ascending[-max(1, round(len(ascending) * _FASTEST_SHARE)) :])
