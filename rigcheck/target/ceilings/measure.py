"""Every ceiling of a device: a short form of well under a second, and a full one."""

from __future__ import annotations

import contextlib
from typing import Callable, ContextManager, Iterator, List

import torch

from rigcheck.target.ceilings.formats import FLOAT32, formats, training_format
from rigcheck.target.ceilings.host_link import measure_link
from rigcheck.target.ceilings.launch import measure_launch
from rigcheck.target.ceilings.memory import copy_sizes, measure_copy
from rigcheck.target.ceilings.product import measure_product
from rigcheck.target.ceilings.reading import PRODUCT, Reading, unmeasured

_SHORT_PRODUCT_S, _SHORT_COPY_S = 0.3, 0.15
_PRODUCT_S, _COPY_S, _LINK_S, _LAUNCH_S = 1.5, 1.0, 4.0, 0.2


def measure(device: torch.device, *, is_full: bool, tell: Callable[[Reading], None]) -> None:
    """Measures the device's ceilings, and tells each the moment it is there.

    What cannot be measured is told with its problem; nothing is raised.

    Args:
        device: where.
        is_full: every format, copy and kind of launch, on the CPU by threads: some 20 s. Else the
            product that training is held against and one copy, with the threads in use.
        tell: takes each; its `_asdict()` is JSON, and `rigcheck.bench.ceiling` reads it.
    """
    for reading in _guarded(device, is_full=is_full):
        tell(reading)


def _guarded(device: torch.device, *, is_full: bool) -> Iterator[Reading]:
    """A device that no longer answers at all ends the measuring, and not what comes after it."""
    try:
        with _on(device):
            yield from _full(device) if is_full else _short(device)
            if device.type in ("cuda", "xpu"):
                # What torch keeps for later may be what the next one on this GPU lacks.
                getattr(torch, device.type).empty_cache()
    except Exception as error:  # noqa: BLE001 -- torch's own words are the result
        yield unmeasured(Reading(PRODUCT), error)


def thread_counts(threads: int) -> List[int]:
    """One thread, half of those in use, all of them."""
    return sorted({1, max(1, threads // 2), threads})


def _on(device: torch.device) -> ContextManager[object]:
    """Events and waits mean the current GPU."""
    return torch.cuda.device(device) if device.type == "cuda" else contextlib.nullcontext()


def _short(device: torch.device) -> Iterator[Reading]:
    yield measure_product(FLOAT32, device, _SHORT_PRODUCT_S)
    if training_format(device) is not FLOAT32:
        yield measure_product(training_format(device), device, _SHORT_PRODUCT_S)
    yield from _copies(device, is_full=False)


def _full(device: torch.device) -> Iterator[Reading]:
    if device.type == "cpu":
        yield from _by_threads(device)
        return
    for number_format in formats(device):
        yield measure_product(number_format, device, _PRODUCT_S)
    yield from _copies(device, is_full=True)
    yield from measure_link(device, _LINK_S)
    yield from measure_launch(device, _LAUNCH_S)


def _by_threads(device: torch.device) -> Iterator[Reading]:
    in_use = torch.get_num_threads()
    try:
        for threads in thread_counts(in_use):
            torch.set_num_threads(threads)
            for number_format in formats(device):
                yield measure_product(number_format, device, _PRODUCT_S)
            yield from _copies(device, is_full=True)
    finally:
        torch.set_num_threads(in_use)


def _copies(device: torch.device, *, is_full: bool) -> Iterator[Reading]:
    budget_s = _COPY_S if is_full else _SHORT_COPY_S
    for variant, n_bytes in copy_sizes(device, is_full=is_full):
        yield measure_copy(device, variant, n_bytes, budget_s)
