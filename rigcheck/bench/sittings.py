"""Which devices train side by side: all of them, where memory allows."""

from collections.abc import Sequence

import psutil

from rigcheck.bench.plan import BenchDevice
from rigcheck.units import bytes_text

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


def lack_of_room() -> str:
    """Why not one more worker finds room beside those that are there; empty where it does."""
    return lack(psutil.virtual_memory().available)


def lack(available_bytes: int) -> str:
    """The same of so much free main memory."""
    if available_bytes >= _WORKER_BYTES:
        return ""
    return (
        f"its worker takes {bytes_text(_WORKER_BYTES)} of main memory, and "
        f"{bytes_text(available_bytes)} are free"
    )
