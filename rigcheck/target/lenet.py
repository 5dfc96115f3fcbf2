"""LeNet as the 2017 post trains it: the network, one training step, one prediction pass.

Conv 1→6 3×3 pad 1 · MaxPool 2 · Conv 6→16 5×5 · MaxPool 2 · Linear 400→120→84→10, with no
activation between them; summed cross-entropy; plain SGD.

What an image costs in arithmetic is derived in `rigcheck.target.lenet_flops`.
"""

from __future__ import annotations

from typing import List, Tuple

import torch
from torch import nn
from torch.nn import functional

LEARNING_RATE = 1e-3


def make_lenet(seed: int, device: torch.device) -> nn.Module:
    """The network with torch's default initialisation, drawn on the CPU: the same on all devices.

    It maps (N, 1, 28, 28) float32 to (N, 10) float32 logits.
    """
    torch.manual_seed(seed)
    return nn.Sequential(
        nn.Conv2d(1, 6, kernel_size=3, padding=1),
        nn.MaxPool2d(2),
        nn.Conv2d(6, 16, kernel_size=5),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(400, 120),
        nn.Linear(120, 84),
        nn.Linear(84, 10),
    ).to(device)


def predict(
    model: nn.Module, images: torch.Tensor, labels: torch.Tensor, batch_size: int
) -> Tuple[List[torch.Tensor], List[torch.Tensor]]:
    """The prediction pass.

    Returns:
        For each batch its summed loss, a scalar, and (B,) bool, which images were told right; all
        still on the device.
    """
    losses, hits = [], []
    with torch.no_grad():
        for x, y in zip(images.split(batch_size), labels.split(batch_size)):
            logits = model(x)
            losses.append(functional.cross_entropy(logits, y, reduction="sum"))
            hits.append(logits.argmax(1) == y)
    return losses, hits
