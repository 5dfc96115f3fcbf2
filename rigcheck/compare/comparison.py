"""What a comparison says. Rates are images a second; `before` is what is compared with."""

import enum

import msgspec

from rigcheck.bench.result import Rate
from rigcheck.bench.tier import Tier
from rigcheck.findings import Evidence

SCHEMA_VERSION = 1


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One of the runs."""

    letter: str
    """`A`, `B`, …, in the order in which they were named."""
    run: str
    """Its id, or the path of its file."""
    created_at: str
    """ISO 8601, UTC."""
    hostname: str
    """Empty where it is not known, as in the three below."""
    system: str
    driver: str
    torch: str
    has_bench: bool


class Importance(enum.Enum):
    """How much a change bears upon what works and how fast."""

    KEY = "key"
    OTHER = "other"


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A fact that differs, in words."""

    importance: Importance
    field: str
    """As the report's schema names it: `nvml.driver_version`, `nvml.gpus.power_limit_enforced_w`;
    `bench.…` for a setting or a condition of the benchmark."""
    subject: str
    """Which of several it is about: `GPU 1`; empty for the machine."""
    what: str
    """`driver version`."""
    before: str
    """With its unit; `not there` where it was not."""
    after: str


class Unread(msgspec.Struct, frozen=True, kw_only=True):
    """A fact that only one of the two runs could read: it does not tell whether it changed."""

    field: str
    """As in `Change`, as are the two below."""
    subject: str
    what: str
    was_unread_before: bool
    """True where the earlier run could not read it, false where the later one could not."""
    error: str


class Difference(enum.Enum):
    """What two rates say."""

    SLOWER = "slower"
    FASTER = "faster"
    NONE = "no real difference"
    """The intervals overlap, or lie so close that two runs of one machine may."""
    NOT_TOLD = "does not compare"


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """Something that changed and may explain a speed."""

    words: str
    """`its link is now x4`."""
    evidence: tuple[Evidence, ...]


class SpeedChange(msgspec.Struct, frozen=True, kw_only=True):
    """One device in one form, before and after."""

    label: str
    """Of the device, as the later run calls it."""
    name: str
    identity: str
    """UUID, else PCI bus id; empty for the CPU."""
    tier: Tier
    difference: Difference
    before: Rate | None
    after: Rate | None
    ratio: float | None = None
    """How many times as fast as before; null where the two do not compare."""
    low: float | None = None
    """By the ends of both intervals that are nearest to each other, so that it holds 1 where they
    overlap."""
    high: float | None = None
    why_not: str = ""
    """Why the two do not compare; empty otherwise."""
    sentence: str = ""
    """`driver 570 → 580, torch the same, GPU 1 -38 %: its link is now x4`; empty where nothing is
    to be explained."""
    causes: tuple[Cause, ...] = ()
    """The likeliest first."""


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """Two of the runs."""

    before: str
    """The letter of the run that the other is compared with."""
    after: str
    is_same_machine: bool | None
    """By a GPU that is in both, else by the name of the machine and its processor; null where
    neither is told."""
    speeds: tuple[SpeedChange, ...]
    """What got slower first."""
    changes: tuple[Change, ...]
    """The important ones first."""
    unread: tuple[Unread, ...] = ()
    """What only one of the two could read, the important ones first."""
    gone: tuple[str, ...] = ()
    """Devices that trained before and cannot now, in words."""


class TableRow(msgspec.Struct, frozen=True, kw_only=True):
    """A device among all that compare with it."""

    side: str
    """The letter of its run."""
    label: str
    name: str
    threads: int | None
    """CPU threads of the mathematics; null on other devices."""
    rate: Rate
    times_slowest: float
    """How many times as fast as the slowest of the table."""
    images_per_j: float | None
    """Which is images/s per watt; null where no meter told."""
    price: float | None
    """As it was given; null where it was not."""
    images_per_s_per_price: float | None


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Devices of all runs that trained the same: form, data and batch."""

    tier: Tier
    data: str
    batch_size: int
    rows: tuple[TableRow, ...]
    """The fastest first."""


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Runs compared: each with the first, and all devices with one another."""

    schema_version: int
    """Raised whenever a field changes its meaning or goes."""
    sides: tuple[Side, ...]
    pairs: tuple[Pair, ...]
    """Each later run with the first."""
    tables: tuple[Table, ...]
    notes: tuple[str, ...] = ()
    """What does not compare, and why."""
