"""One reading of the meters. Times are `time.monotonic()`, the clock of the training events."""

import msgspec


class GpuSample(msgspec.Struct, frozen=True, kw_only=True):
    """One GPU's meters. None is a gap: the value could not be read this time, or was not its turn.

    Those read only every few seconds say so; between, they are gaps.
    """

    gpu: str
    """Its identity: UUID, else PCI bus id."""
    utilization_percent: float | None = None
    """Share of the driver's last sample period (1/6 s to 1 s) in which a kernel was running. 100
    does not mean that the GPU is full: one small kernel after another gives it, too."""
    memory_used_bytes: int | None = None
    """Allocated; the driver's own reserve is not in it, unless the driver is older than 510."""
    power_w: float | None = None
    """Of the whole board: mean of the last second on most cards since Ampere, of the instant on
    older ones."""
    temperature_c: float | None = None
    """Of the chip."""
    memory_temperature_c: float | None = None
    """Of the memory's hottest point; cards with HBM or GDDR6X, few others tell it."""
    energy_j: float | None = None
    """Consumed since the driver was loaded: two readings' difference is the energy between them."""
    sm_clock_mhz: float | None = None
    """Of the multiprocessors, at this moment."""
    memory_clock_mhz: float | None = None
    """Of the memory, at this moment."""
    clocks_event_reasons: tuple[str, ...] | None = None
    """Why the clocks are not higher at this moment: `idle`, `power cap`, `power brake`, …; a bit
    without a name in hexadecimal. Idle and the power cap are normal; empty: nothing holds them."""
    fan_percent: float | None = None
    """The fastest fan's intended speed, as a share of its full one; a blocked fan still tells it.
    Read every few seconds."""
    pcie_generation: int | None = None
    """Of the link at this moment; a card at rest lowers it to save power."""
    pcie_width: int | None = None
    """Lanes in use at this moment."""
    pcie_sent_bytes_per_s: float | None = None
    """Out of the GPU, over 20 ms. Read every few seconds."""
    pcie_received_bytes_per_s: float | None = None
    """Into the GPU, over 20 ms. Read every few seconds."""
    pcie_replays: int | None = None
    """Packets that had to be sent again, since the driver was loaded. Read every few seconds."""
    ecc_corrected_errors: int | None = None
    """Memory errors that ECC corrected, since the driver was loaded. Read every few seconds."""
    ecc_uncorrected_errors: int | None = None
    """Memory errors that ECC could not correct, since the driver was loaded. Read every few
    seconds."""


class XidEvent(msgspec.Struct, frozen=True, kw_only=True):
    """The driver reported an error of a GPU while it was watched."""

    time_s: float
    """When it reached us."""
    gpu: str
    """Its identity: UUID, else PCI bus id; empty where the driver did not name it."""
    xid: int
    """NVIDIA's number of the error, as in the kernel log's `NVRM: Xid`."""


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """All meters at one moment."""

    time_s: float
    """When it was taken."""
    cpu_percent: float | None = None
    """Busy share of all CPUs since the sample before, 0 to 100."""
    cpu_percent_per_core: tuple[float, ...] = ()
    """Busy share of each CPU since the sample before; a core with two hardware threads is
    two of them."""
    cpu_frequency_mhz: float | None = None
    """Mean of all CPUs' clocks, where the kernel tells them. Read every few seconds."""
    cpu_temperature_c: float | None = None
    """The hottest sensor of the processor, where there is one. Read every few seconds."""
    cpu_energy_j: float | None = None
    """Consumed by all processors since watching began: two readings' difference is the energy
    between them. Linux lets root alone read it."""
    memory_used_bytes: int | None = None
    """Of the machine's main memory: its total less what is available to a new program."""
    gpus: tuple[GpuSample, ...] = ()
    """Those that could be opened; one that is missing here is a gap, too."""
    xids: tuple[XidEvent, ...] | None = None
    """Errors that the driver reported since the sample before; null while it tells us none."""


class SamplerCost(msgspec.Struct, frozen=True, kw_only=True):
    """What watching has cost the machine so far."""

    cpu_share: float
    """CPU time of the sampler as a share of one core, 0.004 is 0.4 %; since the driver was started,
    which costs more than all the sampling of a short run."""
    samples: int
    """Taken so far."""
    missed: int
    """Points of the cadence that it was too late for."""
    gpu_read_s: float | None = None
    """Median time the GPUs took to answer, of the last readings; null without GPUs."""
    gpu_dear_read_s: float | None = None
    """The same of the readings in which one of them was asked for its dear meters, too: those that
    the driver needs long for, read every few seconds."""
