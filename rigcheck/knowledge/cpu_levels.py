"""x86-64 levels, and the CPU flags that deep learning cares about."""

import functools
from collections.abc import Collection

import msgspec

from rigcheck.knowledge.table import Row, load_table


class Level(Row, frozen=True, kw_only=True):
    """One psABI micro-architecture level: what it adds to the one below."""

    number: int
    name: str
    """`x86-64-v3`."""
    adds: tuple[str, ...]
    """In /proc/cpuinfo names."""


class Flag(Row, frozen=True, kw_only=True):
    """An instruction set that matrix libraries dispatch on."""

    cpuinfo: str
    """Its name in /proc/cpuinfo."""
    name: str
    """As its vendor calls it."""
    architecture: str
    """`x86_64` or `aarch64`."""
    why: str
    """What deep learning has of it."""


class CpuLevels(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole table."""

    level: tuple[Level, ...]
    flag: tuple[Flag, ...]

    @property
    def highest(self) -> int:
        """The highest level there is."""
        return max(level.number for level in self.level)

    def level_of(self, flags: Collection[str]) -> int:
        """The highest level whose flags are there with those of all below; 0 if none."""
        met = 0
        for level in self.level:
            if not set(level.adds) <= set(flags):
                break
            met = level.number
        return met

    def missing_for(self, number: int, flags: Collection[str]) -> tuple[str, ...]:
        """What `flags` lack for a level, in the table's order; empty when nothing."""
        wanted = (name for level in self.level if level.number <= number for name in level.adds)
        return tuple(name for name in wanted if name not in flags)

    def deep_learning_flags(self, architecture: str, flags: Collection[str]) -> tuple[str, ...]:
        """Those of `flags` that deep learning cares about, in the table's order."""
        rows = (row for row in self.flag if row.architecture == architecture)
        return tuple(row.cpuinfo for row in rows if row.cpuinfo in flags)


@functools.cache
def cpu_levels() -> CpuLevels:
    """The table, levels in ascending order."""
    return load_table("cpu_levels", CpuLevels)
