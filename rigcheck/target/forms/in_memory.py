"""Plain autograd on data that already lies on the device; nothing waits for the device."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Iterator, List, Sequence, Tuple

import torch
from torch import nn
from torch.nn import functional

from rigcheck.target.forms.form import Form
from rigcheck.target.lenet import LEARNING_RATE
from rigcheck.target.training_data import Set


class InMemory(Form):
    """Each batch is gathered by index on the device; statistics stay there until `collect`."""

    name = "in-memory"

    def __init__(self, model: nn.Module, data: Set, learning_rate: float = LEARNING_RATE) -> None:
        """Trains `model` itself, which lies on the device on which `data` lies."""
        self._model = model
        self._learning_rate = learning_rate
        self._parameters = list(model.parameters())
        self._data = data
        self._losses: List[torch.Tensor] = []
        self._hits: List[torch.Tensor] = []

    @contextmanager
    def feed(self, batches: Sequence[torch.Tensor]) -> Iterator[Iterator[torch.Tensor]]:
        yield iter(batches)

    def step(self, batch: torch.Tensor) -> int:
        labels = self._data.labels.index_select(0, batch)
        logits = self._model(self._data.images.index_select(0, batch))
        loss = functional.cross_entropy(logits, labels, reduction="sum")
        update(self._parameters, loss, self._learning_rate)
        self._losses.append(loss.detach())
        self._hits.append(logits.detach().argmax(1) == labels)
        return len(batch)

    def collect(self) -> Tuple[List[float], int]:
        losses, hits = self._losses, self._hits
        self._losses, self._hits = [], []
        if not losses:
            return [], 0
        return torch.stack(losses).tolist(), int(torch.cat(hits).sum())

    def model(self) -> nn.Module:
        return self._model


def update(
    parameters: List[nn.Parameter], loss: torch.Tensor, learning_rate: float = LEARNING_RATE
) -> None:
    """Backward and plain SGD.

    Written out: the first `torch.optim` object of a process costs a second of imports.
    """
    gradients = torch.autograd.grad(loss, parameters)
    with torch.no_grad():
        torch._foreach_add_(parameters, gradients, alpha=-learning_rate)
