"""Which devices train side by side: all of them, where memory allows."""

from collections.abc import Sequence

import psutil

from rigcheck.bench.plan import BenchDevice

_WORKER_BYTES = 2 * 1024**3
"""Main memory of a worker: torch with CUDA's context takes 1.5 to 2 GiB, the CPU's less."""


def sittings(devices: Sequence[BenchDevice]) -> tuple[tuple[BenchDevice, ...], ...]:
    """The devices in groups, each of whose workers are there at one time."""
    return split(devices, psutil.virtual_memory().available)


def split(
    devices: Sequence[BenchDevice], available_bytes: int
) -> tuple[tuple[BenchDevice, ...], ...]:
    """All devices in one group, or each in its own where their workers would not fit."""
    if len(devices) * _WORKER_BYTES <= available_bytes:
        return (tuple(devices),)
    return tuple((device,) for device in devices)
