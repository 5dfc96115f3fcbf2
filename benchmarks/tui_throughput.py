"""What the interface with its sampler costs the training: under 2 % of its throughput is the goal.

Run it in the repository's root, with torch installed: `python benchmarks/tui_throughput.py`. It
takes five minutes, and wants a machine on which nothing else is at work.

One true worker trains LeNet on all cores without a pause. Beside it the benchmark screen is alive,
with its sampler, or stopped by the kernel (SIGSTOP), for four seconds at a time, in groups of four:
on, off, off, on, or the other way round by lot. Of each such slot counts the rate over the worker's
own blocks that lie in it whole, without the first second, in which the terminal is taken anew and
what has waited is made up for. A group gives one ratio, of the geometric means, from which a drift
of the machine's speed cancels; printed is the midmean of the ratios (of their middle half, which
heeds no outliers) with its 95 % bootstrap interval, and beside it the processor time that interface
and sampler took. It ends when the interval is within 1 %, or after --groups. Where other programs
stretch a block over a whole slot, its group is lost; with too few left, nothing is told.
"""

import argparse
import math
import os
import random
import signal
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.live_screen import Screen, screen
from benchmarks.one_worker import Training
from rigcheck.bench.result import Block
from rigcheck.bench.statistics import interval, midmean

SLOT_S = 4.0
SETTLES_S = 1.0
GROUPS = ((True, False, False, True), (False, True, True, False))
"""Whether the interface is alive, slot by slot."""
FEWEST_GROUPS = 8
ENOUGH = 0.01
RESAMPLES = 4_000
LONGER_S = 60.0
"""Than the longest measurement: so the worker never waits for an order."""


class Cost:
    """What interface and sampler took while they were alive."""

    def __init__(self) -> None:
        self.cpu_s = self.alive_s = 0.0

    @property
    def cores(self) -> float:
        return self.cpu_s / self.alive_s


def ratios(shown: Screen, training: Training, cost: Cost, n_groups: int) -> Iterator[float]:
    """With the interface as a share of without, a group at a time."""
    generator = random.Random(0)  # noqa: S311 -- not a secret
    for _ in range(n_groups):
        states = generator.choice(GROUPS)
        rates = [slot(shown, training, cost, is_alive=is_alive) for is_alive in states]
        logs = [math.log(rate) for rate in rates if rate is not None]
        if len(logs) == len(states):
            signed = (log if is_alive else -log for log, is_alive in zip(logs, states, strict=True))
            yield math.exp(sum(signed) / 2)


def slot(shown: Screen, training: Training, cost: Cost, *, is_alive: bool) -> float | None:
    """Images a second in one slot; None where no block lies in it."""
    shown.signal(signal.SIGCONT if is_alive else signal.SIGSTOP)
    from_s = time.monotonic() + SETTLES_S
    to_s = from_s - SETTLES_S + SLOT_S
    training.catch_up(from_s)
    before_s = shown.cpu_s_with_sampler()
    training.catch_up(to_s)
    if is_alive:
        cost.cpu_s += shown.cpu_s_with_sampler() - before_s
        cost.alive_s += to_s - from_s
    return rate_within(training.blocks, from_s, to_s)


def rate_within(blocks: Sequence[Block], from_s: float, to_s: float) -> float | None:
    whole = [b for b in blocks[-100:] if from_s <= b.start_at_s and b.end_at_s <= to_s]
    if not whole:
        return None
    return sum(b.images for b in whole) / sum(b.end_at_s - b.start_at_s for b in whole)


def bootstrapped(values: Sequence[float]) -> tuple[float, float]:
    """The 95 % interval of the midmean."""
    generator = random.Random(0)  # noqa: S311 -- not a secret
    return interval([midmean(generator.choices(values, k=len(values))) for _ in range(RESAMPLES)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--groups", type=int, default=20, help="of four slots, at most")
    options = parser.parse_args()
    n_cores = os.cpu_count() or 1
    print(f"load in the last minute: {os.getloadavg()[0] / n_cores:.1f} a CPU")
    cost, told = Cost(), list[float]()
    with screen() as shown, Training() as training:
        training.begin(options.groups * len(GROUPS[0]) * SLOT_S + LONGER_S)
        training.catch_up(time.monotonic() + SLOT_S)
        for ratio in ratios(shown, training, cost, options.groups):
            told.append(ratio)
            low, high = bootstrapped(told)
            if len(told) >= FEWEST_GROUPS and (high - low) / 2 <= ENOUGH:
                break
        others = [b.cores_of_others for b in training.blocks if b.cores_of_others is not None]
        threads = training.threads
        shown.signal(signal.SIGCONT)
    print(f"alive, interface and sampler take {cost.cores:.2%} of a core of {n_cores}")
    print(f"everything but the training keeps {statistics.median(others):.2f} cores busy")
    if len(told) < FEWEST_GROUPS:
        print(f"what they cost cannot be told: {len(told)} groups are whole, too few")
        return
    print(
        f"training on {threads} threads beside them: {midmean(told):.4f} of its throughput alone "
        f"({low:.4f} to {high:.4f}, {len(told)} groups): they cost {1 - midmean(told):.2%}"
    )


if __name__ == "__main__":
    main()
