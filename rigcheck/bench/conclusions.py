"""What is concluded from a device's run: what holds it back, and what it consumes."""

import enum

import msgspec

from rigcheck.findings import Evidence


class BottleneckKind(enum.Enum):
    """What holds training back."""

    CLOCKS = "clocks held down"
    OTHER_PROGRAMS = "other programs"
    HOST_THREADS = "host threads"
    PAGE_FAULTS = "memory handed out anew"
    INPUT_PIPELINE = "input pipeline"
    SYNCS = "waits in each step"
    LAUNCHES = "launches"
    OPERATORS = "torch's operators"
    ARITHMETIC = "arithmetic"
    NOT_TOLD = "not told apart"


class Bottleneck(msgspec.Struct, frozen=True, kw_only=True):
    """What holds one device back, and what to do about it."""

    device: str
    """As torch names it."""
    kind: BottleneckKind
    sentence: str
    """`the data loader holds it back: 6.3 k images/s as written, 15.9 k with the data in memory`"""
    evidence: tuple[Evidence, ...] = ()
    advice: str = ""
    """What to do about it; empty where nothing is to be done."""


class EnergySource(enum.Enum):
    """Where the energy is from, the surest first."""

    GPU_COUNTER = "NVML's energy counter"
    GPU_POWER = "NVML's power, summed up"
    """The power is a mean of the last second on most cards: less sure than the counter."""
    CPU_COUNTER = "RAPL"
    """All processors, whoever had them work; without main memory and the rest of the machine."""


class Energy(msgspec.Struct, frozen=True, kw_only=True):
    """What a device consumed while it trained."""

    images_per_j: float
    energy_j: float
    duration_s: float
    """From the first to the last reading."""
    images: float
    """Trained on in that time."""
    mean_power_w: float
    active_share: float
    """Of that time, in which it trained, 0 to 1. Below 1 the rest, in which it waited, is in the
    energy, too."""
    source: EnergySource
