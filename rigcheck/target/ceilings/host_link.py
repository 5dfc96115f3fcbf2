"""How fast data comes to a device and back, from pinned memory and from any other."""

from __future__ import annotations

from typing import Iterator, Tuple

import torch

from rigcheck.target.ceilings.clock import one_run_s, time_blocks
from rigcheck.target.ceilings.reading import FROM_DEVICE, TO_DEVICE, Reading, rates, unmeasured
from rigcheck.target.ceilings.room import host_room_bytes, room_bytes

PINNED, PAGEABLE = "pinned", "pageable"
_MOST_BYTES = 512 * 1024**2
_PROBE_BYTES = 8 * 1024**2
_COPIES = 8
"""As many are to fit into the time, which a link of one lane needs a smaller buffer for."""


def measure_link(device: torch.device, budget_s: float) -> Iterator[Reading]:
    """Both directions, each from or to both kinds of memory."""
    for variant in (PINNED, PAGEABLE):
        blanks = Reading(TO_DEVICE, variant), Reading(FROM_DEVICE, variant)
        try:
            here, there = _buffers(device, variant, budget_s / 4)
        except Exception as error:  # noqa: BLE001 -- torch's own words are the result
            yield from (unmeasured(blank, error) for blank in blanks)
            continue
        yield _measure(blanks[0], device, there, here, budget_s / 4)
        yield _measure(blanks[1], device, here, there, budget_s / 4)


def _measure(
    blank: Reading,
    device: torch.device,
    target: torch.Tensor,
    source: torch.Tensor,
    budget_s: float,
) -> Reading:
    # Asking without waiting is possible with pinned memory alone, and lets copies follow at once.
    is_pinned = blank.variant == PINNED
    sized = blank._replace(size=(source.numel(),))
    try:
        times_s = time_blocks(
            device, lambda: target.copy_(source, non_blocking=is_pinned), budget_s=budget_s
        )
        usual, best = rates(source.numel(), times_s)
    except Exception as error:  # noqa: BLE001 -- torch's own words are the result
        return unmeasured(sized, error)
    return sized._replace(blocks=len(times_s), bytes_per_s=usual, best_bytes_per_s=best)


def _buffers(
    device: torch.device, variant: str, budget_s: float
) -> Tuple[torch.Tensor, torch.Tensor]:
    """One on the host, one on the device, both written to."""
    here, there = _pair(device, variant, _PROBE_BYTES)
    guess_s = min(one_run_s(device, lambda: there.copy_(here)) for _ in range(3))
    wanted = int(budget_s / _COPIES / guess_s)
    room = min(room_bytes(device), host_room_bytes()) // _PROBE_BYTES
    times = min(_MOST_BYTES // _PROBE_BYTES, wanted, room)
    return _pair(device, variant, _PROBE_BYTES * times) if times > 1 else (here, there)


def _pair(device: torch.device, variant: str, n_bytes: int) -> Tuple[torch.Tensor, torch.Tensor]:
    here = torch.full((n_bytes,), 1, dtype=torch.uint8, pin_memory=variant == PINNED)
    return here, torch.full((n_bytes,), 2, dtype=torch.uint8, device=device)
