"""The fastest honest form on a GPU: the whole step captured once in a CUDA graph, then replayed.

At batch 100 LeNet's step is some 40 kernels, most of which take a GPU less time than the host takes
to launch one. A replay launches all of them by a single call. It is the same kernels on the same
numbers as `in_memory` has, autograd's backward included.

Written by https://pytorch.org/docs/stable/notes/cuda.html#cuda-graphs: a few steps on a side stream
first, so that libraries and the allocator have set themselves up; then the capture on that same
stream, which runs nothing.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import Callable, Iterator, List, Sequence, Tuple

import torch
from torch import nn

from rigcheck.target.forms.form import Form
from rigcheck.target.forms.static_step import StaticStep
from rigcheck.target.training_data import Set

_STEPS_BEFORE_CAPTURE = 3


class CudaGraph(Form):
    """Replays a captured step for each whole batch; a smaller one is trained on as it is."""

    name = "peak"

    def __init__(self, model: nn.Module, data: Set, batch_size: int) -> None:
        """Trains `model` itself, whose weights the capture leaves as they are.

        Raises:
            RuntimeError: if the step cannot be captured on this GPU.
        """
        self._model = model
        self._batch_size = batch_size
        self._step = StaticStep(model, data, batch_size)
        self._replay = self._prepare(data.labels.device)

    @contextmanager
    def feed(self, batches: Sequence[torch.Tensor]) -> Iterator[Iterator[torch.Tensor]]:
        """The batches must be stepped through one by one: the device keeps count of them."""
        yield self._in_order(batches)

    def step(self, batch: torch.Tensor) -> int:
        if len(batch) == self._batch_size:
            self._replay()
        else:
            self._step.learn(batch)
        self._step.count_loss()
        return len(batch)

    def collect(self) -> Tuple[List[float], int]:
        return self._step.collect()

    def model(self) -> nn.Module:
        return self._model

    def _in_order(self, batches: Sequence[torch.Tensor]) -> Iterator[torch.Tensor]:
        room = self._step.batches_of_room
        for i in range(0, len(batches), room):
            some = batches[i : i + room]
            whole = [batch for batch in some if len(batch) == self._batch_size]
            if whole:
                self._step.set_order(whole)
            yield from some

    def _prepare(self, device: torch.device) -> Callable[[], None]:
        before = [parameter.detach().clone() for parameter in self._model.parameters()]
        replay = self._capture(device)
        with torch.no_grad():
            for parameter, weight in zip(self._model.parameters(), before):
                parameter.copy_(weight)
        self._step.collect()
        return replay

    def _capture(self, device: torch.device) -> Callable[[], None]:
        with torch.cuda.device(device):
            stream = torch.cuda.Stream()
            stream.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(stream):
                for _ in range(_STEPS_BEFORE_CAPTURE):
                    self._learn_first()
            torch.cuda.current_stream().wait_stream(stream)
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph, stream=stream):
                self._step.learn_next()
        replay: Callable[[], None] = graph.replay
        return replay

    def _learn_first(self) -> None:
        """A step on the first image again and again: there need not be more than one batch."""
        self._step.rewind()
        self._step.learn_next()
