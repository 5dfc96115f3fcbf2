"""One reading of the meters. Times are `time.monotonic()`, the clock of the training events."""

import msgspec


class GpuSample(msgspec.Struct, frozen=True, kw_only=True):
    """One GPU's meters. None is a gap: the value could not be read this time."""

    gpu: str
    """Its identity: UUID, else PCI bus id."""
    utilization_percent: float | None = None
    """Share of the driver's last sample period (1/6 s to 1 s) in which a kernel was running."""
    memory_used_bytes: int | None = None
    """Allocated; the driver's own reserve is not in it, unless the driver is older than 510."""
    power_w: float | None = None
    temperature_c: float | None = None


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """All meters at one moment."""

    time_s: float
    cpu_percent: float | None = None
    """Busy share of all CPUs since the sample before, 0 to 100."""
    cpu_percent_per_core: tuple[float, ...] = ()
    memory_used_bytes: int | None = None
    """Total less what is available to a new program."""
    gpus: tuple[GpuSample, ...] = ()
    """Those that could be opened; one that is missing here is a gap, too."""
