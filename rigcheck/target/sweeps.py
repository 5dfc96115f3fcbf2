"""How the rate in memory changes with the batch size, and on a CPU with the number of threads."""

from __future__ import annotations

from typing import Dict, Iterator, List, NamedTuple, Sequence

import torch

from rigcheck.target.forms.in_memory import InMemory
from rigcheck.target.lenet import LEARNING_RATE, make_lenet
from rigcheck.target.training_data import Set
from rigcheck.target.training_loop import Course

BATCH_SIZES = (100, 256, 512, 1_024, 2_048, 4_096, 8_192, 16_384)
_BASE_BATCH = 100
_WARM_UP_S, _BATCH_S = 0.2, 1.0
_THREADS_S, _ROUNDS = 0.5, 3


class Point(NamedTuple):
    """The rate at one setting."""

    value: int
    """The batch size, or the number of threads."""
    images_per_s: float
    """Median of the blocks."""
    best_images_per_s: float


def sweep_batches(data: Set, device: torch.device, seed: int) -> Iterator[Point]:
    """The rate at each batch size that the data allows, smallest first; ends where memory does.

    The loss is summed over a batch, so the learning rate goes down as the batch goes up: else
    training would diverge, and a loss that is no number is not trained at the usual speed
    everywhere.
    """
    for batch_size in BATCH_SIZES:
        if batch_size > len(data.labels):
            return
        try:
            course = _course(data, device, seed, batch_size)
            list(course.turn(_WARM_UP_S, device))
            rates = _rates(course, device, _BATCH_S)
        except (MemoryError, RuntimeError) as error:
            if not is_out_of_memory(error):
                raise
            return
        yield _point(batch_size, rates)


def sweep_threads(data: Set, device: torch.device, seed: int, most: int) -> Iterator[Point]:
    """The rate at 1, 2, 4 … and `most` threads, in turns, so that all meet the machine's moods."""
    counts = sorted({most, *(2**i for i in range(most.bit_length()) if 2**i <= most)})
    in_use = torch.get_num_threads()
    course = _course(data, device, seed, _BASE_BATCH)
    rates: Dict[int, List[float]] = {count: [] for count in counts}
    try:
        for _ in range(_ROUNDS):
            for count in counts:
                torch.set_num_threads(count)
                list(course.turn(_WARM_UP_S, device))
                rates[count] += _rates(course, device, _THREADS_S)
    finally:
        torch.set_num_threads(in_use)
    for count in counts:
        yield _point(count, rates[count])


def is_out_of_memory(error: BaseException) -> bool:
    """True for torch's several ways to say so; `torch.OutOfMemoryError` is a RuntimeError."""
    words = str(error).lower()
    return isinstance(error, MemoryError) or "out of memory" in words or "allocate memory" in words


def _course(data: Set, device: torch.device, seed: int, batch_size: int) -> Course:
    form = InMemory(make_lenet(seed, device), data, LEARNING_RATE * _BASE_BATCH / batch_size)
    return Course(form, len(data.labels), batch_size=batch_size, seed=seed, step_s=0.01)


def _rates(course: Course, device: torch.device, duration_s: float) -> List[float]:
    blocks = course.turn(duration_s, device)
    return [block.images / (block.end_s - block.start_s) for block in blocks]


def _point(value: int, rates: Sequence[float]) -> Point:
    ascending = sorted(rates)
    return Point(value, ascending[len(ascending) // 2], ascending[-1])
