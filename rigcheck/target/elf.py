"""Sections of an ELF file: 64 bit, little endian, as every machine with an NVIDIA GPU has them."""

import struct
from typing import Iterator, Tuple

_MAGIC = b"\x7fELF\x02\x01"
_SECTION_TABLE_AT = 0x28
_SECTION_COUNT_AT = 0x3A
_SECTION = struct.Struct("<IIQQQQIIQQ")
_NO_BITS = 8
"""A section that takes no room in the file."""


def sections(data: memoryview) -> Iterator[Tuple[str, int, int]]:
    """Name, offset and size in bytes of each section that lies in the file.

    Source: System V ABI, "ELF-64 Object File Format", sections 4 and 6.

    Raises:
        ValueError: if it is no such file, or a broken one.
    """
    try:
        yield from _sections(data)
    except (struct.error, OverflowError) as error:
        raise ValueError("broken ELF: {}".format(error)) from None


def _sections(data: memoryview) -> Iterator[Tuple[str, int, int]]:
    if bytes(data[: len(_MAGIC)]) != _MAGIC:
        raise ValueError("no ELF of 64 bit")
    (table,) = struct.unpack_from("<Q", data, _SECTION_TABLE_AT)
    size, count, names_index = struct.unpack_from("<HHH", data, _SECTION_COUNT_AT)
    rows = [_SECTION.unpack_from(data, table + i * size) for i in range(count)]
    if not rows or names_index >= count:
        return
    names_at = rows[names_index][4]
    for name_at, kind, _, _, offset, length, _, _, _, _ in rows:
        if kind != _NO_BITS and offset + length <= len(data):
            yield _name(data, names_at + name_at), offset, length


def _name(data: memoryview, start: int) -> str:
    raw = bytes(data[start : start + 64])
    return raw.split(b"\0", 1)[0].decode("ascii", "replace")
