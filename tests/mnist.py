"""Data for the tests of training: the real MNIST where it is at hand, small sets in its form."""

import gzip
import os
import struct
from pathlib import Path

import pytest

_VARIABLE = "RIGCHECK_TEST_MNIST"
_BESIDE_CHECKOUT = Path(__file__).parents[2] / "shared" / "mnist"


def real_mnist() -> Path:
    """MNIST's directory; the test is skipped where there is none."""
    directory = Path(os.environ.get(_VARIABLE, _BESIDE_CHECKOUT))
    if not (directory / "train-images-idx3-ubyte.gz").is_file():
        pytest.skip(f"no MNIST in {directory}; {_VARIABLE} may name another directory")
    return directory


def idx(*sizes: int, values: bytes | None = None, kind: int = 8) -> bytes:
    """A file in IDX form, all zeros unless values are given."""
    n = 1
    for size in sizes:
        n *= size
    header = struct.pack(f">HBB{len(sizes)}I", 0, kind, len(sizes), *sizes)
    return header + (bytes(n) if values is None else values)


def write_set(directory: Path, *, train: int = 300, test: int = 100) -> Path:
    """A small set that can be learned: a digit's image has its own row lit up."""
    directory.mkdir(parents=True, exist_ok=True)
    for prefix, n in (("train", train), ("t10k", test)):
        labels = bytes(i % 10 for i in range(n))
        images = b"".join(_image(label) for label in labels)
        (directory / f"{prefix}-images-idx3-ubyte").write_bytes(idx(n, 28, 28, values=images))
        (directory / f"{prefix}-labels-idx1-ubyte").write_bytes(idx(n, values=labels))
    return directory


def compress(path: Path) -> Path:
    """Replaces a file by its gzip-compressed self."""
    compressed = path.with_name(path.name + ".gz")
    compressed.write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    path.unlink()
    return compressed


def _image(label: int) -> bytes:
    rows = [bytes(28)] * 28
    rows[2 * label + 4] = bytes([255] * 28)
    return b"".join(rows)
