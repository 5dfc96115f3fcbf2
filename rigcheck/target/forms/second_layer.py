"""The second pooled convolution of `phases`, with its buffers for one batch size.

The derivation is in `rigcheck.target.forms.phases`. `rows` and `columns` are of an image; a tensor
of columns has the even ones first, as (2, n / 2), and the batch behind each.
"""

from __future__ import annotations

from typing import Tuple

import torch

from rigcheck.target.forms.flat_weights import FlatWeights
from rigcheck.target.forms.pooling import Pooling


class SecondLayer:
    """6 × (14, 14) → 16 × (5, 5)."""

    def __init__(self, weights: FlatWeights, batch_size: int) -> None:
        """Reads `weights`, and writes their gradients."""
        width = 5 * batch_size
        self._batch_size = batch_size
        rows = torch.empty(14 * 36, width)
        self._copied = rows.view(14, 3, 2, 6, -1)
        self._patches = rows.as_strided((10, 180, width), (36 * width, width, 1))
        self._patches_turned = self._patches.transpose(1, 2)
        self._corners = torch.empty(10, 32, width)
        left, right = self._corners.split(16, 1)
        self._pooling = Pooling(left, right, lambda block: (block[::2], block[1::2]))
        matrix, gradient = weights.matrices[1], weights.gradients[1]
        self._kernels, self._by_kernels = (
            each[:, :-1].view(16, 5, 30) for each in (matrix, gradient)
        )
        self._bias, self._by_bias = matrix[:, -1:], gradient[:, -1]
        folded, self._shifted = _fold_by_two()
        self._folded = folded.expand(10, 32, 180)
        self._by_row = torch.empty(10, 32, 180)
        self._by_folded = torch.empty(32, 180)
        self._by_left, self._by_right = self._by_folded.view(2, 16, 5, 36)
        self._images = _Images(folded, self._corners, batch_size)

    def forward(self, images: torch.Tensor, pooled: torch.Tensor) -> None:
        """Writes (5, 16, 5 · B) from (14, 6, 14 · B): rows, channels, columns."""
        self._copied.copy_(_shifts_of(images, self._batch_size))
        self._shifted.copy_(self._kernels)
        torch.bmm(self._folded, self._patches, out=self._corners)
        self._pooling.forward(pooled)
        pooled.add_(self._bias)

    def backward(self, by_pooled: torch.Tensor) -> torch.Tensor:
        """Fills in the gradients; returns the loss's by the images, in their shape."""
        torch.sum(by_pooled, (0, 2), out=self._by_bias)
        self._pooling.backward(by_pooled)
        torch.bmm(self._corners, self._patches_turned, out=self._by_row)
        torch.sum(self._by_row, 0, out=self._by_folded)
        self._by_left.sub_(self._by_right)
        torch.add(self._by_left[..., :30], self._by_right[..., 6:], out=self._by_kernels)
        return self._images.backward()


class _Images:
    """The gradient by the images, once the corners hold theirs."""

    def __init__(self, folded: torch.Tensor, corners: torch.Tensor, batch_size: int) -> None:
        width = 5 * batch_size
        self._left, self._right = folded.split(16)
        kernels = torch.empty(32, 180)
        self._of_left, self._of_right = kernels.split(16)
        self._kernels = kernels.t().expand(2, 180, 32)
        by_rows = torch.empty(14 * 36, width)
        # A row of outputs and the one five below it read no common row of inputs.
        by_patches = [
            by_rows.as_strided((2, 180, width), (180 * width, width, 1), row * 36 * width)
            for row in range(5)
        ]
        self._sums = list(zip(by_patches, (corners[row::5] for row in range(5))))
        self._not_in_the_first = by_rows[360:]
        self._by_shift = by_rows.view(14, 3, 2, 6, -1).unbind(1)
        self._by_images = torch.empty(14, 6, 14 * batch_size)
        self._shifted = _shifts_of(self._by_images, batch_size).unbind(1)
        self._not_in_the_left = self._by_images.view(14, 12, -1)[:, :, width:]

    def backward(self) -> torch.Tensor:
        """(14, 6, 14 · B)."""
        self._of_left.copy_(self._left)
        torch.sub(self._right, self._left, out=self._of_right)
        self._not_in_the_first.zero_()
        for row, (by_patches, by_corners) in enumerate(self._sums):
            torch.baddbmm(by_patches, self._kernels, by_corners, beta=min(row, 1), out=by_patches)
        self._not_in_the_left.zero_()
        left, middle, right = self._by_shift
        self._shifted[0].copy_(left)
        self._shifted[1].add_(middle)
        self._shifted[2].add_(right)
        return self._by_images


def _shifts_of(images: torch.Tensor, b: int) -> torch.Tensor:
    """(14, 3, 2, 6, 5 · B), a view: rows, columns inside a patch, channels, patches."""
    return images.as_strided((14, 3, 2, 6, 5 * b), (84 * b, b, 7 * b, 14 * b, 1))


def _fold_by_two() -> Tuple[torch.Tensor, torch.Tensor]:
    """Zeros (32, 180), and the places in them for 16 kernels of 5×5×6 at (right), as a view."""
    folded = torch.zeros(32, 180)
    return folded, folded.as_strided((2, 16, 5, 30), (16 * 180 + 6, 180, 36, 1))
