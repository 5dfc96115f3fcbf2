"""Drivers: which CUDA needs which, and which branch and kernel module an architecture takes."""

from functools import cache
from typing import Literal

import msgspec

from rigcheck import versions
from rigcheck.knowledge.table import Row, load_table


class Floor(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The oldest driver that runs programs of a CUDA (a major from 11 on, else a minor)."""

    cuda: str
    driver_linux: str
    driver_windows: str


class Toolkit(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A CUDA toolkit and the oldest driver that serves all of it."""

    cuda: str
    """`12.4.1`."""
    driver_linux: str
    driver_windows: str = ""
    """Empty where NVIDIA names none."""


class Branch(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A driver branch and the architectures it drives; empty where that was not read."""

    branch: str
    kind: str
    max_cuda: str
    architectures: tuple[str, ...] = ()
    last_version: str = ""
    end_of_support: str = ""


class Architecture(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What of the driver a GPU architecture takes."""

    name: str
    last_branch: str
    """`current` where none has dropped it."""
    first_branch: str = ""
    module: Literal["open", "closed", "either"]


class DriverTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`cuda_driver.toml`."""

    floor: tuple[Floor, ...]
    toolkit: tuple[Toolkit, ...]
    branch: tuple[Branch, ...]
    architecture: tuple[Architecture, ...]


@cache
def table() -> DriverTable:
    """The whole table."""
    return load_table("cuda_driver", DriverTable)


def floor_of(cuda: str) -> Floor | None:
    """The row for a CUDA version; None for one the table does not know.

    Raises:
        ValueError: if it is not a version.
    """
    names = (versions.minor(cuda), str(versions.release(cuda)[0]))
    return next((row for name in names for row in table().floor if row.cuda == name), None)


def toolkit_of(cuda: str) -> Toolkit | None:
    """The row of a toolkit; for a minor (`12.4`) its first release. None for an unknown one.

    Raises:
        ValueError: if it is not a version.
    """
    rows = [row for row in table().toolkit if versions.minor(row.cuda) == versions.minor(cuda)]
    exact = next((row for row in rows if row.cuda == cuda), None)
    return exact or min(rows, key=lambda row: versions.release(row.cuda), default=None)


def branch_of(name: str) -> Branch | None:
    """The row of a branch: `580`."""
    return next((row for row in table().branch if row.branch == name), None)


def architecture_of(name: str) -> Architecture | None:
    """The row of an architecture: `Maxwell`."""
    return next((row for row in table().architecture if row.name == name), None)
