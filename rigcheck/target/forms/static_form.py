"""The form whose whole batches are all learned by one call without an argument.

What that call does is `StaticStep.learn_next` here, and whatever launches the same kernels on the
same addresses in a form made of this one.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import Callable, Iterator, List, Optional, Sequence, Tuple

import torch
from torch import nn

from rigcheck.target.forms.form import Form
from rigcheck.target.forms.static_step import Forward, StaticStep
from rigcheck.target.training_data import Set

_STEPS_BEFORE = 3


class StaticForm(Form):
    """Asks for the same step for each whole batch; a smaller one is trained on as it is."""

    name = "peak"

    def __init__(
        self, model: nn.Module, data: Set, batch_size: int, forward: Optional[Forward] = None
    ) -> None:
        """Trains `model` itself; making ready leaves its weights as they are.

        Args:
            model: what to train, on the device of the data.
            data: what to train on.
            batch_size: that of most batches.
            forward: as `StaticStep` takes it.

        Raises:
            RuntimeError: if the step cannot be made ready on this device.
        """
        self._model = model
        self._batch_size = batch_size
        self._step = StaticStep(model, data, batch_size, forward)
        before = [parameter.detach().clone() for parameter in model.parameters()]
        self._device = data.labels.device
        self._learn_whole = self._made_ready()
        self._take_weights(before)

    @contextmanager
    def feed(self, batches: Sequence[torch.Tensor]) -> Iterator[Iterator[torch.Tensor]]:
        """The batches must be stepped through one by one: the device keeps count of them."""
        yield self._in_order(batches)

    def step(self, batch: torch.Tensor) -> int:
        if len(batch) == self._batch_size:
            self._learn_whole()
        else:
            self._step.learn(batch)
        self._step.count_loss()
        return len(batch)

    def collect(self) -> Tuple[List[float], int]:
        return self._step.collect()

    def model(self) -> nn.Module:
        return self._model

    def start_over(self, model: nn.Module) -> StaticForm:
        """The same form once more, with the weights of `model` and nothing counted.

        Where making it ready takes long, this takes the place of making another.
        """
        self._take_weights([parameter.detach() for parameter in model.parameters()])
        return self

    def _take_weights(self, weights: Sequence[torch.Tensor]) -> None:
        """In place: the addresses stay."""
        with torch.no_grad():
            for parameter, weight in zip(self._model.parameters(), weights):
                parameter.copy_(weight)
        self._step.collect()

    def _in_order(self, batches: Sequence[torch.Tensor]) -> Iterator[torch.Tensor]:
        room = self._step.batches_of_room
        for i in range(0, len(batches), room):
            some = batches[i : i + room]
            whole = [batch for batch in some if len(batch) == self._batch_size]
            if whole:
                self._step.set_order(whole)
            yield from some

    def _made_ready(self) -> Callable[[], None]:
        """Returns what learns the next whole batch; a few steps first, so that all is set up."""
        self._learn_first_few()
        return self._step.learn_next

    def _learn_first_few(self) -> None:
        """Steps on the first image again and again: there need not be more than one batch."""
        for _ in range(_STEPS_BEFORE):
            self._step.rewind()
            self._step.learn_next()
