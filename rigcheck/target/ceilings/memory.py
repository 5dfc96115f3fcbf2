"""How fast a device copies within its own memory: 2 · bytes ÷ time, read and written."""

from __future__ import annotations

from typing import Iterator, Tuple

import torch

from rigcheck.target.ceilings.clock import time_blocks
from rigcheck.target.ceilings.cpu_caches import Cache, read_caches
from rigcheck.target.ceilings.product import l2_bytes
from rigcheck.target.ceilings.reading import COPY, Reading, rates, unmeasured
from rigcheck.target.ceilings.room import room_bytes

MEMORY = "memory"
_MIB = 1024**2
_GPU_BYTES = 512 * _MIB
_L2_TIMES = 4
_CPU_LEAST_BYTES, _CPU_MOST_BYTES = 256 * _MIB, 1024 * _MIB
_CPU_SHORT_LEAST_BYTES, _CPU_SHORT_MOST_BYTES = 64 * _MIB, 128 * _MIB
"""The kernel takes a second to hand out what the full form copies."""
_L3_TIMES = 4
_SHARE_OF_CACHE = 0.75


def measure_copy(device: torch.device, variant: str, n_bytes: int, budget_s: float) -> Reading:
    """Copies one buffer into another, of `n_bytes` each."""
    blank = Reading(
        COPY,
        variant,
        size=(n_bytes,),
        threads=torch.get_num_threads() if device.type == "cpu" else None,
    )
    try:
        # Filled, since memory never written to may be one page of zeros, or none yet.
        source = torch.full((n_bytes // 4,), 1.0, device=device)
        target = torch.full_like(source, 2.0)
        times_s = time_blocks(device, lambda: target.copy_(source), budget_s=budget_s)
        usual, best = rates(2 * n_bytes, times_s)
    except Exception as error:  # noqa: BLE001 -- torch's own words are the result
        return unmeasured(blank, error)
    return blank._replace(blocks=len(times_s), bytes_per_s=usual, best_bytes_per_s=best)


def copy_sizes(device: torch.device, *, is_full: bool) -> Iterator[Tuple[str, int]]:
    """Names of the memories to copy in, and the bytes of each of the two buffers."""
    room = room_bytes(device) // 2
    if device.type != "cpu":
        yield MEMORY, _whole(min(max(_GPU_BYTES, _L2_TIMES * l2_bytes(device)), room))
        return
    caches = read_caches()
    if is_full:
        yield from cache_sizes(caches, torch.get_num_threads())
    largest = max((cache.size_bytes for cache in caches), default=0)
    least, most = (
        (_CPU_LEAST_BYTES, _CPU_MOST_BYTES)
        if is_full
        else (_CPU_SHORT_LEAST_BYTES, _CPU_SHORT_MOST_BYTES)
    )
    yield MEMORY, _whole(min(max(least, _L3_TIMES * largest), most, room))


def cache_sizes(caches: Tuple[Cache, ...], threads: int) -> Iterator[Tuple[str, int]]:
    """Buffers that together fill most of a cache; a shared one counts once, one a core each time.

    A level that is no larger than the one above it holds for all threads tells nothing, and is
    left out.
    """
    above = 0
    for cache in sorted(caches, key=lambda cache: cache.level):
        copies = 1 if cache.is_shared else threads
        both = int(cache.size_bytes * copies * _SHARE_OF_CACHE)
        if cache.level > 1 and both > above:
            yield "L{}".format(cache.level), _whole(both // 2)
        above = max(above, cache.size_bytes * copies)


def _whole(n_bytes: int) -> int:
    """Whole pages: no copy ends in the middle of a cache line."""
    return max(4096, n_bytes - n_bytes % 4096)
