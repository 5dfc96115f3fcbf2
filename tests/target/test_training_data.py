from pathlib import Path

import pytest
import torch

from rigcheck.bench.result import DataKind
from rigcheck.target import training_data
from rigcheck.target.digits import draw_test_images
from rigcheck.target.mnist import read_mnist
from rigcheck.target.training_data import to_device
from tests.mnist import real_mnist, write_set

CPU = torch.device("cpu")


def test_pixels_are_scaled_as_torchvisions_to_tensor_does(tmp_path: Path) -> None:
    data = to_device(read_mnist(write_set(tmp_path)), CPU)
    assert data.train.images.shape == (300, 1, 28, 28)
    assert data.train.images.dtype == torch.float32
    assert data.train.images[0, 0, 4, 0] == 1.0
    assert data.train.images[0, 0, 3, 0] == 0.0
    assert data.test.labels.dtype == torch.int64
    assert data.test.labels[:3].tolist() == [0, 1, 2]


def test_every_kind_of_data_is_one_that_reports_know(tmp_path: Path) -> None:
    other = to_device(read_mnist(write_set(tmp_path)), CPU)
    assert DataKind(other.kind) is DataKind.OTHER
    drawn = to_device(None, CPU)
    assert DataKind(drawn.kind) is DataKind.BUILT_IN_DIGITS
    assert drawn.train.images.max() <= 1.0


def test_the_test_images_are_drawn_once_and_not_before_they_are_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn = []

    def draw() -> tuple[torch.Tensor, torch.Tensor]:
        drawn.append(draw_test_images())
        return drawn[-1]

    monkeypatch.setattr(training_data, "draw_test_images", draw)
    data = to_device(None, CPU)
    assert (data.test_images, len(data.train.labels), drawn) == (10_000, 60_000, [])
    assert data.test is data.test
    assert len(data.test.labels) == data.test_images
    assert len(drawn) == 1


def test_the_real_mnist_keeps_its_mean() -> None:
    data = to_device(read_mnist(real_mnist()), CPU)
    assert DataKind(data.kind) is DataKind.MNIST
    assert abs(data.train.images.mean().item() - 0.1307) < 0.0001
    assert abs(data.train.images.std().item() - 0.3081) < 0.0001
