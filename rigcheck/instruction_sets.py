"""Which instruction set an instruction of x86-64 belongs to, from its first bytes.

Only what tells one CPU from another is told apart, by prefix and opcode: enough to say why a
program died of SIGILL. Source: Intel SDM vol. 2, 2.1 (prefixes), 2.3 (VEX), 2.7 (EVEX) and the
opcode maps of appendix A.
"""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

_LEGACY_PREFIXES = b"\x26\x2e\x36\x3e\x64\x65\x66\x67\xf0\xf2\xf3"
_REX_MASK, _REX = 0xF0, 0x40
_EVEX, _VEX_2, _VEX_3 = 0x62, 0xC5, 0xC4
_ESCAPE = 0x0F
_ESCAPE_TO_MAP = {0x38: 2, 0x3A: 3}
"""The byte behind 0F that leads on to another opcode map, which VEX names by its number."""
_GROUP_9 = 0xC7
"""0F C7: the middle bits of the byte behind it choose the instruction."""
_UNDEFINED = b"\x0b\xb9\xff"


class InstructionSet(msgspec.Struct, frozen=True):
    """One that a CPU has or lacks."""

    title: str
    flag: str
    """As in /proc/cpuinfo."""


_SSE3 = InstructionSet("SSE3", "pni")
_SSSE3 = InstructionSet("SSSE3", "ssse3")
_SSE41 = InstructionSet("SSE4.1", "sse4_1")
_SSE42 = InstructionSet("SSE4.2", "sse4_2")
_POPCNT = InstructionSet("POPCNT", "popcnt")
_MOVBE = InstructionSet("MOVBE", "movbe")
_AES = InstructionSet("AES", "aes")
_PCLMUL = InstructionSet("PCLMULQDQ", "pclmulqdq")
_SHA = InstructionSet("SHA", "sha_ni")
_AVX = InstructionSet("AVX", "avx")
_F16C = InstructionSet("F16C", "f16c")
_FMA = InstructionSet("FMA", "fma")
_BMI1 = InstructionSet("BMI1", "bmi1")
_BMI2 = InstructionSet("BMI2", "bmi2")
_AVX2 = InstructionSet("AVX2", "avx2")
_AVX512 = InstructionSet("AVX-512", "avx512f")
_IN_GROUP_9 = {
    1: InstructionSet("CMPXCHG16B", "cx16"),
    6: InstructionSet("RDRAND", "rdrand"),
    7: InstructionSet("RDSEED", "rdseed"),
}


class _Row(NamedTuple):
    """Instructions of one set: the first row that fits counts."""

    belongs: InstructionSet
    opcode_map: int
    opcodes: frozenset[int]
    prefixes: bytes = b""
    """One of them must be there; any or none will do where this is empty."""


def _codes(*ranges: int | tuple[int, int]) -> frozenset[int]:
    """Single opcodes, and ranges from their first to their last."""
    spans = (r if isinstance(r, tuple) else (r, r) for r in ranges)
    return frozenset(code for first, last in spans for code in range(first, last + 1))


_SSSE3_INTEGERS = _codes((0x00, 0x0B), (0x1C, 0x1E))
_SSE41_INTEGERS = _codes((0x20, 0x25), (0x28, 0x2B), (0x30, 0x35), (0x38, 0x41))
_SSE2_INTEGERS = _codes(
    (0x60, 0x6D), (0x71, 0x76), (0xD1, 0xD5), 0xD7, (0xD8, 0xE5), (0xE8, 0xEF), (0xF1, 0xF6)
) | _codes((0xF8, 0xFE))

