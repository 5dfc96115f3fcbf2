"""cuDNN: which GPUs each version still serves."""

from functools import cache

import msgspec

from rigcheck import versions
from rigcheck.knowledge.table import Row, load_table


class Floor(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The oldest compute capability that cuDNN serves from this version on."""

    from_version: str
    capability_min: str


class CudnnTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`cudnn.toml`."""

    floor: tuple[Floor, ...]


@cache
def table() -> CudnnTable:
    """The whole table."""
    return load_table("cudnn", CudnnTable)


def floor_of(cudnn: str) -> Floor | None:
    """The row for a cuDNN version; None for one older than the table.

    Raises:
        ValueError: if it is not a version.
    """
    rows = [row for row in table().floor if versions.at_least(cudnn, row.from_version)]
    return max(rows, key=lambda row: versions.release(row.from_version), default=None)
