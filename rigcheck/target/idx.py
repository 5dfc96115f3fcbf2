"""The IDX format: http://yann.lecun.com/exdb/mnist/, at the end of the page.

Two zero bytes, the type (0x08: unsigned bytes), the number of dimensions, the size of each as a
big-endian 32-bit number, and the values. Files may be gzip-compressed whatever their name says.
"""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import NamedTuple, Tuple

from rigcheck.target.task_error import TaskError

_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_FORMAT = 31
"""zlib's `wbits` for a gzip header, its checksum and the largest window."""
_UNSIGNED_BYTES = 0x08
_MAX_BYTES = 1 << 28
"""Five times MNIST: what is larger is something else, or made to fill the memory."""


class Idx(NamedTuple):
    """What a file holds."""

    sizes: Tuple[int, ...]
    values: memoryview
    """One unsigned byte each; the last dimension runs fastest."""
    content: bytes
    """The whole file, unpacked."""


def read_idx(path: Path) -> Idx:
    """Reads a file of unsigned bytes, whole and strictly.

    Raises:
        TaskError: if it cannot be read, is damaged, cut off or something else.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise TaskError("{} cannot be read: {}".format(path, error.strerror)) from error
    return parse_idx(_unpack(raw, path), path)


def parse_idx(content: bytes, path: Path) -> Idx:
    """Takes an unpacked file apart; `path` is for the messages.

    Raises:
        TaskError: if it is not IDX, or its size is not what its header says.
    """
    if len(content) < 4 or content[:2] != b"\0\0":  # noqa: PLR2004 -- the magic number's length
        raise TaskError("{} is not an IDX file: it begins with {!r}".format(path, content[:8]))
    kind, n_sizes = content[2], content[3]
    if kind != _UNSIGNED_BYTES:
        raise TaskError("{} holds values of type 0x{:02x}, not bytes (0x08)".format(path, kind))
    start = 4 + 4 * n_sizes
    if len(content) < start:
        raise TaskError("{} is cut off within its header".format(path))
    sizes = struct.unpack(">{}I".format(n_sizes), content[4:start])
    expected = start + _product(sizes)
    if len(content) != expected:
        what = "is cut off" if len(content) < expected else "goes on after its end"
        raise TaskError(
            "{} {}: {} bytes where its header says {}".format(path, what, len(content), expected)
        )
    return Idx(sizes, memoryview(content)[start:], content)


def _product(sizes: tuple[int, ...]) -> int:
    product = 1
    for size in sizes:
        product *= size
    return product


def _unpack(raw: bytes, path: Path) -> bytes:
    if not raw.startswith(_GZIP_MAGIC):
        return _of_sane_size(raw, path)
    unpacker = zlib.decompressobj(_GZIP_FORMAT)
    try:
        content = _of_sane_size(unpacker.decompress(raw, _MAX_BYTES + 1), path)
    except zlib.error as error:
        raise TaskError("{} is damaged: {}".format(path, error)) from error
    if not unpacker.eof:
        raise TaskError("{} is cut off: its gzip data ends early".format(path))
    if unpacker.unused_data:
        raise TaskError("{} goes on after the end of its gzip data".format(path))
    return content


def _of_sane_size(content: bytes, path: Path) -> bytes:
    if len(content) > _MAX_BYTES:
        raise TaskError("{} is larger than {} MiB".format(path, _MAX_BYTES >> 20))
    return content
