"""What to install on a machine, and what it will serve for: the types of the advice."""

import enum

import msgspec

from rigcheck.findings import Remedy


class Counsel(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to one question that comes before the first installation."""

    topic: str
    """`driver`, `PyTorch`, `Python`, `CPU`, `will not work here`, …"""
    text: str
    remedy: Remedy | None = None
    """The commands, where there is something to do."""
    sources: tuple[str, ...] = ()


class Room(enum.Enum):
    """How a model goes into a GPU's memory."""

    FITS = "fits"
    TIGHT = "tight"
    """It takes nearly all: a desktop on the card, or fragments, may be too much."""
    TOO_LARGE = "too large"


class Fit(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a model has room on a GPU."""

    gpu: str
    """`GPU 0`."""
    workload: str
    needs_bytes: int
    """As calculated; see `rigcheck.knowledge.workloads`."""
    has_bytes: int
    """All of the card's memory."""
    room: Room
    source: str


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """What `rigcheck advise` says."""

    counsels: tuple[Counsel, ...]
    fits: tuple[Fit, ...]
