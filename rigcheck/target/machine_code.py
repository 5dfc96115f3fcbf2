"""A few bytes of machine code in memory of our own: what Python has no word for."""

from __future__ import annotations

import ctypes
import mmap
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_kept: list[Any] = []
"""What must live as long as the process: an address of it was handed out."""


def is_possible() -> bool:
    """Our code is for Linux on x86-64."""
    return sys.platform == "linux" and os.uname().machine == "x86_64" and sys.maxsize > 2**32


def place(code: bytes) -> int:
    """Its address, for the life of the process.

    Raises:
        OSError: if the system gives no memory that may be written and run (SELinux may not).
    """
    memory = mmap.mmap(
        -1,
        mmap.PAGESIZE,
        flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS,
        prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC,
    )
    memory.write(code)
    _kept.append(memory)
    return ctypes.addressof(ctypes.c_char.from_buffer(memory))
