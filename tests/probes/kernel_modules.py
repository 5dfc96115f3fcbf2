"""Makes a kernel module that modinfo can read: an ELF file with a `.modinfo` section only."""

import struct

_HEADER_BYTES = 64
_SECTION = struct.Struct("<IIQQQQIIQQ")
_NAMES = b"\0.modinfo\0.shstrtab\0"


def kernel_module(modinfo: dict[str, str]) -> bytes:
    """A relocatable ELF of x86-64 (`man 5 elf`): header, section data, section headers."""
    info = b"".join(f"{key}={value}".encode() + b"\0" for key, value in modinfo.items())
    sections = _SECTION.pack(*[0] * 10)
    sections += _section(1, 1, _HEADER_BYTES, len(info))
    sections += _section(10, 3, _HEADER_BYTES + len(info), len(_NAMES))
    headers_at = _HEADER_BYTES + len(info) + len(_NAMES)
    identity = b"\x7fELF" + bytes([2, 1, 1]) + bytes(9)
    header = struct.pack(
        "<HHIQQQIHHHHHH", 1, 62, 1, 0, 0, headers_at, 0, _HEADER_BYTES, 0, 0, _SECTION.size, 3, 2
    )
    return identity + header + info + _NAMES + sections


def _section(name: int, kind: int, offset: int, size: int) -> bytes:
    return _SECTION.pack(name, kind, 0, 0, offset, size, 0, 0, 1, 0)
