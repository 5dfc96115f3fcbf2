"""The first pooled convolution of `phases`, with its buffers for one batch size.

The derivation is in `rigcheck.target.forms.phases`. A tensor of columns has the even ones first,
as (2, n / 2), and the batch behind each.
"""

from __future__ import annotations

from typing import Tuple

import torch
from torch.nn import functional

from rigcheck.target.forms.flat_weights import FlatWeights
from rigcheck.target.forms.pooling import Pooling

_IMAGES_AT_A_TIME = 1_000
_GREY_LEVELS = 255


def patch_order(images: torch.Tensor) -> torch.Tensor:
    """Images as bytes, in the order of the first layer's patches.

    Args:
        images: (N, 1, 28, 28) of whole grey levels divided by 255.

    Returns:
        (N, 30 · 4 · 14) uint8: of each row of the image with its frame of zeros, of each of the 4
        columns of a patch, of each of the 14 patches of that row, even ones first, the pixel.
    """
    ordered = torch.empty((len(images), 30, 4, 2, 7), dtype=torch.uint8)
    for some, out in zip(images.split(_IMAGES_AT_A_TIME), ordered.split(_IMAGES_AT_A_TIME)):
        grey = (some * _GREY_LEVELS).round()
        if not torch.equal(grey.div(_GREY_LEVELS), some):
            raise ValueError("images are not of whole grey levels")
        framed = functional.pad(grey.squeeze(1), (1, 1, 1, 1))
        patches = framed.unfold(2, 4, 2)  # (N, 30, 14, 4)
        out.copy_(patches.unflatten(2, (7, 2)).permute(0, 1, 4, 3, 2))
    return ordered.view(len(images), -1)


class FirstLayer:
    """(28, 28) → 6 × (14, 14)."""

    def __init__(self, weights: FlatWeights, batch_size: int) -> None:
        """Reads `weights`, and writes their gradients."""
        width = 14 * batch_size
        self._grey = torch.empty((batch_size, 30 * 4 * 14), dtype=torch.uint8)
        self._grey_batch_last = self._grey.t()
        rows = torch.empty(30 * 4, width)
        self._pixels = rows.view(-1, batch_size)
        self._patches = rows.as_strided((14, 16, width), (8 * width, width, 1))
        self._patches_turned = self._patches.transpose(1, 2)
        # Row by row: left upper, left lower, right upper, right lower corners of 6 channels.
        self._corners = torch.empty(14, 24, width)
        left, right = self._corners.split(12, 1)
        self._pooling = Pooling(left, right, lambda block: (block[:, :6], block[:, 6:]))
        self._pooled = torch.empty(14, 6, width)
        matrix, gradient = weights.matrices[0], weights.gradients[0]
        self._kernels = matrix[:, :-1].view(6, 3, 3).expand(2, 2, 6, 3, 3)
        self._by_kernels = gradient[:, :-1].view(6, 3, 3)
        self._bias, self._by_bias = matrix[:, -1:], gradient[:, -1]
        folded, self._shifted = _fold_by_four()
        self._folded = folded.expand(14, 24, 16)
        self._by_row = torch.empty(14, 24, 16)
        self._by_folded, self._by_shifted = _fold_by_four()
        self._by_left, self._by_right = self._by_folded.split(12)

    def forward(self, grey: torch.Tensor, batch: torch.Tensor) -> torch.Tensor:
        """(14, 6, 14 · B): rows, channels, columns of the pooled images of a batch."""
        torch.index_select(grey, 0, batch, out=self._grey)
        self._pixels.copy_(self._grey_batch_last)
        # Grey levels are divided by 255 in the kernels, which are fewer.
        torch.div(self._kernels, _GREY_LEVELS, out=self._shifted)
        torch.bmm(self._folded, self._patches, out=self._corners)
        self._pooling.forward(self._pooled)
        return self._pooled.add_(self._bias)

    def backward(self, by_pooled: torch.Tensor) -> None:
        """Fills in the gradients, from the loss's by what `forward` returned."""
        torch.sum(by_pooled, (0, 2), out=self._by_bias)
        self._pooling.backward(by_pooled)
        torch.bmm(self._corners, self._patches_turned, out=self._by_row)
        torch.sum(self._by_row, 0, out=self._by_folded)
        self._by_left.sub_(self._by_right)
        torch.sum(self._by_shifted, (0, 1), out=self._by_kernels).div_(_GREY_LEVELS)


def _fold_by_four() -> Tuple[torch.Tensor, torch.Tensor]:
    """Zeros (24, 16), and the places in them for 6 kernels of 3×3 at (right, lower) as a view."""
    folded = torch.zeros(24, 16)
    return folded, folded.as_strided((2, 2, 6, 3, 3), (12 * 16 + 1, 6 * 16 + 4, 16, 4, 1))
