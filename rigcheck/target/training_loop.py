"""Trains LeNet in blocks of steps and says how long each took.

The device is waited for only at the end of a block, and a block is sized to take a quarter of a
second: long enough for the waiting not to count, short enough for the queue of an asynchronous
device not to run away. Blocks of an epoch follow one another without a gap, so that whatever
training costs, shuffling included, is in one of them.
"""

from __future__ import annotations

import itertools
import math
import time
from typing import Iterable, Iterator, NamedTuple, Sequence

import torch

from rigcheck.target.lenet import Trainer, make_lenet, predict
from rigcheck.target.training_data import Set

_BLOCK_S = 0.25
_LONGEST_S = 0.5
"""A device that slows down in the middle of a block ends it early, with a step under way."""
_WARM_UP_STEPS = 20


class Block(NamedTuple):
    """A stretch of steps. Times are `time.monotonic()`."""

    start_s: float
    end_s: float
    images: int
    epoch: int
    loss_sum: float
    """NaN or infinite where training diverged."""
    hits: int
    """Images told right, each right before it was learned from."""
    ends_epoch: bool


def train(
    trainer: Trainer, data: Set, *, batch_size: int, seed: int, step_s: float
) -> Iterator[Block]:
    """Trains for as many blocks as are asked for, epoch after epoch.

    Args:
        trainer: holds the model.
        data: what to learn; shuffled anew for each epoch, alike on every device.
        batch_size: images a step. An epoch's last step may have fewer.
        seed: of the shuffling.
        step_s: a guess of a step's time, for the first block.
    """
    shuffler = torch.Generator().manual_seed(seed)
    for epoch in itertools.count(1):
        start_s = time.monotonic()
        order = torch.randperm(len(data.labels), generator=shuffler)
        batches = order.to(data.labels.device).split(batch_size)
        done = 0
        while done < len(batches):
            steps = steps_in_block(len(batches) - done, step_s)
            some = _until(start_s + _LONGEST_S, batches[done : done + steps])
            n_steps, images, loss_sum, hits = _train_on(trainer, data, some)
            end_s = time.monotonic()
            done += n_steps
            step_s = (end_s - start_s) / n_steps
            yield Block(start_s, end_s, images, epoch, loss_sum, hits, done == len(batches))
            start_s = end_s


def steps_in_block(steps_left: int, step_s: float) -> int:
    """Steps of the next block, such that what is left of the epoch makes blocks of equal size."""
    blocks = max(1, round(steps_left * step_s / _BLOCK_S))
    return math.ceil(steps_left / blocks)


def warm_up(data: Set, *, batch_size: int, seed: int) -> float:
    """Trains a model that is thrown away: it leaves no trace in the one to be measured.

    Returns:
        What a step took in the second half, in seconds.
    """
    trainer = Trainer(make_lenet(seed, data.labels.device))
    order = torch.arange(len(data.labels), device=data.labels.device)
    batches = list(itertools.islice(itertools.cycle(order.split(batch_size)), _WARM_UP_STEPS))
    half = _WARM_UP_STEPS // 2
    _train_on(trainer, data, batches[:half])
    start_s = time.monotonic()
    _train_on(trainer, data, batches[half:])
    return (time.monotonic() - start_s) / (_WARM_UP_STEPS - half)


def evaluate(trainer: Trainer, data: Set, batch_size: int) -> tuple[float, int]:
    """The prediction pass: the summed loss, and how many images were told right."""
    return _collect(*predict(trainer.model, data.images, data.labels, batch_size))


def _until(end_s: float, batches: Sequence[torch.Tensor]) -> Iterator[torch.Tensor]:
    """The batches, the first in any case, until it is so late."""
    for i, batch in enumerate(batches):
        if i > 0 and time.monotonic() > end_s:
            return
        yield batch


def _train_on(
    trainer: Trainer, data: Set, batches: Iterable[torch.Tensor]
) -> tuple[int, int, float, int]:
    """Trains on each batch; returns steps, images, their summed loss, how many were told right."""
    images, losses, hits = 0, [], []
    for batch in batches:
        loss, hit = trainer.step(
            data.images.index_select(0, batch), data.labels.index_select(0, batch)
        )
        images += len(batch)
        losses.append(loss)
        hits.append(hit)
    return (len(losses), images, *_collect(losses, hits))


def _collect(losses: list[torch.Tensor], hits: list[torch.Tensor]) -> tuple[float, int]:
    """Fetches both from the device, which by that has done all that was asked of it before."""
    n_hits = int(torch.cat(hits).sum())
    return math.fsum(torch.stack(losses).tolist()), n_hits
