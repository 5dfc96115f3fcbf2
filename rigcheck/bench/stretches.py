"""When a device trained: its blocks, joined to stretches of time, and what was sampled in them."""

from collections.abc import Iterable, Sequence

from rigcheck.bench.result import Block
from rigcheck.monitor.sample import Sample

_GAP_S = 0.1
"""Between two turns of one device that follow each other."""

Stretch = tuple[float, float]
"""Start and end, in seconds since the run's start."""


def stretches(blocks: Iterable[Block]) -> list[Stretch]:
    """The times in which the device trained without a pause, in order."""
    joined: list[Stretch] = []
    for block in blocks:
        if joined and block.start_at_s - joined[-1][1] <= _GAP_S:
            joined[-1] = (joined[-1][0], block.end_at_s)
        else:
            joined.append((block.start_at_s, block.end_at_s))
    return joined


def samples_within(samples: Sequence[Sample], during: Sequence[Stretch]) -> tuple[Sample, ...]:
    """The samples taken in any of these stretches."""
    return tuple(
        sample
        for sample in samples
        if any(start_s <= sample.time_s <= end_s for start_s, end_s in during)
    )


def longest(during: Sequence[Stretch]) -> list[Stretch]:
    """The longest one, in a list; an empty one for none.

    What a meter averages over a second belongs to the device only where it trained for longer.
    """
    return [max(during, key=lambda stretch: stretch[1] - stretch[0])] if during else []
