"""What a form of the training step is to the loop that times it."""

from __future__ import annotations

from typing import Any, ContextManager, Iterator, List, Sequence, Tuple

import torch
from torch import nn


class Form:
    """LeNet and its training, in one form.

    A form waits for its device in `collect` and nowhere else, but for the one written as scripts
    are, whose waiting is part of what it measures.

    All forms do the same mathematics: the same batches from the same weights give the same losses
    and the same weights, but for rounding.

    Attributes:
        name: as `rigcheck.bench.tier.Tier` has it.
        block_s: how long a block of steps should take, so that its measure means something.
        run_in_steps: how many of a feed's first steps are not the form's usual ones, since what
            feeds it is only starting. They train, but no clock runs.
    """

    name = ""
    block_s = 0.25
    run_in_steps = 0

    def feed(self, batches: Sequence[torch.Tensor]) -> ContextManager[Iterator[Any]]:
        """Opens what brings the batches to the device, one after the other, in this order.

        Args:
            batches: each (B,) int64, indices of training images, on the form's device.
        """
        raise NotImplementedError

    def step(self, batch: Any) -> int:
        """Trains on what the feed gave; returns how many images that were."""
        raise NotImplementedError

    def collect(self) -> Tuple[List[float], int]:
        """Waits until the device has done all that was asked of it.

        Returns:
            The summed loss of each step since the last call, and how many images were told right,
            each right before it was learned from.
        """
        raise NotImplementedError

    def model(self) -> nn.Module:
        """The network with the weights of now, as `rigcheck.target.lenet.make_lenet` makes it."""
        raise NotImplementedError
