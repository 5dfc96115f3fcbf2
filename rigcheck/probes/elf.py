"""The dynamic section of a shared library: what it needs, and where it has it looked for.

Source: System V ABI, chapter 5, "Dynamic Section"; 64-bit little-endian files only, which is what
every machine with NVIDIA's libraries has.
"""

import struct
from pathlib import Path
from typing import BinaryIO

import msgspec

_MAGIC = b"\x7fELF\x02\x01"
_HEADER_BYTES = 64
_PT_LOAD, _PT_DYNAMIC = 1, 2
_NEEDED, _STRTAB, _RPATH, _RUNPATH = 1, 5, 15, 29
_LONGEST_TEXT_BYTES = 4_096
_LARGEST_SECTION_BYTES = 1024 * 1024


class Dynamic(msgspec.Struct, frozen=True, kw_only=True):
    """The part that the loader searches by."""

    needed: tuple[str, ...]
    rpath: tuple[str, ...]
    """Directories searched before LD_LIBRARY_PATH, for all that is needed further down, too."""
    runpath: tuple[str, ...]
    """Directories searched after it, for this library's own needs; where there are any, `rpath` is
    not heeded."""


class _Segment(msgspec.Struct, frozen=True):
    kind: int
    offset: int
    address: int
    size: int


def read_dynamic(path: Path) -> Dynamic | None:
    """None where the file is no such library or cannot be read."""
    try:
        with path.open("rb") as file:
            return _parse(file, str(path.resolve().parent))
    except (OSError, struct.error, ValueError):
        return None


def _parse(file: BinaryIO, origin: str) -> Dynamic | None:
    segments = _segments(file)
    section = next((s for s in segments if s.kind == _PT_DYNAMIC), None)
    if section is None:
        return None
    raw = _read_at(file, section.offset, section.size)
    entries = list(struct.iter_unpack("<qQ", raw[: len(raw) // 16 * 16]))
    values = dict(entries)
    table = _offset_of(values[_STRTAB], segments)

    def texts(tag: int) -> list[str]:
        return [_text_at(file, table + value) for kind, value in entries if kind == tag]

    def folders(tag: int) -> tuple[str, ...]:
        listed = (folder for text in texts(tag) for folder in text.split(":"))
        return tuple(_expanded(folder, origin) for folder in listed if folder)

    return Dynamic(needed=tuple(texts(_NEEDED)), rpath=folders(_RPATH), runpath=folders(_RUNPATH))


def _segments(file: BinaryIO) -> list[_Segment]:
    header = _read_at(file, 0, _HEADER_BYTES)
    if not header.startswith(_MAGIC):
        return []
    (start,), (size, count) = (
        struct.unpack_from("<Q", header, 32),
        struct.unpack_from("<2H", header, 54),
    )
    raw = _read_at(file, start, size * count)
    segments = []
    for at in range(0, size * count, size):
        kind, _, offset, address, _, length = struct.unpack_from("<2I4Q", raw, at)
        segments.append(_Segment(kind, offset, address, length))
    return segments


def _offset_of(address: int, segments: list[_Segment]) -> int:
    for segment in segments:
        if segment.kind == _PT_LOAD and 0 <= address - segment.address < segment.size:
            return address - segment.address + segment.offset
    raise ValueError("its table of strings is not in the file")


def _read_at(file: BinaryIO, offset: int, size: int) -> bytes:
    if size > _LARGEST_SECTION_BYTES:
        raise ValueError("a section of unlikely size")
    file.seek(offset)
    return file.read(size)


def _text_at(file: BinaryIO, offset: int) -> str:
    """The whole table is megabytes long in torch's libraries; the few texts asked for are not."""
    return _read_at(file, offset, _LONGEST_TEXT_BYTES).partition(b"\0")[0].decode(errors="replace")


def _expanded(folder: str, origin: str) -> str:
    """`$ORIGIN` is the library's own folder (ld.so(8))."""
    return folder.replace("${ORIGIN}", origin).replace("$ORIGIN", origin)
