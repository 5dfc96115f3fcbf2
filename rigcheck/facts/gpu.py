"""The GPUs as NVML tells them."""

import enum

import msgspec

from rigcheck.facts.fact import NOT_ASKED, Fact, Part


class RemappedRows(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of GPU memory that are replaced by spare ones for good, since the card was made."""

    correctable: int
    """Rows replaced because of errors that ECC could correct."""
    uncorrectable: int
    """Rows replaced because of errors that ECC could not correct."""
    pending: bool
    """A row waits to be replaced at the next reset of the GPU."""
    failure: bool
    """A row could not be replaced: the spare ones are used up."""


class MigInstance(msgspec.Struct, frozen=True, kw_only=True):
    """A slice of a GPU that programs see as a device (MIG)."""

    uuid: Fact[str]
    """`MIG-…`."""
    gpu_instance: Fact[int]
    """Id of the GPU instance, which owns memory and multiprocessors."""
    compute_instance: Fact[int]
    """Id of the compute instance within it; several may share one GPU instance's memory."""
    multiprocessors: Fact[int]
    """Streaming multiprocessors of the compute instance."""
    memory_total_bytes: Fact[int]
    memory_used_bytes: Fact[int]
    """Allocated now."""


class NvLink(msgspec.Struct, frozen=True, kw_only=True):
    """One NVLink of a GPU."""

    link: int
    active: Fact[bool]
    """True where it carries data: both ends are there and trained."""
    version: Fact[str]
    """`3.1`, of the protocol."""


class ProcessKind(enum.Enum):
    """What a process does on a GPU."""

    COMPUTE = "compute"
    GRAPHICS = "graphics"
    MPS = "MPS client"


class GpuProcess(msgspec.Struct, frozen=True, kw_only=True):
    """A process that uses a GPU now."""

    pid: int
    """The host's number of it: in a container it may be nobody, or somebody else."""
    kind: ProcessKind
    memory_used_bytes: Fact[int]
    """GPU memory that it holds now; not told under WSL."""
    name: Fact[str]
    """The kernel's short name of it, of our own user's processes only."""


class GpuPair(msgspec.Struct, frozen=True, kw_only=True):
    """How two GPUs reach one another."""

    first: str
    """Identity: UUID, else PCI bus id."""
    second: str
    common_ancestor: Fact[str]
    """The nearest part of the machine that both hang on, from near to far: `same board`,
    `one PCIe switch`, `several PCIe switches`, `host bridge`, `same NUMA node`, `system`."""
    p2p_read: Fact[str]
    """Whether one may read the other's memory without the host's: `ok` or why not."""
    p2p_write: Fact[str]
    """Whether one may write to the other's memory without the host's: `ok` or why not."""
    p2p_nvlink: Fact[str] = NOT_ASKED
    """Whether that goes over NVLink and not over PCIe: `ok` or why not."""


class Gpu(msgspec.Struct, frozen=True, kw_only=True):
    """One GPU as NVML tells it. Its identity is the UUID, else the PCI bus id; never the index.

    Figures that move are of the moment of the check, when the card may be at rest.
    """

    index: int
    """NVML's, in PCI order; CUDA's may differ."""
    uuid: Fact[str] = NOT_ASKED
    pci_bus_id: Fact[str] = NOT_ASKED
    """`0000:01:00.0`, lower case, as `PciGpu.pci_bus_id`."""
    name: Fact[str] = NOT_ASKED
    brand: Fact[str] = NOT_ASKED
    """`GeForce`, `Quadro`, `Tesla`, `NVIDIA RTX`, `NVIDIA` (data centre), …"""
    architecture: Fact[str] = NOT_ASKED
    """`Maxwell`, `Ada`, …"""
    compute_capability: Fact[str] = NOT_ASKED
    """`5.2`."""
    serial: Fact[str] = NOT_ASKED
    """Of the board, as printed on it; professional boards only."""
    vbios_version: Fact[str] = NOT_ASKED
    board_part_number: Fact[str] = NOT_ASKED
    """`900-…`; professional boards only."""
    memory_total_bytes: Fact[int] = NOT_ASKED
    """Of the card's own memory; where `memory_is_unified`, the machine's main memory."""
    memory_reserved_bytes: Fact[int] = NOT_ASKED
    """Held by the driver; not counted in `memory_used_bytes`."""
    memory_used_bytes: Fact[int] = NOT_ASKED
    """Allocated now. Drivers before 510 count the reserve in; then `memory_reserved_bytes` is not
    in this driver. Where `memory_is_unified`, the sum of what the GPU's processes hold."""
    memory_available_bytes: Fact[int] = NOT_ASKED
    """What a new program can have now; where `memory_is_unified`, as the kernel estimates it."""
    memory_is_unified: Fact[bool] = NOT_ASKED
    """True where the GPU has no memory of its own and shares the machine's (GB10, Jetson)."""
    bar1_total_bytes: Fact[int] = NOT_ASKED
    """How much of its memory the card shows to the CPU at once."""
    resizable_bar: Fact[bool] = NOT_ASKED
    """True where the CPU sees all of the card's memory at once: BAR1 is as large as the memory."""
    pcie_generation_now: Fact[int] = NOT_ASKED
    """Of the link at this moment; a card at rest lowers it to save power."""
    pcie_generation_max: Fact[int] = NOT_ASKED
    """The highest that this card reaches in this slot."""
    pcie_generation_card_max: Fact[int] = NOT_ASKED
    """The highest that the card is built for."""
    pcie_width_now: Fact[int] = NOT_ASKED
    """Lanes in use at this moment."""
    pcie_width_max: Fact[int] = NOT_ASKED
    """The most lanes that this card reaches in this slot."""
    power_w: Fact[float] = NOT_ASKED
    """Mean of the last second on most cards since Ampere, of the instant on older ones."""
    power_limit_w: Fact[float] = NOT_ASKED
    """What somebody set as the limit; lost at reboot."""
    power_limit_default_w: Fact[float] = NOT_ASKED
    """What the card starts with."""
    power_limit_enforced_w: Fact[float] = NOT_ASKED
    """The lowest of all limits in force, those set from outside the system included."""
    power_limit_min_w: Fact[float] = NOT_ASKED
    power_limit_max_w: Fact[float] = NOT_ASKED
    """The highest limit that may be set."""
    graphics_clock_mhz: Fact[int] = NOT_ASKED
    """At this moment, as are the three below."""
    sm_clock_mhz: Fact[int] = NOT_ASKED
    memory_clock_mhz: Fact[int] = NOT_ASKED
    video_clock_mhz: Fact[int] = NOT_ASKED
    graphics_clock_max_mhz: Fact[int] = NOT_ASKED
    """The highest that the card offers, as are the three below; power and heat decide if it is
    reached."""
    sm_clock_max_mhz: Fact[int] = NOT_ASKED
    memory_clock_max_mhz: Fact[int] = NOT_ASKED
    video_clock_max_mhz: Fact[int] = NOT_ASKED
    clocks_event_reasons: Fact[tuple[str, ...]] = NOT_ASKED
    """Why the clocks are not higher at this moment: `idle`, `power cap`, `power brake`, …; a bit
    without a name in hexadecimal. Idle and the power cap are normal."""
    temperature_c: Fact[float] = NOT_ASKED
    """Of the chip at this moment."""
    temperature_shutdown_c: Fact[float] = NOT_ASKED
    """Of the chip, at which the card switches itself off."""
    temperature_slowdown_c: Fact[float] = NOT_ASKED
    """Of the chip, at which the hardware halves the clocks or worse."""
    temperature_max_c: Fact[float] = NOT_ASKED
    """Of the chip, above which the driver lowers the clocks."""
    temperature_memory_max_c: Fact[float] = NOT_ASKED
    """Of the memory, above which the driver lowers the clocks."""
    temperature_margin_c: Fact[float] = NOT_ASKED
    """Degrees left at this moment until the hardware slows the chip down; what newer cards tell in
    place of thresholds."""
    fan_percent: Fact[tuple[int, ...]] = NOT_ASKED
    """Each fan's intended speed, as a share of its full one; a blocked fan still tells it."""
    ecc_enabled: Fact[bool] = NOT_ASKED
    ecc_enabled_after_reboot: Fact[bool] = NOT_ASKED
    ecc_corrected_volatile: Fact[int] = NOT_ASKED
    """Memory errors that ECC corrected, since the driver was loaded."""
    ecc_uncorrected_volatile: Fact[int] = NOT_ASKED
    """Memory errors that ECC could not correct, since the driver was loaded."""
    ecc_corrected_aggregate: Fact[int] = NOT_ASKED
    """Memory errors that ECC corrected, in the card's life."""
    ecc_uncorrected_aggregate: Fact[int] = NOT_ASKED
    """Memory errors that ECC could not correct, in the card's life."""
    retired_pages_single_bit: Fact[int] = NOT_ASKED
    """Memory pages taken out of use after several corrected errors; cards before Ampere."""
    retired_pages_double_bit: Fact[int] = NOT_ASKED
    """Memory pages taken out of use after an uncorrected error; cards before Ampere."""
    retired_pages_pending: Fact[bool] = NOT_ASKED
    """Pages wait to be taken out of use at the next reboot."""
    remapped_rows: Fact[RemappedRows] = NOT_ASKED
    """Data-centre cards since Ampere; a GeForce that answers with zeros does not count them."""
    pcie_replays: Fact[int] = NOT_ASKED
    """Packets that had to be sent again, since the driver was loaded."""
    recovery_action: Fact[str] = NOT_ASKED
    """What the driver wants done to bring the GPU back: `none`, `GPU reset`, `node reboot`, …"""
    mig_enabled: Fact[bool] = NOT_ASKED
    mig_enabled_after_reset: Fact[bool] = NOT_ASKED
    mig_instances: Fact[tuple[MigInstance, ...]] = NOT_ASKED
    """The slices there are; not applicable while MIG is off."""
    nvlinks: Fact[tuple[NvLink, ...]] = NOT_ASKED
    """Those the chip has; whether a bridge or board connects them is in `active`."""
    display_attached: Fact[bool] = NOT_ASKED
    """A monitor is plugged in."""
    display_active: Fact[bool] = NOT_ASKED
    """A display server holds memory on it, even when no monitor is attached."""
    persistence_mode: Fact[bool] = NOT_ASKED
    """The driver keeps the GPU awake while nobody uses it; Linux only."""
    compute_mode: Fact[str] = NOT_ASKED
    """`default`, `exclusive process` (one process at a time) or `prohibited`."""
    addressing_mode: Fact[str] = NOT_ASKED
    """How the GPU reads main memory by itself: `HMM` (in software), `ATS` (in hardware), `none`."""
    processes: Fact[tuple[GpuProcess, ...]] = NOT_ASKED
    """Those that use it now."""


class Nvml(Part, frozen=True, kw_only=True):
    """What the driver itself says through NVML."""

    driver_version: Fact[str] = NOT_ASKED
    nvml_version: Fact[str] = NOT_ASKED
    """Of libnvidia-ml, which answers even when the kernel module does not, unless it is old."""
    cuda_version: Fact[str] = NOT_ASKED
    """The newest CUDA the driver offers, `13.0`; not a ceiling within a CUDA major."""
    gpus: Fact[tuple[Gpu, ...]] = NOT_ASKED
    gpu_pairs: Fact[tuple[GpuPair, ...]] = NOT_ASKED
    """Each two GPUs once; empty where there is one."""
