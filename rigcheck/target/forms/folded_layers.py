"""The two pooled convolutions of `phases`, with their buffers for one batch size.

The derivation is in `rigcheck.target.forms.phases`. `rows` and `columns` are of an image; a tensor
of columns has the even ones first, as (2, n / 2), and the batch behind each.
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

    def __init__(self, batch_size: int) -> None:
        width = 14 * batch_size
        self._grey = torch.empty((batch_size, 30 * 4 * 14), dtype=torch.uint8)
        rows = torch.empty(30 * 4, width)
        self._turned = rows.view(-1, batch_size)
        self._patches = rows.as_strided((14, 16, width), (8 * width, width, 1))
        # Row by row: left upper, left lower, right upper, right lower corners of 6 channels.
        self._corners = torch.empty(14, 24, width)
        left, right = self._corners.split(12, 1)
        self._pooling = Pooling(left, right, lambda block: (block[:, :6], block[:, 6:]))
        self._pooled = torch.empty(14, 6, width)
        self._folded, self._shifted = _fold_by_four()
        self._by_folded, self._by_shifted = _fold_by_four()
        self._by_row = torch.empty(14, 24, 16)

    def forward(
        self, weights: FlatWeights, grey: torch.Tensor, batch: torch.Tensor
    ) -> torch.Tensor:
        """(14, 6, 14 · B): rows, channels, columns of the pooled images of a batch."""
        torch.index_select(grey, 0, batch, out=self._grey)
        self._turned.copy_(self._grey.t())
        # Grey levels are divided by 255 in the kernels, which are fewer.
        self._shifted.copy_(weights.matrices[0][:, :-1].view(6, 3, 3))
        self._folded.div_(_GREY_LEVELS)
        torch.bmm(self._folded.expand(14, 24, 16), self._patches, out=self._corners)
        self._pooling.forward(self._pooled)
        return self._pooled.add_(weights.matrices[0][:, -1:])

    def backward(self, weights: FlatWeights, by_pooled: torch.Tensor) -> None:
        """Fills in the gradients, from the loss's by what `forward` returned."""
        gradient = weights.gradients[0]
        torch.sum(by_pooled, (0, 2), out=gradient[:, -1])
        self._pooling.backward(by_pooled)
        torch.bmm(self._corners, self._patches.transpose(1, 2), out=self._by_row)
        torch.sum(self._by_row, 0, out=self._by_folded)
        self._by_folded[:12].sub_(self._by_folded[12:])
        (left_upper, left_lower), (right_upper, right_lower) = self._by_shifted
        kernels = left_upper + left_lower + right_upper + right_lower
        gradient[:, :-1].view(6, 3, 3).copy_(kernels.div_(_GREY_LEVELS))


class SecondLayer:
    """6 × (14, 14) → 16 × (5, 5)."""

    def __init__(self, batch_size: int) -> None:
        width = 5 * batch_size
        self._batch_size = batch_size
        self._rows = torch.empty(14 * 36, width)
        self._patches = self._rows.as_strided((10, 180, width), (36 * width, width, 1))
        self._by_rows = torch.empty(14 * 36, width)
        # A row of outputs and the one five below it read no common row of inputs.
        self._by_patches = [
            self._by_rows.as_strided((2, 180, width), (180 * width, width, 1), row * 36 * width)
            for row in range(5)
        ]
        self._corners = torch.empty(10, 32, width)
        left, right = self._corners.split(16, 1)
        self._pooling = Pooling(left, right, lambda block: (block[::2], block[1::2]))
        self._by_pooled = torch.empty(14, 6, 14 * batch_size)
        self._folded, self._shifted = _fold_by_two()
        self._by_row = torch.empty(10, 32, 180)

    def forward(self, weights: FlatWeights, images: torch.Tensor, pooled: torch.Tensor) -> None:
        """Writes (5, 16, 5 · B) from (14, 6, 14 · B): rows, channels, columns."""
        self._rows.view(14, 3, 2, 6, -1).copy_(self._shifts_of(images))
        self._shifted.copy_(weights.matrices[1][:, :-1].view(16, 5, 30))
        torch.bmm(self._folded.expand(10, 32, 180), self._patches, out=self._corners)
        self._pooling.forward(pooled)
        pooled.add_(weights.matrices[1][:, -1:])

    def backward(self, weights: FlatWeights, by_pooled: torch.Tensor) -> torch.Tensor:
        """Fills in the gradients; returns the loss's by the images, in their shape."""
        gradient = weights.gradients[1]
        torch.sum(by_pooled, (0, 2), out=gradient[:, -1])
        self._pooling.backward(by_pooled)
        torch.bmm(self._corners, self._patches.transpose(1, 2), out=self._by_row)
        both, right = self._by_row.sum(0).view(2, 16, 5, 36)
        left = both.sub_(right)
        torch.add(left[..., :30], right[..., 6:], out=gradient[:, :-1].view(16, 5, 30))
        return self._by_images()

    def _by_images(self) -> torch.Tensor:
        left, right = self._folded.view(2, 16, 180)
        kernels = torch.cat((left, right - left)).t().expand(2, 180, 32)
        self._by_rows[360:].zero_()
        for row, by_patches in enumerate(self._by_patches):
            torch.baddbmm(
                by_patches, kernels, self._corners[row::5], beta=min(row, 1), out=by_patches
            )
        self._by_pooled.view(14, 12, -1)[:, :, 5 * self._batch_size :].zero_()
        by_shift = self._by_rows.view(14, 3, 2, 6, -1)
        images = self._shifts_of(self._by_pooled)
        images[:, 0].copy_(by_shift[:, 0])
        images[:, 1].add_(by_shift[:, 1])
        images[:, 2].add_(by_shift[:, 2])
        return self._by_pooled

    def _shifts_of(self, images: torch.Tensor) -> torch.Tensor:
        """(14, 3, 2, 6, 5 · B), a view: rows, columns inside a patch, channels, patches."""
        b = self._batch_size
        return images.as_strided((14, 3, 2, 6, 5 * b), (84 * b, b, 7 * b, 14 * b, 1))


def _fold_by_four() -> Tuple[torch.Tensor, torch.Tensor]:
    """Zeros (24, 16), and the places in them for 6 kernels of 3×3 at (right, lower) as a view."""
    folded = torch.zeros(24, 16)
    return folded, folded.as_strided((2, 2, 6, 3, 3), (12 * 16 + 1, 6 * 16 + 4, 16, 4, 1))


def _fold_by_two() -> Tuple[torch.Tensor, torch.Tensor]:
    """Zeros (32, 180), and the places in them for 16 kernels of 5×5×6 at (right), as a view."""
    folded = torch.zeros(32, 180)
    return folded, folded.as_strided((2, 16, 5, 30), (16 * 180 + 6, 180, 36, 1))
