"""What LeNet is trained on, MNIST from a directory or the built-in digits, as torch takes it."""

from __future__ import annotations

from typing import Callable, NamedTuple, Optional

import torch

from rigcheck.target.digits import TEST_IMAGES, draw_test_images, draw_training_images
from rigcheck.target.mnist import SIDE, Mnist, Part

# As `rigcheck.bench.result.DataKind` names them.
_MNIST, _OTHER, _BUILT_IN_DIGITS = "MNIST", "other data in MNIST's format", "built-in digits"


class Set(NamedTuple):
    """Images and labels on a device, as the network takes them."""

    images: torch.Tensor
    """(N, 1, 28, 28) float32 from 0 to 1, as torchvision's ToTensor scales them."""
    labels: torch.Tensor
    """(N,) int64."""


class TrainingData:
    """A data set on a device.

    Attributes:
        kind: as `rigcheck.bench.result.DataKind` names it.
        train: what is trained on.
        test_images: how many images there are to predict.
    """

    def __init__(
        self, kind: str, train: Set, test_images: int, make_test: Callable[[], Set]
    ) -> None:
        """`make_test` is called when the test images are first asked for, after training."""
        self.kind = kind
        self.train = train
        self.test_images = test_images
        self._make_test = make_test
        self._test: Optional[Set] = None

    @property
    def test(self) -> Set:
        """What is predicted. The first training step does not wait until these are there, too."""
        if self._test is None:
            self._test = self._make_test()
        return self._test


def to_device(mnist: Mnist | None, device: torch.device) -> TrainingData:
    """Puts what was read on the device, or the built-in digits where nothing was."""
    if mnist is None:
        return TrainingData(
            _BUILT_IN_DIGITS,
            _set(*draw_training_images(), device),
            TEST_IMAGES,
            lambda: _set(*draw_test_images(), device),
        )
    kind = _MNIST if mnist.is_mnist else _OTHER
    test = _set_of(mnist.test, device)
    return TrainingData(kind, _set_of(mnist.train, device), len(test.labels), lambda: test)


def _set_of(part: Part, device: torch.device) -> Set:
    # A copy, for torch wants memory that it may write to.
    images = torch.frombuffer(bytearray(part.images), dtype=torch.uint8)
    labels = torch.frombuffer(bytearray(part.labels), dtype=torch.uint8)
    return _set(images, labels, device)


def _set(images: torch.Tensor, labels: torch.Tensor, device: torch.device) -> Set:
    """Takes uint8 images of any shape. They travel as bytes and become numbers over there."""
    scaled = images.to(device).view(-1, 1, SIDE, SIDE).float().div_(255)
    return Set(scaled, labels.to(device).long())
