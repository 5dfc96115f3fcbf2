"""A file of the kernel that is read over and over: it stays open, and each reading is anew."""

import os
from pathlib import Path
from typing import final

_READ_BYTES = 65_536


@final
class KernelFile:
    """One of /proc. Where it cannot be opened it is empty."""

    def __init__(self, path: Path) -> None:
        try:
            self._fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            self._fd = -1

    def read(self, until: bytes) -> bytes:
        """Its text, at least as far as `until` is first in it."""
        text = b""
        while self._fd >= 0 and (piece := os.pread(self._fd, _READ_BYTES, len(text))):
            text += piece
            if until in text:
                break
        return text
