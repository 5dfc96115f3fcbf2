"""Keeps the instruction of which this process dies by SIGILL.

Python cannot: a handler of its own runs only after the instruction, which never ends, and a call
back into it needs a lock that the dying thread may not have. So the handler is machine code that
writes the bytes at the instruction pointer into a file that the parent holds open.
"""

import ctypes
import struct

from rigcheck.target import machine_code

_SIGILL = 4
_SA_SIGINFO = 4
_SA_ONSTACK = 0x08000000
_SA_RESETHAND = 0x80000000
_MASK_BYTES = 128

# rdi: signal, rsi: siginfo_t, rdx: ucontext_t, whose saved instruction pointer is at 0xa8
# (Linux, arch/x86/include/uapi/asm/sigcontext.h and asm-generic/ucontext.h). They are kept for the
# handler that was there before, to which it goes on.
_SAVE = bytes.fromhex("57 56 52")  # push rdi; push rsi; push rdx
_LOAD = bytes.fromhex("48 8b b2 a8 00 00 00 bf")  # mov rsi, [rdx+0xa8]; mov edi, FILE
_WRITE = bytes.fromhex(
    "ba 10 00 00 00"  # mov edx, 16: one more than the longest instruction
    "b8 01 00 00 00 0f 05"  # mov eax, 1 (write); syscall
    "5a 5e 5f 48 b8"  # pop rdx; pop rsi; pop rdi; mov rax, NEXT
)
_GO_ON = bytes.fromhex("ff e0")  # jmp rax
# Without a handler before: the signal is back to its default (SA_RESETHAND), so that the
# instruction, run once more, ends the process.
_RETURN = bytes.fromhex("c3")


class _SigAction(ctypes.Structure):
    """`struct sigaction` of the C library, which is one for glibc and musl."""

    _fields_ = (
        ("handler", ctypes.c_void_p),
        ("mask", ctypes.c_char * _MASK_BYTES),
        ("flags", ctypes.c_int),
        ("restorer", ctypes.c_void_p),
    )


def keep_last_instruction(fd: int) -> None:
    """Writes into `fd` once it comes to that. Does nothing where it is not possible."""
    if not machine_code.is_possible():
        return
    sigaction = ctypes.CDLL(None).sigaction
    before = _SigAction()
    sigaction(_SIGILL, None, ctypes.byref(before))
    try:
        address = machine_code.place(_handler(fd, before.handler))
    except OSError:
        return
    flags = ctypes.c_int(_SA_SIGINFO | _SA_ONSTACK | _SA_RESETHAND)
    ours = _SigAction(handler=address, flags=flags.value)
    sigaction(_SIGILL, ctypes.byref(ours), None)


def _handler(fd: int, before: int) -> bytes:
    end = _GO_ON if before else _RETURN
    next_address = struct.pack("<Q", before or 0)
    return _SAVE + _LOAD + struct.pack("<I", fd) + _WRITE + next_address + end
