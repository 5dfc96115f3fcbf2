"""Instruction sets that the wheels for x86-64 need."""

from functools import cache
from typing import Literal

import msgspec

from rigcheck import versions
from rigcheck.knowledge.table import Row, load_table


class Need(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a range of releases of a package needs of the CPU."""

    package: str
    """Normalised as in PEP 503."""
    title: str
    from_version: str = ""
    below_version: str = ""
    what: str
    flags: tuple[str, ...]
    """In /proc/cpuinfo names."""
    effect: str
    """What happens without them."""
    verdict: Literal["fail", "warn"]
    fix: str = ""
    """A requirement, as pip takes it, of a release without the need."""
    advice: str = ""
    """The way round where no release is without it."""


class NeedTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`cpu_needs.toml`."""

    need: tuple[Need, ...]


@cache
def table() -> NeedTable:
    """The whole table."""
    return load_table("cpu_needs", NeedTable)


def needs_of(package: str, version: str) -> tuple[Need, ...]:
    """What this release needs.

    Raises:
        ValueError: if `version` is not one.
    """
    return tuple(
        need
        for need in table().need
        if need.package == package
        and versions.at_least(version, need.from_version or "0")
        and not (need.below_version and versions.at_least(version, need.below_version))
    )
