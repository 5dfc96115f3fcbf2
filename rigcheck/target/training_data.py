"""What LeNet is trained on, MNIST from a directory or the built-in digits, as torch takes it."""

from __future__ import annotations

from typing import NamedTuple

import torch

from rigcheck.target.digits import draw_digits
from rigcheck.target.mnist import SIDE, Mnist, Part

# As `rigcheck.bench.result.DataKind` names them.
_MNIST, _OTHER, _BUILT_IN_DIGITS = "MNIST", "other data in MNIST's format", "built-in digits"


class Set(NamedTuple):
    """Images and labels on a device, as the network takes them."""

    images: torch.Tensor
    """(N, 1, 28, 28) float32 from 0 to 1, as torchvision's ToTensor scales them."""
    labels: torch.Tensor
    """(N,) int64."""


class TrainingData(NamedTuple):
    """A data set on a device."""

    kind: str
    train: Set
    test: Set


def to_device(mnist: Mnist | None, device: torch.device) -> TrainingData:
    """Puts what was read on the device, or the built-in digits where nothing was."""
    if mnist is None:
        train_images, train_labels, test_images, test_labels = draw_digits()
        return TrainingData(
            _BUILT_IN_DIGITS,
            _set(train_images, train_labels, device),
            _set(test_images, test_labels, device),
        )
    kind = _MNIST if mnist.is_mnist else _OTHER
    return TrainingData(kind, _set_of(mnist.train, device), _set_of(mnist.test, device))


def _set_of(part: Part, device: torch.device) -> Set:
    # A copy, for torch wants memory that it may write to.
    images = torch.frombuffer(bytearray(part.images), dtype=torch.uint8)
    labels = torch.frombuffer(bytearray(part.labels), dtype=torch.uint8)
    return _set(images, labels, device)


def _set(images: torch.Tensor, labels: torch.Tensor, device: torch.device) -> Set:
    """Takes uint8 images of any shape. They travel as bytes and become numbers over there."""
    scaled = images.to(device).view(-1, 1, SIDE, SIDE).float().div_(255)
    return Set(scaled, labels.to(device).long())
