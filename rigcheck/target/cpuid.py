"""What the CPU says it can do, as this process sees it.

/proc/cpuinfo is the kernel's view. Under an emulator of another CPU (qemu-user) it still tells of
the host's, while the instruction CPUID tells of the one that runs the program.
"""

from __future__ import annotations

import ctypes
import struct

from rigcheck.target import machine_code

# void f(uint32_t leaf (edi), uint32_t subleaf (esi), uint32_t registers[4] (rdx))
_CPUID = bytes.fromhex(
    "53 49 89 d0 89 f8 89 f1 0f a2"  # push rbx; mov r8,rdx; mov eax,edi; mov ecx,esi; cpuid
    "41 89 00 41 89 58 04 41 89 48 08 41 89 50 0c"  # [r8] = eax, ebx, ecx, edx
    "5b c3"  # pop rbx; ret
)
# uint64_t f(void): which registers the system saves (XCR0)
_XGETBV = bytes.fromhex("31 c9 0f 01 d0 48 c1 e2 20 48 09 d0 c3")
_OSXSAVE_BIT = 27
_VECTOR_STATE, _MASK_STATE = 0x6, 0xE0
_EXTENDED = 0x8000_0001
_EAX, _EBX, _ECX, _EDX = range(4)


def _bits(text: str) -> dict[int, str]:
    pairs = (pair.split() for pair in text.split(", "))
    return {int(bit): flag for bit, flag in pairs}


# By leaf and register: bit and flag. Intel SDM vol. 2A, CPUID; AMD APM vol. 3, appendix E.
_BITS = {
    (1, _ECX): _bits(
        "0 pni, 1 pclmulqdq, 9 ssse3, 12 fma, 13 cx16, 19 sse4_1, 20 sse4_2, 22 movbe, 23 popcnt, "
        "25 aes, 28 avx, 29 f16c"
    ),
    (7, _EBX): _bits(
        "3 bmi1, 5 avx2, 8 bmi2, 16 avx512f, 17 avx512dq, 28 avx512cd, 30 avx512bw, 31 avx512vl"
    ),
    (7, _ECX): _bits("11 avx512_vnni"),
    (7, _EDX): _bits("22 amx_bf16, 24 amx_tile, 25 amx_int8"),
    (_EXTENDED, _ECX): _bits("0 lahf_lm, 5 abm"),
}
_NEED_VECTOR_STATE = ("avx", "fma", "f16c")


def cpu_flags() -> list[str] | None:
    """The instruction sets beyond SSE2 that programs dispatch on, in /proc/cpuinfo names.

    None where our code does not run: another system or CPU.

    Raises:
        OSError: if the system lets us run none.
    """
    if not machine_code.is_possible():
        return None
    registers = {leaf: _ask(leaf) for leaf in (0, 1, 7, _EXTENDED)}
    saved = _saved_state(registers[1])
    return [
        flag
        for (leaf, register), flags in _BITS.items()
        if leaf == _EXTENDED or leaf <= registers[0][_EAX]
        for bit, flag in flags.items()
        if registers[leaf][register] >> bit & 1 and _is_usable(flag, saved)
    ]


def _ask(leaf: int) -> tuple[int, ...]:
    function = ctypes.CFUNCTYPE(None, ctypes.c_uint32, ctypes.c_uint32, ctypes.c_void_p)
    registers = ctypes.create_string_buffer(16)
    function(machine_code.place(_CPUID))(leaf, 0, ctypes.addressof(registers))
    return struct.unpack("<4I", registers.raw)


def _saved_state(leaf_1: tuple[int, ...]) -> int:
    if not leaf_1[_ECX] >> _OSXSAVE_BIT & 1:
        return 0
    return int(ctypes.CFUNCTYPE(ctypes.c_uint64)(machine_code.place(_XGETBV))())


def _is_usable(flag: str, saved: int) -> bool:
    """AVX and its successors work only where the system saves their registers."""
    if flag.startswith("avx512"):
        return saved & _MASK_STATE == _MASK_STATE
    if flag.startswith("avx") or flag in _NEED_VECTOR_STATE:
        return saved & _VECTOR_STATE == _VECTOR_STATE
    return True
