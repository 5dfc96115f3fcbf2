"""MNIST, or data of its form, from a directory: the four files found, read and checked.

Nothing but the standard library, so that it can be read while torch is still being imported.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Dict, NamedTuple

from rigcheck.target.idx import Idx, read_idx
from rigcheck.target.task_error import TaskError

SIDE = 28
CLASSES = 10
_FOLDERS = ("MNIST/raw", "raw", ".")
"""Where torchvision puts the files below its root and below its MNIST folder; the files alone."""
# SHA-256 of each file, unpacked; of the compressed ones torchvision checks the MD5
# (https://github.com/pytorch/vision/blob/main/torchvision/datasets/mnist.py), and these came out
# of files that pass. Fashion-MNIST and others share MNIST's names and shape.
_MNIST_SHA256 = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
FILES = tuple(_MNIST_SHA256)
_HINT = (
    "put the four files of MNIST there anew, or leave the directory out to train on the "
    "built-in digits"
)


class Part(NamedTuple):
    """Images and their labels."""

    images: memoryview
    """One byte a pixel, 28 × 28 an image."""
    labels: memoryview
    """One byte an image, 0 to 9."""


class Mnist(NamedTuple):
    """A data set in MNIST's form."""

    train: Part
    test: Part
    is_mnist: bool
    """The files are MNIST's own, byte for byte."""


def find_files(directory: Path) -> Dict[str, Path]:
    """The data set's files in a directory, by MNIST's names; some of the four or none.

    Unpacked files are preferred to compressed ones, as torchvision does.
    """
    for folder in _FOLDERS:
        files = {}
        for name in FILES:
            paths = [directory / folder / (name + ending) for ending in ("", ".gz")]
            found = next((path for path in paths if path.is_file()), None)
            if found is not None:
                files[name] = found
        if files:
            return files
    return {}


def read_mnist(directory: Path) -> Mnist:
    """Reads the four files.

    Raises:
        TaskError: if one of them is missing, cannot be read, is damaged or holds something else.
    """
    try:
        return _read(directory)
    except TaskError as error:
        error.hint = error.hint or _HINT
        raise


def _read(directory: Path) -> Mnist:
    if not directory.is_dir():
        raise TaskError("there is no directory {}".format(directory))
    files = find_files(directory)
    missing = [name for name in FILES if name not in files]
    if missing:
        raise TaskError(
            "{} lacks {} (.gz or unpacked, there or in MNIST/raw)".format(
                directory, ", ".join(missing)
            )
        )
    contents = {name: read_idx(path) for name, path in files.items()}
    return Mnist(
        train=_part("train", files, contents),
        test=_part("t10k", files, contents),
        is_mnist=all(
            hashlib.sha256(contents[name].content).hexdigest() == expected
            for name, expected in _MNIST_SHA256.items()
        ),
    )


def _part(prefix: str, files: Dict[str, Path], contents: Dict[str, Idx]) -> Part:
    images_name, labels_name = prefix + "-images-idx3-ubyte", prefix + "-labels-idx1-ubyte"
    images, labels = contents[images_name], contents[labels_name]
    _check_images(images, files[images_name])
    _check_labels(labels, files[labels_name])
    if images.sizes[0] != labels.sizes[0]:
        raise TaskError(
            "{} holds {} labels for the {} images of {}".format(
                files[labels_name], labels.sizes[0], images.sizes[0], files[images_name].name
            )
        )
    return Part(images.values, labels.values)


def _check_images(images: Idx, path: Path) -> None:
    if len(images.sizes) != 3 or images.sizes[1:] != (SIDE, SIDE):  # noqa: PLR2004 -- idx3
        raise TaskError("{} holds {}, not images of 28×28 pixels".format(path, _form(images.sizes)))
    if images.sizes[0] == 0:
        raise TaskError("{} holds no image".format(path))


def _check_labels(labels: Idx, path: Path) -> None:
    if len(labels.sizes) != 1:
        raise TaskError("{} holds {}, not labels".format(path, _form(labels.sizes)))
    highest = max(labels.values, default=0)
    if highest >= CLASSES:
        place = labels.values.tobytes().index(highest)
        raise TaskError(
            "{} has the label {} at place {}; digits are 0 to 9".format(path, highest, place)
        )


def _form(sizes: tuple[int, ...]) -> str:
    return "×".join(str(size) for size in sizes) + " values"
