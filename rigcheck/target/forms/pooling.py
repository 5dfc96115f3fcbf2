"""Max-pooling of blocks: forward by `maximum`, backward to the first of the largest."""

from __future__ import annotations

from typing import Callable, Tuple

import torch

_threshold_backward = torch.ops.aten.threshold_backward.grad_input


class Pooling:
    """Pools the left with the right corners, then the upper with the lower of these."""

    def __init__(
        self,
        left: torch.Tensor,
        right: torch.Tensor,
        halve: Callable[[torch.Tensor], Tuple[torch.Tensor, torch.Tensor]],
    ) -> None:
        """Takes the blocks that `forward` reads and `backward` overwrites.

        Args:
            left: corners, upper and lower ones.
            right: those beside them.
            halve: gives views of the upper ones and the lower ones of a tensor of that shape.
        """
        self._left, self._right = left, right
        self._wider = torch.empty(left.shape)
        self._upper, self._lower = halve(self._wider)
        self._left_upper, self._left_lower = halve(left)

    def forward(self, pooled: torch.Tensor) -> None:
        """Writes the largest of each four."""
        torch.maximum(self._left, self._right, out=self._wider)
        torch.maximum(self._upper, self._lower, out=pooled)

    def backward(self, by_pooled: torch.Tensor) -> None:
        """Leaves in the right block its gradient, in the left block that of both together."""
        self._right.sub_(self._left)
        self._lower.sub_(self._upper)
        _threshold_backward(by_pooled, self._lower, 0.0, grad_input=self._left_lower)
        torch.sub(by_pooled, self._left_lower, out=self._left_upper)
        _threshold_backward(self._left, self._right, 0.0, grad_input=self._right)
