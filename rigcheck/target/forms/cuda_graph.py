"""The fastest honest form on a GPU: the whole step captured once in a CUDA graph, then replayed.

At batch 100 LeNet's step is some 40 kernels, most of which take a GPU less time than the host takes
to launch one. A replay launches all of them by a single call. It is the same kernels on the same
numbers as `in_memory` has, autograd's backward included, or those that `torch.compile` makes of
the network.

Written by https://pytorch.org/docs/stable/notes/cuda.html#cuda-graphs: a few steps on a side stream
first, so that libraries and the allocator have set themselves up, and kernels are compiled; then
the capture on that same stream, which runs nothing.
"""

from __future__ import annotations

from typing import Callable, Optional

import torch
from torch import nn

from rigcheck.target.forms.static_form import StaticForm
from rigcheck.target.forms.static_step import Forward
from rigcheck.target.training_data import Set


class CudaGraph(StaticForm):
    """Replays a captured step for each whole batch."""

    def _made_ready(self) -> Callable[[], None]:
        with torch.cuda.device(self._device):
            stream = torch.cuda.Stream()
            stream.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(stream):
                self._learn_first_few()
            torch.cuda.current_stream().wait_stream(stream)
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph, stream=stream):
                self._step.learn_next()
        replay: Callable[[], None] = graph.replay
        return replay


def captured(
    model: nn.Module, data: Set, batch_size: int, forward: Optional[Forward] = None
) -> StaticForm:
    """The step in a graph where there are CUDA graphs, and as it is elsewhere.

    Raises:
        RuntimeError: if it cannot be captured on this GPU.
    """
    kind = CudaGraph if data.labels.device.type == "cuda" else StaticForm
    return kind(model, data, batch_size, forward)
