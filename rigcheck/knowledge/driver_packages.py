"""The NVIDIA driver as each distribution packages it."""

from functools import cache
from typing import Literal

import msgspec

from rigcheck.knowledge.table import Row, load_table


class Package(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A way to install one branch of the driver."""

    distributions: tuple[str, ...]
    """os-release IDs."""
    versions: tuple[str, ...] = ()
    """Releases of the distribution, as far as they are told (`9` holds for 9.4); empty: all."""
    branch: str
    module: Literal["open", "closed"]
    brings: str
    commands: tuple[str, ...]
    advice: str = ""
    """What to know before running them."""


class PackageTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`driver_packages.toml`."""

    package: tuple[Package, ...]


@cache
def table() -> PackageTable:
    """The whole table."""
    return load_table("driver_packages", PackageTable)


def packages_of(distribution: str, version: str) -> tuple[Package, ...]:
    """The rows for a distribution's release, the first to be preferred.

    A row that holds for some releases only is left out where the release is not known ("").
    """
    return tuple(
        row
        for row in table().package
        if distribution in row.distributions
        and (not row.versions or version.split(".", maxsplit=1)[0] in row.versions)
    )
