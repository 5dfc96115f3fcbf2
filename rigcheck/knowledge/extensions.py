"""Extensions of torch with GPU code of their own."""

from functools import cache

import msgspec

from rigcheck.knowledge.table import Row, load_table


class Floor(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The least compute capability that an extension's wheels have code for."""

    package: str
    """Normalised as in PEP 503."""
    title: str
    capability_min: str
    advice: str
    """The way round on an older GPU."""


class ExtensionTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`extensions.toml`."""

    floor: tuple[Floor, ...]


@cache
def table() -> ExtensionTable:
    """The whole table."""
    return load_table("extensions", ExtensionTable)


def floor_of(package: str) -> Floor | None:
    """The row of `vllm`; None for a package the table does not know."""
    return next((row for row in table().floor if row.package == package), None)
