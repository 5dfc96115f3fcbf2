"""The GPU code in a shared library, from the headers of its fat binaries; nothing is unpacked.

A section holds containers, one for each compiled source; each container has an entry for each
target: machine code (a cubin) or PTX. The entry's header tells which, and where the next begins.
NVIDIA documents none of it; the layout is that of public readers (Kaitai's `fatbin`, ZLUDA's
`FatbinFileHeader`) and gives what NVIDIA's cuobjdump lists.
"""

import mmap
import struct
import time
from typing import List, Set, Tuple

from rigcheck.target.elf import sections

_SECTIONS = (".nv_fatbin", "__nv_relfatbin")
_CONTAINER = struct.Struct("<IHHQ")
"""Magic, version, size of this header, size of the entries."""
_MAGIC = 0xBA55ED50
_ENTRY = struct.Struct("<HHIQ")
"""Kind, version, size of this header, size of what follows it."""
_ENTRY_SIZE_MIN = 64
_CAPABILITY_AT = 28
_FLAGS_AT = 40
_PTX, _CUBIN = 1, 2
_ARCHITECTURE_SPECIFIC = 0x100000
"""The `a` of sm_90a."""


def read_gpu_code(path: str, deadline_s: float) -> List[str]:
    """`sm_75`, `sm_90a`, `compute_120`, …, machine code first; empty where there is none.

    Args:
        path: of the library.
        deadline_s: on the clock of `time.monotonic`; a large library takes half a second.

    Raises:
        OSError: if it cannot be read.
        ValueError: if it is no 64-bit ELF file, or a broken one.
        TimeoutError: if the deadline passes.
    """
    with open(path, "rb") as file:
        if file.seek(0, 2) == 0:
            raise ValueError("empty file")
        whole = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        with whole as mapped, memoryview(mapped) as data:
            return parse_gpu_code(data, deadline_s)


def parse_gpu_code(data: memoryview, deadline_s: float) -> List[str]:
    """As `read_gpu_code`, of a file's content."""
    found: Set[Tuple[bool, int, str]] = set()
    for name, offset, size in sections(data):
        if name in _SECTIONS:
            _gather(data, offset, offset + size, found, deadline_s)
    return [code for _, _, code in sorted(found)]


def _gather(
    data: memoryview, at: int, end: int, found: Set[Tuple[bool, int, str]], deadline_s: float
) -> None:
    """Every container of a section; between two there may be zeros."""
    while at + _CONTAINER.size <= end:
        magic, _, header_size, size = _CONTAINER.unpack_from(data, at)
        if magic == 0:
            at += 8
            continue
        if magic != _MAGIC or header_size < _CONTAINER.size or at + header_size + size > end:
            raise ValueError("broken fat binary")
        if time.monotonic() > deadline_s:
            raise TimeoutError("reading the library took too long")
        _gather_entries(data, at + header_size, at + header_size + size, found)
        at += header_size + size


def _gather_entries(data: memoryview, at: int, end: int, found: Set[Tuple[bool, int, str]]) -> None:
    while at + _ENTRY_SIZE_MIN <= end:
        kind, _, header_size, size = _ENTRY.unpack_from(data, at)
        if header_size < _ENTRY_SIZE_MIN:
            raise ValueError("broken fat binary")
        (capability,) = struct.unpack_from("<I", data, at + _CAPABILITY_AT)
        (flags,) = struct.unpack_from("<Q", data, at + _FLAGS_AT)
        if kind in (_PTX, _CUBIN):
            suffix = "a" if flags & _ARCHITECTURE_SPECIFIC else ""
            word = "sm" if kind == _CUBIN else "compute"
            found.add((kind == _PTX, capability, "{}_{}{}".format(word, capability, suffix)))
        at += header_size + size
