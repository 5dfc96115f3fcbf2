"""The three linear layers of `phases`, batch last, with their buffers for one batch size."""

from __future__ import annotations

import torch

from rigcheck.target.forms.flat_weights import FlatWeights


class LinearLayers:
    """400 → 120 → 84 → 10. The inputs of each are (inputs + 1, B), the last row being ones.

    Attributes:
        pooled: (5, 16, 5 · B), the rows before the ones of the first, for the pooling to fill in.
    """

    def __init__(self, batch_size: int) -> None:
        self._inputs = [torch.ones(n + 1, batch_size) for n in (400, 120, 84)]
        self._by_inputs = [torch.empty(n, batch_size) for n in (400, 120, 84)]
        self._logits = torch.empty(batch_size, 10)
        self.pooled = self._inputs[0][:-1].view(5, 16, 5 * batch_size)

    def forward(self, weights: FlatWeights) -> torch.Tensor:
        """(B, 10): the logits."""
        fc1, fc2, fc3 = weights.matrices[2:]
        a, b, c = self._inputs
        torch.mm(fc1, a, out=b[:-1])
        torch.mm(fc2, b, out=c[:-1])
        return torch.mm(c.t(), fc3.t(), out=self._logits)

    def backward(self, weights: FlatWeights, by_logits: torch.Tensor) -> torch.Tensor:
        """Fills in the gradients; returns the loss's by `pooled`, in its shape."""
        by_outputs = by_logits.t()
        for layer in (2, 1, 0):
            matrix, gradient = weights.matrices[2 + layer], weights.gradients[2 + layer]
            torch.mm(by_outputs, self._inputs[layer].t(), out=gradient)
            by_inputs = self._by_inputs[layer]
            by_outputs = torch.mm(matrix[:, :-1].t(), by_outputs, out=by_inputs)
        return by_outputs.view(self.pooled.shape)
