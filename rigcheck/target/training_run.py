"""The stages of the training task that need torch, in order."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import Callable, Optional

import torch

from rigcheck.target.lenet import Trainer, make_lenet
from rigcheck.target.mnist import Mnist
from rigcheck.target.mnist_download import download_mnist
from rigcheck.target.task_error import TaskError
from rigcheck.target.training import enter
from rigcheck.target.training_data import TrainingData, to_device
from rigcheck.target.training_loop import Block, evaluate, train, warm_up
from rigcheck.target.wire import Wire
from rigcheck.target.wish import Wish


def train_and_tell(wire: Wire, wish: Wish, read: Callable[[], Optional[Mnist]]) -> None:
    """Runs every stage after the import.

    Args:
        wire: what is sent on it is described in `rigcheck.bench.wire_events`.
        wish: what is asked for.
        read: returns MNIST, or None for the built-in digits.

    Raises:
        TaskError: if the data is no good, or training diverges.
    """
    if wish.threads is not None:
        torch.set_num_threads(wish.threads)
    wire.send("imported", torch_version=str(torch.__version__), threads=torch.get_num_threads())
    enter(wire, "device")
    device = _open(wish.device)
    if wish.download and wish.data_dir is not None:
        enter(wire, "download")
        download_mnist(Path(wish.data_dir))
    enter(wire, "data")
    data = to_device(read(), device)
    wire.send("data", **_description(data))
    enter(wire, "warm-up")
    step_s = _warm_up(wire, wish, data)
    enter(wire, "training")
    trainer = Trainer(make_lenet(wish.seed, device))
    _train(wire, wish, trainer, data, step_s)
    enter(wire, "evaluation")
    _evaluate(wire, wish, trainer, data)


def _open(name: str) -> torch.device:
    """Makes the device compute at once, so that what is wrong with it shows here."""
    device = torch.device(name)
    torch.ones(1, device=device).add_(1).tolist()
    return device


def _description(data: TrainingData) -> dict[str, object]:
    return {
        "kind": data.kind,
        "train_images": len(data.train.labels),
        "test_images": len(data.test.labels),
    }


def _warm_up(wire: Wire, wish: Wish, data: TrainingData) -> float:
    start_s = time.monotonic()
    step_s = warm_up(data.train, batch_size=wish.batch_size, seed=wish.seed)
    wire.send("warm_up", duration_s=time.monotonic() - start_s)
    return step_s


def _train(wire: Wire, wish: Wish, trainer: Trainer, data: TrainingData, step_s: float) -> None:
    """Trains until the time or the epochs asked for are over; a time-boxed run may end in one."""
    images, trained_s, epoch = 0, 0.0, _Epoch()
    blocks = train(trainer, data.train, batch_size=wish.batch_size, seed=wish.seed, step_s=step_s)
    for block in blocks:
        images += block.images
        trained_s += block.end_s - block.start_s
        _tell_block(wire, block)
        if not math.isfinite(block.loss_sum):
            raise TaskError(
                "training diverged: the loss is no number after {:,} images".format(images)
            )
        epoch.add(block)
        if block.ends_epoch:
            epoch.tell(wire, block.epoch)
            if block.epoch == wish.epochs:
                return
            epoch = _Epoch()
        if wish.epochs is None and trained_s >= wish.training_s:
            return


def _tell_block(wire: Wire, block: Block) -> None:
    wire.send(
        "block",
        start_s=block.start_s,
        end_s=block.end_s,
        images=block.images,
        epoch=block.epoch,
        loss=block.loss_sum / block.images,
    )


class _Epoch:
    """Adds up the blocks of one epoch."""

    def __init__(self) -> None:
        self._duration_s = self._loss_sum = 0.0
        self._images = self._hits = 0

    def add(self, block: Block) -> None:
        self._duration_s += block.end_s - block.start_s
        self._loss_sum += block.loss_sum
        self._images += block.images
        self._hits += block.hits

    def tell(self, wire: Wire, number: int) -> None:
        wire.send(
            "epoch",
            number=number,
            duration_s=self._duration_s,
            loss=self._loss_sum / self._images,
            accuracy=self._hits / self._images,
        )


def _evaluate(wire: Wire, wish: Wish, trainer: Trainer, data: TrainingData) -> None:
    start_s = time.monotonic()
    loss_sum, hits = evaluate(trainer, data.test, wish.batch_size)
    images = len(data.test.labels)
    wire.send(
        "evaluation",
        images=images,
        duration_s=time.monotonic() - start_s,
        loss=loss_sum / images,
        accuracy=hits / images,
    )
