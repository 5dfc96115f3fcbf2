from pathlib import Path

import pytest

from rigcheck.target.mnist import FILES, find_files, read_mnist
from rigcheck.target.task_error import TaskError
from tests.mnist import compress, idx, real_mnist, write_set


def error_of(directory: Path) -> TaskError:
    with pytest.raises(TaskError) as caught:
        read_mnist(directory)
    return caught.value


def test_the_real_mnist_is_known_by_its_content() -> None:
    mnist = read_mnist(real_mnist())
    assert mnist.is_mnist
    assert bytes(mnist.train.labels[:5]) == bytes([5, 0, 4, 1, 9])
    assert bytes(mnist.test.labels[:5]) == bytes([7, 2, 1, 0, 4])
    assert len(mnist.train.images) == 60_000 * 28 * 28
    assert len(mnist.test.images) == 10_000 * 28 * 28


def test_data_of_the_same_form_is_read_but_is_not_mnist(tmp_path: Path) -> None:
    mnist = read_mnist(write_set(tmp_path, train=30, test=20))
    assert not mnist.is_mnist
    assert len(mnist.train.labels) == 30
    assert len(mnist.test.images) == 20 * 28 * 28


@pytest.mark.parametrize("folder", [".", "raw", "MNIST/raw"])
def test_the_files_may_lie_where_torchvision_puts_them(tmp_path: Path, folder: str) -> None:
    write_set(tmp_path / folder)
    assert read_mnist(tmp_path).train.labels[3] == 3


def test_unpacked_files_go_before_compressed_ones(tmp_path: Path) -> None:
    write_set(tmp_path)
    kept = (tmp_path / FILES[0]).read_bytes()
    compress(tmp_path / FILES[0])
    assert find_files(tmp_path)[FILES[0]].suffix == ".gz"
    (tmp_path / FILES[0]).write_bytes(kept)
    assert find_files(tmp_path)[FILES[0]].suffix == ""


def test_a_missing_directory_is_named_and_the_way_out_too(tmp_path: Path) -> None:
    error = error_of(tmp_path / "nowhere")
    assert str(error) == f"there is no directory {tmp_path / 'nowhere'}"
    assert "built-in digits" in error.hint


def test_files_that_are_missing_are_named(tmp_path: Path) -> None:
    write_set(tmp_path)
    (tmp_path / "train-labels-idx1-ubyte").unlink()
    assert f"{tmp_path} lacks train-labels-idx1-ubyte (" in str(error_of(tmp_path))


def test_images_of_another_shape_are_refused(tmp_path: Path) -> None:
    path = write_set(tmp_path) / "train-images-idx3-ubyte"
    path.write_bytes(idx(3, 32, 32))
    assert str(error_of(tmp_path)) == f"{path} holds 3×32×32 values, not images of 28×28 pixels"


def test_labels_in_place_of_images_are_refused(tmp_path: Path) -> None:
    path = write_set(tmp_path) / "t10k-images-idx3-ubyte"
    path.write_bytes(idx(100))
    assert str(error_of(tmp_path)) == f"{path} holds 100 values, not images of 28×28 pixels"


def test_images_in_place_of_labels_are_refused(tmp_path: Path) -> None:
    path = write_set(tmp_path) / "t10k-labels-idx1-ubyte"
    path.write_bytes(idx(2, 28, 28))
    assert str(error_of(tmp_path)) == f"{path} holds 2×28×28 values, not labels"


def test_no_image_at_all_is_refused(tmp_path: Path) -> None:
    path = write_set(tmp_path) / "train-images-idx3-ubyte"
    path.write_bytes(idx(0, 28, 28))
    assert str(error_of(tmp_path)) == f"{path} holds no image"


def test_a_label_that_is_no_digit_is_refused(tmp_path: Path) -> None:
    path = write_set(tmp_path, train=3) / "train-labels-idx1-ubyte"
    path.write_bytes(idx(3, values=b"\x09\x0a\x00"))
    assert str(error_of(tmp_path)) == f"{path} has the label 10 at place 1; digits are 0 to 9"


def test_fewer_labels_than_images_are_refused(tmp_path: Path) -> None:
    path = write_set(tmp_path, train=30) / "train-labels-idx1-ubyte"
    path.write_bytes(idx(29))
    assert str(error_of(tmp_path)) == (
        f"{path} holds 29 labels for the 30 images of train-images-idx3-ubyte"
    )
