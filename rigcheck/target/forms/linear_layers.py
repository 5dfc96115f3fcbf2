"""The three linear layers of `phases`, batch last, with their buffers for one batch size."""

from __future__ import annotations

import torch

from rigcheck.target.forms.flat_weights import FlatWeights


class LinearLayers:
    """400 → 120 → 84 → 10. The inputs of each are (inputs + 1, B), the last row being ones.

    Attributes:
        pooled: (5, 16, 5 · B), the rows before the ones of the first, for the pooling to fill in.
    """

    def __init__(self, weights: FlatWeights, batch_size: int) -> None:
        """Reads `weights`, and writes their gradients."""
        a, b, c = (torch.ones(n + 1, batch_size) for n in (400, 120, 84))
        fc1, fc2, fc3 = weights.matrices[2:]
        self._hidden = ((fc1, a, b[:-1]), (fc2, b, c[:-1]))
        self._last = (c.t(), fc3.t(), torch.empty(batch_size, 10))
        self.pooled = a[:-1].view(5, 16, 5 * batch_size)
        self._from_the_last = [
            (inputs.t(), gradient, matrix[:, :-1].t(), torch.empty(len(inputs) - 1, batch_size))
            for matrix, gradient, inputs in zip(
                (fc3, fc2, fc1), weights.gradients[:1:-1], (c, b, a)
            )
        ]

    def forward(self) -> torch.Tensor:
        """(B, 10): the logits."""
        for matrix, inputs, outputs in self._hidden:
            torch.mm(matrix, inputs, out=outputs)
        inputs, matrix, logits = self._last
        return torch.mm(inputs, matrix, out=logits)

    def backward(self, by_logits: torch.Tensor) -> torch.Tensor:
        """Fills in the gradients; returns the loss's by `pooled`, in its shape."""
        by_outputs = by_logits.t()
        for inputs, gradient, matrix, by_inputs in self._from_the_last:
            torch.mm(by_outputs, inputs, out=gradient)
            by_outputs = torch.mm(matrix, by_outputs, out=by_inputs)
        return by_outputs.view(self.pooled.shape)
