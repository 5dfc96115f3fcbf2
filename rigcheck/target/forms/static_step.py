"""A whole training step on buffers that stay where they are, as capturing it in a graph demands.

What a captured step reads and writes is fixed for good, down to the address. So the order of the
images lies on the device, and numbers on the device say where in it the next step begins and where
its loss goes: a step takes no argument, and no step needs the host for anything but its start.
"""

from __future__ import annotations

from typing import Callable, List, Optional, Sequence, Tuple

import torch
from torch import nn
from torch.nn import functional

from rigcheck.target.forms.in_memory import update
from rigcheck.target.training_data import Set

_LOSSES = 1 << 16
"""Room for so many losses: 256 KiB. When it is full, they are moved aside on the device."""

Forward = Callable[[torch.Tensor, torch.Tensor], Tuple[torch.Tensor, torch.Tensor]]
"""Of images (B, 1, 28, 28) and labels (B,) the summed loss and how many were told right, both
scalars on the device. The loss leads back to the weights."""


def forward_of(model: nn.Module) -> Forward:
    """The network by torch's own operators."""

    def forward(images: torch.Tensor, labels: torch.Tensor) -> Tuple[torch.Tensor, torch.Tensor]:
        logits = model(images)
        loss = functional.cross_entropy(logits, labels, reduction="sum")
        return loss, (logits.detach().argmax(1) == labels).sum()

    return forward


class StaticStep:
    """Gathers, learns and counts, all of it on the device of the data."""

    def __init__(
        self, model: nn.Module, data: Set, batch_size: int, forward: Optional[Forward] = None
    ) -> None:
        """Has room for the order of one epoch's whole batches, of one at least.

        Args:
            model: what is trained.
            data: what it is trained on.
            batch_size: of a whole batch.
            forward: how `model` takes a whole batch, where that is not by torch's own operators.
        """
        device = data.labels.device
        self._plain_forward = forward_of(model)
        self._forward = forward or self._plain_forward
        self._parameters = list(model.parameters())
        self._data = data
        self.batches_of_room = max(1, len(data.labels) // batch_size)
        self._order = torch.zeros(
            (self.batches_of_room, batch_size), dtype=torch.int64, device=device
        )
        self._next = torch.zeros(1, dtype=torch.int64, device=device)
        self._losses = torch.zeros(_LOSSES, device=device)
        self._loss_at = torch.zeros(1, dtype=torch.int64, device=device)
        self._hits = torch.zeros((), dtype=torch.int64, device=device)
        self._losses_kept = 0
        self._moved_aside: List[torch.Tensor] = []

    def set_order(self, batches: Sequence[torch.Tensor]) -> None:
        """Puts down what the next calls of `learn_next` learn, at most `batches_of_room`."""
        torch.stack(list(batches), out=self._order[: len(batches)])
        self.rewind()

    def rewind(self) -> None:
        """The next step is on the order's first batch."""
        self._next.zero_()

    def learn_next(self) -> None:
        """The step to capture: the next batch of the order."""
        self._learn(self._order.index_select(0, self._next).view(-1), self._forward)
        self._next.add_(1)

    def learn(self, batch: torch.Tensor) -> None:
        """A step on a batch of any size, which a compiled forward would be compiled for anew."""
        self._learn(batch, self._plain_forward)

    def _learn(self, batch: torch.Tensor, forward: Forward) -> None:
        labels = self._data.labels.index_select(0, batch)
        loss, hits = forward(self._data.images.index_select(0, batch), labels)
        update(self._parameters, loss)
        self._losses.index_copy_(0, self._loss_at, loss.detach().view(1))
        self._loss_at.add_(1)
        self._hits.add_(hits)

    def count_loss(self) -> None:
        """Says after each step, on the host, that it was asked for."""
        self._losses_kept += 1
        if self._losses_kept == len(self._losses):
            self._moved_aside.append(self._losses.clone())
            self._forget_losses()

    def collect(self) -> Tuple[List[float], int]:
        """The losses and hits since the last call, waiting for the device."""
        parts = [*self._moved_aside, self._losses[: self._losses_kept]]
        losses, hits = torch.cat(parts).tolist(), int(self._hits)
        self._moved_aside = []
        self._forget_losses()
        self._hits.zero_()
        return losses, hits

    def _forget_losses(self) -> None:
        self._losses_kept = 0
        self._loss_at.zero_()