_LEGACY = (
    _Row(_SSE3, 1, _codes(0x12, 0x7C, 0x7D, 0xD0, 0xF0), b"\xf2"),
    _Row(_SSE3, 1, _codes(0x12, 0x16), b"\xf3"),
    _Row(_SSE3, 1, _codes(0x7C, 0x7D, 0xD0), b"\x66"),
    _Row(_POPCNT, 1, _codes(0xB8), b"\xf3"),
    _Row(_SSSE3, 2, _SSSE3_INTEGERS),
    _Row(_SSE41, 2, _SSE41_INTEGERS | _codes(0x10, 0x14, 0x15, 0x17)),
    _Row(_SSE42, 2, _codes(0x37)),
    _Row(_SSE42, 2, _codes(0xF0, 0xF1), b"\xf2"),
    _Row(_MOVBE, 2, _codes(0xF0, 0xF1)),
    _Row(_SHA, 2, _codes((0xC8, 0xCD))),
    _Row(_AES, 2, _codes((0xDB, 0xDF))),
    _Row(_SSSE3, 3, _codes(0x0F)),
    _Row(_SSE41, 3, _codes((0x08, 0x0E), (0x14, 0x17), (0x20, 0x22), (0x40, 0x42))),
    _Row(_SSE42, 3, _codes((0x60, 0x63))),
    _Row(_PCLMUL, 3, _codes(0x44)),
    _Row(_SHA, 3, _codes(0xCC)),
    _Row(_AES, 3, _codes(0xDF)),
)
_VEX = (
    _Row(_AVX512, 1, _codes((0x41, 0x47), 0x4A, 0x4B, (0x90, 0x93), 0x98, 0x99)),
    _Row(_FMA, 2, _codes((0x96, 0x9F), (0xA6, 0xAF), (0xB6, 0xBF))),
    _Row(_F16C, 2, _codes(0x13)),
    _Row(_BMI1, 2, _codes(0xF2, 0xF3)),
    _Row(_BMI2, 2, _codes(0xF5, 0xF6)),
    _Row(_BMI2, 2, _codes(0xF7), b"\x66\xf2\xf3"),
    _Row(_BMI1, 2, _codes(0xF7)),
    _Row(_AVX2, 2, _codes(0x16, 0x36, (0x45, 0x47), (0x58, 0x5A), 0x78, 0x79, 0x8C, 0x8E)),
    _Row(_AVX2, 2, _codes((0x90, 0x93))),
    _Row(_BMI2, 3, _codes(0xF0)),
    _Row(_F16C, 3, _codes(0x1D)),
    _Row(_AVX512, 3, _codes((0x30, 0x33))),
    _Row(_AVX2, 3, _codes((0x00, 0x02), 0x38, 0x39, 0x46)),
)
_VEX_256 = (
    _Row(_AVX2, 1, _SSE2_INTEGERS),
    _Row(_AVX2, 2, _SSSE3_INTEGERS | _SSE41_INTEGERS),
    _Row(_AVX2, 3, _codes(0x0E, 0x0F, 0x42)),
)
"""What AVX has for 128 bits and only AVX2 for 256."""
_IMPLIED_PREFIXES = (b"", b"\x66", b"\xf3", b"\xf2")
_IS_256, _PREFIX_MASK, _MAP_MASK = 0x04, 0x03, 0x1F


def is_deliberate(code: bytes) -> bool:
    """UD2 and its like: undefined for good, by which a program stops itself."""
    return len(code) > 1 and code[0] == _ESCAPE and code[1] in _UNDEFINED


def instruction_set(code: bytes) -> InstructionSet | None:
    """That of the instruction which begins with these bytes; None where they do not tell."""
    try:
        return _told_by(code)
    except IndexError:
        return None


def _told_by(code: bytes) -> InstructionSet | None:
    rest = code.lstrip(_LEGACY_PREFIXES)
    prefixes = code[: len(code) - len(rest)]
    if rest[0] == _EVEX:
        return _AVX512
    if rest[0] == _VEX_2:
        return _vex(1, payload=rest[1], opcode=rest[2])
    if rest[0] == _VEX_3:
        return _vex(rest[1] & _MAP_MASK, payload=rest[2], opcode=rest[3])
    if rest[0] & _REX_MASK == _REX:
        rest = rest[1:]
    return _legacy(prefixes, rest) if rest[0] == _ESCAPE else None


def _vex(opcode_map: int, *, payload: int, opcode: int) -> InstructionSet:
    """`payload` holds the length of the vectors and stands for a prefix."""
    prefix = _IMPLIED_PREFIXES[payload & _PREFIX_MASK]
    rows = (*_VEX, *_VEX_256) if payload & _IS_256 else _VEX
    return _first(rows, opcode_map, opcode, prefix) or _AVX


def _legacy(prefixes: bytes, rest: bytes) -> InstructionSet | None:
    if rest[1] == _GROUP_9:
        return _IN_GROUP_9.get(rest[2] >> 3 & 7)
    opcode_map = _ESCAPE_TO_MAP.get(rest[1], 1)
    return _first(_LEGACY, opcode_map, rest[1 if opcode_map == 1 else 2], prefixes)


def _first(
    rows: Iterable[_Row], opcode_map: int, opcode: int, prefixes: bytes
) -> InstructionSet | None:
    return next(
        (
            row.belongs
            for row in rows
            if row.opcode_map == opcode_map
            and opcode in row.opcodes
            and (not row.prefixes or set(row.prefixes) & set(prefixes))
        ),
        None,
    )
