"""The step of scripts: each batch travels to the device, each number comes back at once.

So every step waits for the device, where the host could launch the next one meanwhile. On a GPU
that costs; on a CPU there is nothing to wait for.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Iterator, List, Sequence, Tuple

import torch
from torch import nn
from torch.nn import functional

from rigcheck.target.forms.form import Form
from rigcheck.target.forms.in_memory import update
from rigcheck.target.training_data import Set


class Waiting(Form):
    """That step alone: its batches lie ready in main memory, and no loader has to make them."""

    name = "as-written"

    def __init__(self, model: nn.Module, data: Set) -> None:
        """Trains `model` itself."""
        self._model = model
        self._parameters = list(model.parameters())
        self._data = data
        self._losses: List[float] = []
        self._hits = 0

    @contextmanager
    def feed(self, batches: Sequence[torch.Tensor]) -> Iterator[Iterator[Any]]:
        """All are gathered before the first is stepped through."""
        images, labels = self._data
        ready = [
            (images.index_select(0, batch).cpu(), labels.index_select(0, batch).cpu())
            for batch in batches
        ]
        yield iter(ready)

    def step(self, batch: Tuple[torch.Tensor, torch.Tensor]) -> int:
        device = self._data.labels.device
        images, labels = (part.to(device) for part in batch)
        logits = self._model(images)
        loss = functional.cross_entropy(logits, labels, reduction="sum")
        update(self._parameters, loss)
        self._losses.append(loss.item())
        self._hits += int((logits.argmax(1) == labels).sum().item())
        return len(labels)

    def collect(self) -> Tuple[List[float], int]:
        losses, hits = self._losses, self._hits
        self._losses, self._hits = [], 0
        return losses, hits

    def model(self) -> nn.Module:
        return self._model
