"""What starting a kernel costs: the smallest operation there is, asked for many times."""

from __future__ import annotations

import time
from statistics import median
from typing import Iterator, List

import torch

from rigcheck.target.ceilings.clock import time_blocks, wait_for
from rigcheck.target.ceilings.reading import LAUNCH, Reading, unmeasured

HOST_CLOCK, DEVICE_CLOCK = "by the host's clock", "by the device's clock"
_LAUNCHES, _BLOCKS = 500, 11


def measure_launch(device: torch.device, budget_s: float) -> Iterator[Reading]:
    """By the host's clock, which stops once all are asked for, and from one kernel to the next.

    torch's own work for an operation is in both, since a training step pays it, too.
    """
    by_host = Reading(LAUNCH, HOST_CLOCK, size=(_LAUNCHES,))
    by_device = Reading(LAUNCH, DEVICE_CLOCK)
    try:
        number = torch.zeros((), device=device)
        times_s = [_asking_s(device, number) for _ in range(_BLOCKS)]
        yield _timed(by_host, times_s)
        kernels_s = time_blocks(device, lambda: number.add_(1), budget_s=budget_s)
        yield _timed(by_device, kernels_s)
    except Exception as error:  # noqa: BLE001 -- torch's own words are the result
        yield unmeasured(by_host, error)


def _asking_s(device: torch.device, number: torch.Tensor) -> float:
    """Seconds a launch; the queue is empty before, and holds them all."""
    wait_for(device)
    start_s = time.perf_counter()
    for _ in range(_LAUNCHES):
        number.add_(1)
    asked_s = time.perf_counter() - start_s
    wait_for(device)
    return asked_s / _LAUNCHES


def _timed(blank: Reading, times_s: List[float]) -> Reading:
    return blank._replace(
        blocks=len(times_s), duration_s=median(times_s), best_duration_s=min(times_s)
    )
