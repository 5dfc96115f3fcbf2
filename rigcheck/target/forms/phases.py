"""The fastest honest form on a CPU: pooled convolutions as matrix products, batch last.

Autograd spends its time in two things that are no arithmetic: convolutions of few channels, and a
max-pooling that branches at every element. This form has neither, and no gradient is approximate.

**Batch last.** A tensor is (…, B): one operation on a pixel is one on B numbers that lie side by
side, whatever the pixel's neighbours do.

**Four corners at once.** A pooling window sees four convolution outputs, at (2y, 2x), (2y, 2x+1),
(2y+1, 2x) and (2y+1, 2x+1). They read nearly the same inputs: a 3×3 kernel's four lie in one patch
of 4×4, a 5×5 kernel's in one of 6×6, and the patches are 2 apart. With each kernel written four
times into a wider one, shifted, the rest being zero ("folded"), one matrix product gives the four
as four blocks of rows, and pooling is a `maximum` of blocks:

    corners (4 · C_out, …)  =  folded kernels (4 · C_out, C_in · 16)  @  patches (C_in · 16, …)

The zeros cost arithmetic: 16/9 of conv1's. For the 5×5 kernel, where that matters, only the two
corners side by side are folded (5×6 patches, 6/5), and upper and lower rows are products of their
own.

**Patches that are not copied.** Patches are laid out with the row of the image outermost, then the
column inside the patch, then the channel. A patch some rows further down then begins some rows of
the matrix further down: all of them are slices of one matrix that overlap, and only the shift to
the right is copied. The first layer's come out of the data that way: images are kept as bytes in
this order, so that gathering a batch and turning it batch-last makes the matrix. Of its gradient,
the overlapping slices are added to by the product itself.

**Columns in two halves.** Patches begin at even columns only, so that columns are kept even ones
first: what one step of a patch to the right copies is then 5 · B numbers in a row.

**Backward through the maximum.** Of each pair the gradient goes to the larger, and to the first of
equals, as max_pool2d has it: the right one gets G where right - left > 0, the left one the rest,
G - R. As products are linear, the rest need not be formed: the kernel's gradient is made from G and
R and put together after, (G - R) @ Pᵀ = G @ Pᵀ - R @ Pᵀ; and the patches' is
Lᵀ @ (G - R) + Kᵀ @ R = Lᵀ @ G + (K - L)ᵀ @ R, L and K being the kernels of left and right.

**One vector.** All weights lie in one vector, as do their gradients: the update is one operation.
A linear layer's bias is a column of its matrix, for its inputs have a row of ones.

Every buffer, and every view of one, is made once for a batch size, in inference mode: a step is
some 60 calls, and what each would prepare for autograd, and the views, took a seventh of its time.
No page is given back to the kernel that way, so that malloc's thresholds, which eager PyTorch
suffers from, do not matter.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import Dict, Iterator, List, Sequence, Tuple

import torch
from torch import nn

from rigcheck.target.forms.first_layer import FirstLayer, patch_order
from rigcheck.target.forms.flat_weights import FlatWeights
from rigcheck.target.forms.form import Form
from rigcheck.target.forms.linear_layers import LinearLayers
from rigcheck.target.forms.second_layer import SecondLayer
from rigcheck.target.lenet import LEARNING_RATE
from rigcheck.target.training_data import Set

_CLASSES = 10


class Phases(Form):
    """Computes on the CPU by hand-written matrix products, forward and backward."""

    name = "peak"

    def __init__(self, model: nn.Module, data: Set, batch_size: int) -> None:
        """Copies the model's weights, and the data once into the order in which it is used.

        Args:
            model: on the CPU; gets the trained weights when asked for.
            data: images of whole grey levels, as bytes divided by 255 are.
            batch_size: that of most batches.

        Raises:
            ValueError: if a pixel is no whole grey level.
        """
        self._model = model
        self._labels = data.labels
        with torch.inference_mode():
            self._weights = FlatWeights(model)
            self._grey = patch_order(data.images)
            self._one_hot = nn.functional.one_hot(data.labels, _CLASSES).float()
            self._passes: Dict[int, _Pass] = {batch_size: _Pass(self._weights, batch_size)}
        self._log_likelihoods: List[torch.Tensor] = []
        self._hits: List[torch.Tensor] = []

    @contextmanager
    def feed(self, batches: Sequence[torch.Tensor]) -> Iterator[Iterator[torch.Tensor]]:
        yield iter(batches)

    def step(self, batch: torch.Tensor) -> int:
        with torch.inference_mode():
            one_pass = self._pass(len(batch))
            log_p = torch.log_softmax(one_pass.forward(self._grey, batch), 1)
            one_hot = self._one_hot.index_select(0, batch)
            self._log_likelihoods.append(torch.dot(log_p.view(-1), one_hot.view(-1)))
            self._hits.append(log_p.argmax(1) == self._labels.index_select(0, batch))
            one_pass.backward(log_p.exp_().sub_(one_hot))
            self._weights.all.add_(self._weights.all_gradients, alpha=-LEARNING_RATE)
        return len(batch)

    def collect(self) -> Tuple[List[float], int]:
        log_likelihoods, hits = self._log_likelihoods, self._hits
        self._log_likelihoods, self._hits = [], []
        if not hits:
            return [], 0
        return torch.stack(log_likelihoods).neg().tolist(), int(torch.cat(hits).sum())

    def model(self) -> nn.Module:
        self._weights.write_to(self._model)
        return self._model

    def _pass(self, batch_size: int) -> _Pass:
        if batch_size not in self._passes:
            self._passes[batch_size] = _Pass(self._weights, batch_size)
        return self._passes[batch_size]


class _Pass:
    """The layers with their buffers for one batch size."""

    def __init__(self, weights: FlatWeights, batch_size: int) -> None:
        self._first = FirstLayer(weights, batch_size)
        self._second = SecondLayer(weights, batch_size)
        self._linear = LinearLayers(weights, batch_size)

    def forward(self, grey: torch.Tensor, batch: torch.Tensor) -> torch.Tensor:
        """(B, 10): the logits of the images of a batch."""
        self._second.forward(self._first.forward(grey, batch), self._linear.pooled)
        return self._linear.forward()

    def backward(self, by_logits: torch.Tensor) -> None:
        """Fills in every weight's gradient, from the loss's by the logits, (B, 10)."""
        by_pooled = self._linear.backward(by_logits)
        by_pooled = self._second.backward(by_pooled)
        self._first.backward(by_pooled)
