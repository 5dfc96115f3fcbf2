"""What a GPU went through while it was watched: the extremes, the changes, and what held it back.

Counters are judged by their change in that time, the link and the clocks only under load: at rest
a healthy card runs slow to save power.
"""

import msgspec


class Throttle(msgspec.Struct, frozen=True, kw_only=True):
    """One reason for which the clocks were not higher."""

    reason: str
    """As in `GpuSample.clocks_event_reasons`."""
    first_s: float
    """Time of the first sample under load with it."""
    share: float
    """Of the samples under load, 0 to 1."""


class GpuChanges(msgspec.Struct, frozen=True, kw_only=True):
    """One GPU's time under watch.

    None: it was never told, or, where load is needed, the GPU was never under load.
    """

    gpu: str
    """Its identity: UUID, else PCI bus id."""
    samples: int
    """In which it answered at all."""
    samples_under_load: int
    """In which it was busy for `LOAD_PERCENT` of the driver's sample period or more."""
    pcie_generation_max: int | None = None
    """The highest seen under load."""
    pcie_width_max: int | None = None
    """The widest seen under load."""
    sm_clock_max_mhz: float | None = None
    """The highest seen under load."""
    power_max_w: float | None = None
    """The highest seen."""
    temperature_max_c: float | None = None
    """Of the chip, the highest seen."""
    memory_temperature_max_c: float | None = None
    """Of the memory, the highest seen."""
    energy_j: float | None = None
    """Consumed between the first and the last sample that told it."""
    ecc_corrected_errors: int | None = None
    """New ones, between the first and the last sample that told the counter; as the two below."""
    ecc_uncorrected_errors: int | None = None
    pcie_replays: int | None = None
    throttles: tuple[Throttle, ...] = ()
    """In order of the first time; the harmless reasons too."""
    xids: tuple[int, ...] = ()
    """The errors that the driver reported, in order."""
