"""All of LeNet's weights in one vector, in the order in which `phases` uses them."""

from __future__ import annotations

from typing import List, Tuple

import torch
from torch import nn

_SIZES = ((6, 10), (16, 151), (120, 401), (84, 121), (10, 85))
"""Of each layer's matrix: outputs, inputs to each and its bias."""


class FlatWeights:
    """The layers' matrices, each with the bias as its last column, and their gradients.

    conv2's columns are in the order (row, column, channel) of the kernel, and fc1's in the order
    (row, channel, column) of the pooled image.

    Attributes:
        all: (61610,), all of them.
        all_gradients: (61610,), of the summed loss.
        matrices: views into `all`, (outputs, inputs + 1) each.
        gradients: views into `all_gradients`, likewise.
    """

    def __init__(self, model: nn.Module) -> None:
        self.all, self.matrices = _vector()
        self.all_gradients, self.gradients = _vector()
        parameters = [parameter.detach() for parameter in model.parameters()]
        for matrix, weight, bias in zip(self.matrices, _weights(parameters), parameters[1::2]):
            matrix[:, :-1].view(weight.shape).copy_(weight)
            matrix[:, -1].copy_(bias)

    def write_to(self, model: nn.Module) -> None:
        """Copies the weights of now into a model's parameters."""
        parameters = [parameter.detach() for parameter in model.parameters()]
        for matrix, weight, bias in zip(self.matrices, _weights(parameters), parameters[1::2]):
            weight.copy_(matrix[:, :-1].view(weight.shape))
            bias.copy_(matrix[:, -1])


def _vector() -> Tuple[torch.Tensor, List[torch.Tensor]]:
    lengths = [rows * columns for rows, columns in _SIZES]
    vector = torch.zeros(sum(lengths))
    parts = vector.split(lengths)
    return vector, [part.view(size) for part, size in zip(parts, _SIZES)]


def _weights(parameters: List[torch.Tensor]) -> List[torch.Tensor]:
    """Views of the layers' weights, as (outputs, …) with their inputs in the order used here."""
    conv1, conv2, fc1, fc2, fc3 = parameters[::2]
    return [
        conv1.squeeze(1),
        conv2.permute(0, 2, 3, 1),
        fc1.view(120, 16, 5, 5).permute(0, 2, 1, 3),
        fc2,
        fc3,
    ]
