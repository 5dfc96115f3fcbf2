"""Caches from sysfs, each counted once however many CPUs share it."""

from collections import Counter
from pathlib import Path

from rigcheck.facts import Absent, Cache, Fact, Found, Reason, value_of
from rigcheck.probes.cpu_topology import CPU_DIRECTORY, CpuSet, parse_cpu_list
from rigcheck.probes.probe import read_text
from rigcheck.probes.reading import parsed, read_entries, read_number

_UNITS = {"K": 2**10, "M": 2**20, "G": 2**30}

_Kind = tuple[int, str, int]
"""Level, kind and size in bytes: what makes two caches alike."""


def read_caches(root: Path, threads: Fact[CpuSet]) -> Fact[tuple[Cache, ...]]:
    """All caches by level; on a hybrid processor a level has one entry a size."""
    if not isinstance(threads, Found):
        return threads
    counts: Counter[_Kind] = Counter()
    counted: set[tuple[int, str]] = set()
    for cpu in sorted(threads.value):
        directory = root / CPU_DIRECTORY / f"cpu{cpu}" / "cache"
        for index in value_of(read_entries(directory)) or ():
            if (cpu, index.name) not in counted and (kind := _read_kind(index)) is not None:
                counts[kind] += 1
                counted.update((sharer, index.name) for sharer in _read_sharers(index))
    source = str(root / CPU_DIRECTORY / "cpu*/cache")
    if not counts:
        return Absent(Reason.NOT_THERE, source)
    return Found(tuple(_cache(kind, counts[kind]) for kind in sorted(counts)), source)


def parse_cache_size(text: str) -> int:
    """`32K` → 32768 bytes.

    Raises:
        ValueError: if it is no size, or 0, which stands for an unknown one.
    """
    unit = _UNITS.get(text[-1:])
    size_bytes = int(text) if unit is None else int(text[:-1]) * unit
    if size_bytes <= 0:
        raise ValueError(f"not a size: {text!r}")
    return size_bytes


def _read_kind(index: Path) -> _Kind | None:
    """None for what is no cache (`uevent`) and where the firmware tells no size."""
    level = value_of(read_number(index / "level"))
    kind = value_of(read_text(index / "type"))
    size_bytes = value_of(parsed(read_text(index / "size"), parse_cache_size))
    return (
        None if level is None or kind is None or size_bytes is None else (level, kind, size_bytes)
    )


def _read_sharers(index: Path) -> CpuSet:
    return value_of(parsed(read_text(index / "shared_cpu_list"), parse_cpu_list)) or frozenset()


def _cache(kind: _Kind, instances: int) -> Cache:
    level, name, size_bytes = kind
    return Cache(level=level, kind=name, size_bytes=size_bytes, instances=instances)
