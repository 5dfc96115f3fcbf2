"""Times a piece of work on a device: in blocks, after a warm-up, waiting only where it must.

On CUDA (and ROCm) the device's own clock is read before and after each block, so that the host's
launches do not count; elsewhere the host's, around a block that ends with a wait.
"""

from __future__ import annotations

import math
import time
from typing import Callable, List, NamedTuple, Optional

import torch

Work = Callable[[], object]

_WARM_UP_SHARE = 0.2
_SHORTEST_BLOCK_S = 2e-3
"""Shorter ones would measure the clock and the wait."""
_FEWEST_BLOCKS, _MOST_BLOCKS = 5, 100
_MS_A_SECOND = 1e3


def wait_for(device: torch.device) -> None:
    """Until the device has done all that was asked of it."""
    if device.type != "cpu":
        getattr(torch, device.type).synchronize()


def one_run_s(device: torch.device, work: Work) -> float:
    """Seconds that the host waits for one run, without any warm-up."""
    wait_for(device)
    start_s = time.perf_counter()
    work()
    wait_for(device)
    return time.perf_counter() - start_s


def time_blocks(
    device: torch.device, work: Work, *, budget_s: float, before: Optional[Work] = None
) -> List[float]:
    """Seconds a run, once for each block.

    Args:
        device: where the work runs.
        work: is asked for, and not waited for.
        budget_s: how long all of it may take; the fewest blocks are run in any case.
        before: runs before each block and is not timed: it empties the caches.
    """
    guess_s = _warm_up(device, work, budget_s * _WARM_UP_SHARE)
    # What is to find empty caches runs once in a block; else it runs until the clock is no matter.
    runs = 1 if before is not None else max(1, math.ceil(_SHORTEST_BLOCK_S / guess_s))
    block_s = guess_s * runs if before is None else guess_s + one_run_s(device, before)
    left_s = budget_s * (1 - _WARM_UP_SHARE)
    blocks = min(_MOST_BLOCKS, max(_FEWEST_BLOCKS, int(left_s / block_s)))
    series = _Series(device, work, before, runs, blocks)
    if device.type == "cuda":
        return _by_events(series)
    return _by_host(series, time.perf_counter() + left_s)


class _Series(NamedTuple):
    device: torch.device
    work: Work
    before: Optional[Work]
    runs: int
    """In one block."""
    blocks: int


def _warm_up(device: torch.device, work: Work, budget_s: float) -> float:
    """Returns the quickest run's time: the first ones load kernels and raise clocks."""
    end_s = time.perf_counter() + budget_s
    quickest_s = min(one_run_s(device, work) for _ in range(3))
    while time.perf_counter() < end_s:
        quickest_s = min(quickest_s, one_run_s(device, work))
    return quickest_s


def _by_host(series: _Series, end_s: float) -> List[float]:
    """Fewer where time runs out: another program may have the threads wait for each other."""
    times_s: List[float] = []
    while len(times_s) < _FEWEST_BLOCKS or (
        len(times_s) < series.blocks and time.perf_counter() < end_s
    ):
        if series.before is not None:
            series.before()
        wait_for(series.device)
        start_s = time.perf_counter()
        for _ in range(series.runs):
            series.work()
        wait_for(series.device)
        times_s.append((time.perf_counter() - start_s) / series.runs)
    return times_s


def _by_events(series: _Series) -> List[float]:
    """All blocks are queued before the first is waited for: the device never runs dry."""
    pairs = []
    for _ in range(series.blocks):
        if series.before is not None:
            series.before()
        start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        start.record()
        for _ in range(series.runs):
            series.work()
        end.record()
        pairs.append((start, end))
    wait_for(series.device)
    return [start.elapsed_time(end) / _MS_A_SECOND / series.runs for start, end in pairs]
