"""How fast a device multiplies matrices, in each number format: 2·M·N·K ÷ time."""

from __future__ import annotations

import contextlib
from typing import Iterator, List, Optional, Tuple

import torch

from rigcheck.target.ceilings.accuracy import relative_error
from rigcheck.target.ceilings.clock import Work, one_run_s, time_blocks
from rigcheck.target.ceilings.formats import (
    FLOAT8,
    Format,
    Operands,
    Shape,
    training_format,
)
from rigcheck.target.ceilings.reading import PRODUCT, Reading, rates, unmeasured
from rigcheck.target.ceilings.room import room_bytes

# The last one is deep rather than wide: on large GPUs it is often the fastest.
_GPU_SHAPES: Tuple[Shape, ...] = (
    (1024, 1024, 1024),
    (2048, 2048, 2048),
    (4096, 4096, 4096),
    (8192, 8192, 8192),
    (16384, 16384, 16384),
    (8192, 8192, 16384),
)
# The smallest finds out slowly emulated formats before they take minutes.
_CPU_SHAPES: Tuple[Shape, ...] = (
    (256, 256, 256),
    (512, 512, 512),
    (1024, 1024, 1024),
    (2048, 2048, 2048),
    (4096, 4096, 4096),
)
_RUN_SHARE = 0.1
"""A shape is tried if one run takes at most this share of the time."""
_SMALL_FLOP, _SMALL_RUN_S = 2 * 512**3, 0.5
"""Or if it is small: of the smallest, the overhead may be all that was seen."""
_TRIAL_RUNS = 3
_FLUSH_BYTES = 256 * 1024**2
_L2_TIMES = 4


def measure_product(number_format: Format, device: torch.device, budget_s: float) -> Reading:
    """The rate at the fastest of several shapes, as far as memory and time allow them."""
    blank = Reading(
        PRODUCT,
        dtype=number_format.name,
        threads=torch.get_num_threads() if device.type == "cpu" else None,
        error_bound=number_format.error_bound,
        is_used_by_training=number_format is training_format(device),
    )
    try:
        with _precision(number_format.precision):
            return _measure(blank, number_format, device, budget_s)
    except Exception as error:  # noqa: BLE001 -- torch's own words are the result
        return unmeasured(blank, error)


def _measure(
    blank: Reading, number_format: Format, device: torch.device, budget_s: float
) -> Reading:
    shape = _fastest_shape(number_format, device, budget_s)
    operands = Operands(number_format, shape, device)
    times_s = time_blocks(
        device, operands.multiply, budget_s=budget_s / 2, before=cache_flush(device)
    )
    usual, best = rates(_flop(shape), times_s)
    return blank._replace(
        size=shape,
        blocks=len(times_s),
        flop_per_s=usual,
        best_flop_per_s=best,
        relative_error=relative_error(operands.left, operands.right, operands.multiply()),
    )


def _fastest_shape(number_format: Format, device: torch.device, budget_s: float) -> Shape:
    """By a short trial of each, from the smallest on.

    Larger ones are left out where they would take too long at the rate seen so far, or where
    memory runs out.
    """
    room = room_bytes(device)
    tried: List[Tuple[float, Shape]] = []
    for shape in _GPU_SHAPES if device.type != "cpu" else _CPU_SHAPES:
        if tried and not _is_worth(shape, max(tried)[0], number_format, room, budget_s):
            continue
        try:
            tried.append((_trial(number_format, shape, device), shape))
        except RuntimeError:
            if not tried:
                raise
            break  # memory, most likely: what fits was measured
    return max(tried)[1]


def _is_worth(shape: Shape, rate: float, number_format: Format, room: int, budget_s: float) -> bool:
    m, n, k = shape
    # Operands are made in float32, one after the other; the flush buffer comes on top.
    item = 4 if number_format is not FLOAT8 else 3
    longest_s = _SMALL_RUN_S if _flop(shape) <= _SMALL_FLOP else budget_s * _RUN_SHARE
    return item * (m * k + k * n + m * n) < room and _flop(shape) / rate < longest_s


def _trial(number_format: Format, shape: Shape, device: torch.device) -> float:
    operands = Operands(number_format, shape, device)
    return _flop(shape) / min(one_run_s(device, operands.multiply) for _ in range(_TRIAL_RUNS))


def _flop(shape: Shape) -> int:
    m, n, k = shape
    return 2 * m * n * k


def cache_flush(device: torch.device) -> Optional[Work]:
    """Overwrites a GPU's cache; the CPU's may help a product, as they do in training."""
    if device.type == "cpu":
        return None
    size = min(max(_FLUSH_BYTES, _L2_TIMES * l2_bytes(device)), room_bytes(device))
    flush: Work = torch.empty(size, dtype=torch.uint8, device=device).zero_
    return flush


def l2_bytes(device: torch.device) -> int:
    """A GPU's second cache level; 0 where torch does not tell it."""
    if device.type != "cuda":
        return 0
    return int(getattr(torch.cuda.get_device_properties(device), "L2_cache_size", 0))


@contextlib.contextmanager
def _precision(name: str) -> Iterator[None]:
    """`highest` keeps TF32 out of float32 products, `high` lets it in."""
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision(name)
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before)
