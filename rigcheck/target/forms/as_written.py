"""The post's own loop, as scripts still have it.

A DataLoader with 4 worker processes opens each image through PIL and makes a tensor of it with
torchvision's ToTensor; each batch travels to the device; each step waits for the device, to have
its loss and its count of images told right as numbers. On most machines it is the loader that this
measures, and not the device.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Iterator, Sequence

import torch
from torch import nn

from rigcheck.target.forms.image_loader import BATCHES_AHEAD, ImageLoader
from rigcheck.target.forms.waiting import Waiting
from rigcheck.target.forms.workers import WORKERS
from rigcheck.target.training_data import Set


class AsWritten(Waiting):
    """Has its batches made by worker processes."""

    block_s = 1.0
    """A block begins and ends with some batches lying ready; of few, they would be many."""
    run_in_steps = WORKERS * BATCHES_AHEAD
    """The loader makes these before the first is asked for: they come faster than others."""

    def __init__(self, model: nn.Module, data: Set) -> None:
        """Trains `model` itself.

        Raises:
            TaskError: if torchvision, Pillow or NumPy is missing or broken.
        """
        super().__init__(model, data)
        self._loader = ImageLoader(data)

    @contextmanager
    def feed(self, batches: Sequence[torch.Tensor]) -> Iterator[Iterator[Any]]:
        """Starts the workers, and ends them when left.

        Raises:
            TaskError: if they do not start, or one of them fails or is killed.
        """
        with self._loader.batches([batch.tolist() for batch in batches]) as made:
            yield made
