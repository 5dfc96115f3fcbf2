"""The first CPU's data caches, from sysfs; none where the kernel tells of none."""

from __future__ import annotations

import os
from typing import Iterator, NamedTuple, Optional, Tuple

_INDICES = "/sys/devices/system/cpu/cpu0/cache"
_UNITS = {"K": 1024, "M": 1024**2, "G": 1024**3}


class Cache(NamedTuple):
    """One level, as the first CPU sees it."""

    level: int
    size_bytes: int
    is_shared: bool
    """Among cores, not only among the threads of one."""


def read_caches(folder: str = _INDICES) -> Tuple[Cache, ...]:
    """Those that hold data."""
    return tuple(_caches(folder))


def parse_size(text: str) -> int:
    """`2048K` → 2097152.

    Raises:
        ValueError: if it is no such size.
    """
    unit = _UNITS.get(text[-1:], 0)
    return int(text[:-1]) * unit if unit else int(text)


def _caches(folder: str) -> Iterator[Cache]:
    try:
        names = sorted(name for name in os.listdir(folder) if name.startswith("index"))
    except OSError:
        return
    siblings = _read(folder, "..", "topology", "thread_siblings_list")
    for name in names:
        level, size = _read(folder, name, "level"), _read(folder, name, "size")
        if level is None or size is None or _read(folder, name, "type") == "Instruction":
            continue
        shared = _read(folder, name, "shared_cpu_list")
        yield Cache(int(level), parse_size(size), shared != siblings)


def _read(*path: str) -> Optional[str]:
    try:
        with open(os.path.join(*path), encoding="ascii") as file:
            return file.read().strip()
    except OSError:
        return None
