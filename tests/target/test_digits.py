"""The built-in digits: the same everywhere, and digits."""

import hashlib
import os
import subprocess
import sys

import pytest
import torch

from rigcheck.target.chance import bell, hash_bits, spread
from rigcheck.target.digits import draw_test_images, draw_training_images

SHA256 = "943a162f8a7787f7553fc8689b7f6a883c3a98ca9c0a700ab0dd2fe91dfd64f7"


@pytest.fixture(scope="module")
def digits() -> tuple[torch.Tensor, ...]:
    return draw_digits()


def draw_digits() -> tuple[torch.Tensor, ...]:
    return (*draw_training_images(), *draw_test_images())


def sha256_of(tensors: tuple[torch.Tensor, ...]) -> str:
    digest = hashlib.sha256()
    for tensor in tensors:
        digest.update(tensor.numpy().tobytes())
    return digest.hexdigest()


def test_they_are_the_same_bytes_on_every_machine(digits: tuple[torch.Tensor, ...]) -> None:
    assert sha256_of(digits) == SHA256


def test_a_cpu_without_vector_instructions_draws_the_same() -> None:
    code = (
        "import torch; from tests.target.test_digits import sha256_of, draw_digits;"
        "print(torch.backends.cpu.get_cpu_capability(), sha256_of(draw_digits()))"
    )
    environment = {**os.environ, "ATEN_CPU_CAPABILITY": "default"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["DEFAULT", SHA256]


def test_they_have_the_shape_of_mnist(digits: tuple[torch.Tensor, ...]) -> None:
    train_images, train_labels, test_images, test_labels = digits
    assert train_images.shape == (60_000, 28, 28)
    assert test_images.shape == (10_000, 28, 28)
    assert train_images.dtype == test_images.dtype == torch.uint8
    assert train_labels.bincount().tolist() == [6_000] * 10
    assert test_labels.bincount().tolist() == [1_000] * 10


def test_they_are_about_as_bright_as_mnist(digits: tuple[torch.Tensor, ...]) -> None:
    """Of MNIST's pixels, scaled to 1, the mean is 0.131 and the standard deviation 0.308."""
    pixels = digits[0].float() / 255
    assert 0.12 < pixels.mean() < 0.15
    assert 0.27 < pixels.std() < 0.32


def test_no_test_image_is_a_training_image(digits: tuple[torch.Tensor, ...]) -> None:
    train, test = ({image.numpy().tobytes() for image in digits[i]} for i in (0, 2))
    assert len(train) > 59_000
    assert train.isdisjoint(test)


def test_drawing_leaves_the_number_of_threads_as_it_was() -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        draw_digits()
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_the_hash_is_the_one_of_python_integers() -> None:
    def reference(key: int) -> int:
        x = (key + 0x9E3779B9) % 2**32
        for _ in range(2):
            x = (x ^ (x >> 16)) * 0x45D9F3B % 2**32
        return x ^ (x >> 16)

    keys = [0, 1, 2, 69_999, 7_000_000, 2**32 - 1]
    assert hash_bits(torch.tensor(keys)).tolist() == [reference(key) for key in keys]


def test_spreads_are_even_and_bells_are_not() -> None:
    keys = torch.arange(100_000)
    even, bellish = spread(keys), bell(keys)
    for values in (even, bellish):
        assert -1.0 <= values.min() < -0.95
        assert 0.95 < values.max() <= 1.0
        assert abs(values.mean()) < 0.01
    assert even.std() == pytest.approx(3**-0.5, rel=0.01)
    assert bellish.std() == pytest.approx(6**-0.5, rel=0.01)
