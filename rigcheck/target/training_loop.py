"""Trains LeNet in turns of a few blocks of steps and says how long each block took.

The device is waited for only at the end of a block, and a block is sized to take the form's
`block_s`: long enough for the waiting not to count, short enough for the queue of an asynchronous
device not to run away. Within an epoch the blocks of a turn follow one another without a gap, so
that whatever training costs, shuffling included, is in one of them.
"""

from __future__ import annotations

import itertools
import math
import time
from typing import Any, Iterator, List, NamedTuple, Sequence

import torch

from rigcheck.target.forms.form import Form
from rigcheck.target.lenet import predict
from rigcheck.target.load import Load, read_load
from rigcheck.target.training_data import Set

_LONGEST_BLOCKS = 2.0
"""A device that slows down in the middle of a block ends it early, with a step under way."""

_HALF_A_WARM_UP_S = 0.5
"""At most; ten steps take a fifth of it where nothing else is at work."""


class Block(NamedTuple):
    """A stretch of steps. Times are `time.monotonic()`."""

    start_s: float
    end_s: float
    steps: int
    images: int
    """On which the clock ran."""
    epoch: int
    losses: List[float]
    """Summed over the images of each step, those of a run-in before the block included. NaN or
    infinite where training diverged."""
    images_learned: int
    """Those of a run-in included."""
    hits: int
    """Images told right, each right before it was learned from."""
    ends_epoch: bool
    before: Load
    after: Load


class Course:
    """One form's training, epoch after epoch, a turn at a time."""

    def __init__(
        self, form: Form, images: int, *, batch_size: int, seed: int, step_s: float
    ) -> None:
        """Nothing is trained yet.

        Args:
            form: holds the model and the data.
            images: how many there are; shuffled anew for each epoch, alike on every device.
            batch_size: images a step. An epoch's last step may have fewer.
            seed: of the shuffling.
            step_s: a guess of a step's time, for the first block.
        """
        self.form = form
        self._images = images
        self._batch_size = batch_size
        self._shuffler = torch.Generator().manual_seed(seed)
        self._batches: Sequence[torch.Tensor] = ()
        self._epoch = 0
        self._done = 0
        self._step_s = step_s

    def turn(self, duration_s: float, device: torch.device) -> Iterator[Block]:
        """Trains until the blocks add up to so many seconds, across ends of epochs."""
        trained_s = 0.0
        while trained_s < duration_s:
            start_s = time.monotonic()
            if self._done == len(self._batches):
                self._begin_epoch(device)
            with self.form.feed(self._batches[self._done :]) as feed:
                for block in self._blocks(feed, start_s):
                    trained_s += block.end_s - block.start_s
                    yield block
                    if trained_s >= duration_s:
                        break

    def _begin_epoch(self, device: torch.device) -> None:
        order = torch.randperm(self._images, generator=self._shuffler)
        self._batches = order.to(device).split(self._batch_size)
        self._epoch += 1
        self._done = 0

    def _blocks(self, feed: Iterator[Any], start_s: float) -> Iterator[Block]:
        """To the end of the epoch. A feed that needs a run-in has it before the first block."""
        losses: List[float] = []
        run_in_images = hits = 0
        run_in_steps = min(self.form.run_in_steps, (len(self._batches) - self._done) // 2)
        if run_in_steps:
            steps, run_in_images = self._train_on(itertools.islice(feed, run_in_steps))
            self._done += steps
            losses, hits = self.form.collect()
            start_s = time.monotonic()
        before = read_load()
        while self._done < len(self._batches):
            until_s = start_s + _LONGEST_BLOCKS * self.form.block_s
            some = itertools.islice(feed, self._steps_in_block())
            steps, images = self._train_on(_until(until_s, some))
            new_losses, new_hits = self.form.collect()
            end_s = time.monotonic()
            after = read_load()
            self._done += steps
            self._step_s = (end_s - start_s) / steps
            yield Block(
                start_s=start_s,
                end_s=end_s,
                steps=steps,
                images=images,
                epoch=self._epoch,
                losses=losses + new_losses,
                images_learned=run_in_images + images,
                hits=hits + new_hits,
                ends_epoch=self._done == len(self._batches),
                before=before,
                after=after,
            )
            losses, run_in_images, hits = [], 0, 0
            start_s, before = end_s, after

    def _train_on(self, batches: Iterator[Any]) -> "tuple[int, int]":
        steps = images = 0
        for batch in batches:
            images += self.form.step(batch)
            steps += 1
        return steps, images

    def _steps_in_block(self) -> int:
        return steps_in_block(len(self._batches) - self._done, self._step_s, self.form.block_s)


def warm_up(form: Form, batches: Sequence[torch.Tensor]) -> float:
    """Trains a form that is thrown away: it leaves no trace in the one to be measured.

    Takes all batches, or as many as the time for it allows: where something else has the cores, a
    step may take a hundred times as long, and somebody waits for the first figure.

    Returns:
        What a step took in the second half, in seconds.
    """
    half = len(batches) // 2
    with form.feed(batches) as feed:
        for batch in _until(time.monotonic() + _HALF_A_WARM_UP_S, itertools.islice(feed, half)):
            form.step(batch)
        form.collect()
        start_s = time.monotonic()
        steps = 0
        for batch in _until(start_s + _HALF_A_WARM_UP_S, feed):
            form.step(batch)
            steps += 1
        form.collect()
    return (time.monotonic() - start_s) / steps


def steps_in_block(steps_left: int, step_s: float, block_s: float) -> int:
    """Steps of the next block, such that what is left of the epoch makes blocks of equal size."""
    blocks = max(1, round(steps_left * step_s / block_s))
    return math.ceil(steps_left / blocks)


def evaluate(form: Form, data: Set, batch_size: int) -> "tuple[float, int]":
    """The prediction pass: the summed loss, and how many images were told right."""
    losses, hits = predict(form.model(), data.images, data.labels, batch_size)
    n_hits = int(torch.cat(hits).sum())
    return math.fsum(torch.stack(losses).tolist()), n_hits


def _until(end_s: float, batches: Iterator[Any]) -> Iterator[Any]:
    """The batches, the first in any case, until it is so late."""
    for batch in batches:
        yield batch
        if time.monotonic() > end_s:
            return
