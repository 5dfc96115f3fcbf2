"""What a rig is: every fact rigcheck can know of a machine, typed, each with its source.

A fact is `Found`, `Absent` for a reason, or `Failed` with an error; it is never 0, "" or None in
place of a value that could not be read. A part of the rig nobody asked for is all `NOT_ASKED`, so
a partial rig (a probe still running, a pasted report) has the same shape as a whole one.

Units are in the field names (`_bytes`, `_s`, `_mhz`, `_mbit_per_s`, `_w`, `_c` for °C); byte counts
are exact.
"""

import enum
from typing import Generic, TypeAlias, TypeVar

import msgspec

T = TypeVar("T")


class Reason(enum.Enum):
    """Why a value is absent. Unknown is not zero, and these are not one another."""

    NOT_ASKED = "not asked"
    NOT_THERE = "not there"
    NOT_SUPPORTED = "not supported"
    NOT_APPLICABLE = "not applicable"
    NO_PERMISSION = "no permission"
    NOT_IN_DRIVER = "not in this driver"
    GPU_LOST = "GPU lost"


class Found(msgspec.Struct, Generic[T], frozen=True, tag_field="state", tag="found"):
    """A value and where it was read."""

    value: T
    source: str


class Absent(msgspec.Struct, frozen=True, tag_field="state", tag="absent"):
    """No value, for a known reason. `detail` is what the source said of it, if anything."""

    reason: Reason
    source: str
    detail: str = ""


class Failed(msgspec.Struct, frozen=True, tag_field="state", tag="failed"):
    """Reading went wrong; `error` is the message of whoever failed."""

    error: str
    source: str


Fact: TypeAlias = Found[T] | Absent | Failed

NOT_ASKED = Absent(Reason.NOT_ASKED, "")


def value_of(fact: Fact[T]) -> T | None:
    """The value, or None where there is none: for code that treats every lack alike."""
    return fact.value if isinstance(fact, Found) else None


def is_known_absent(fact: Fact[T]) -> bool:
    """True where the source was read and says that the thing is not there."""
    return isinstance(fact, Absent) and fact.reason is Reason.NOT_THERE


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Base of the parts of a rig: one part is what one probe finds."""


class Host(Part, frozen=True, kw_only=True):
    """The operating system and what it runs in."""

    hostname: Fact[str] = NOT_ASKED
    system: Fact[str] = NOT_ASKED
    """`Linux`, `Darwin`, `Windows`."""
    distribution: Fact[str] = NOT_ASKED
    """As people name it: `Ubuntu 24.04.3 LTS`."""
    distribution_id: Fact[str] = NOT_ASKED
    """os-release ID: `ubuntu`, `debian`, `fedora`, `arch`."""
    distribution_version: Fact[str] = NOT_ASKED
    """os-release VERSION_ID: `24.04`."""
    kernel_release: Fact[str] = NOT_ASKED
    architecture: Fact[str] = NOT_ASKED
    """`x86_64`, `aarch64`."""
    glibc_version: Fact[str] = NOT_ASKED
    uptime_s: Fact[float] = NOT_ASKED
    suspended_s: Fact[float] = NOT_ASKED
    """Time asleep since boot: 0 if the machine was never suspended."""
    date: Fact[str] = NOT_ASKED
    """Of the machine's clock, UTC: `2026-11-23`."""
    secure_boot: Fact[bool] = NOT_ASKED
    """The firmware lets only signed code run; not applicable without UEFI."""
    container: Fact[str] = NOT_ASKED
    """`docker`, `podman`, `kubernetes`, `lxc`, …; not there outside a container."""
    cgroup_version: Fact[int] = NOT_ASKED
    container_engine: Fact[str] = NOT_ASKED
    """Path of the program that starts containers (docker, podman); not there without one."""
    container_toolkit: Fact[str] = NOT_ASKED
    """Path of NVIDIA's container toolkit, which gives containers their GPUs."""
    wsl_version: Fact[int] = NOT_ASKED
    windows_build: Fact[int] = NOT_ASKED
    """Of the Windows around WSL: 19045, 22631, …; the probe reads the hypervisor's, which Windows
    keeps over some of its yearly updates."""
    hypervisor: Fact[str] = NOT_ASKED
    over_ssh: Fact[bool] = NOT_ASKED
    terminal: Fact[str] = NOT_ASKED
    locale_encoding: Fact[str] = NOT_ASKED


class Cache(msgspec.Struct, frozen=True, kw_only=True):
    """One cache level; `size_bytes` is one instance's, `instances` how many the machine has."""

    level: int
    kind: str
    """`Data`, `Instruction` or `Unified`, as the kernel spells it."""
    size_bytes: int
    instances: int


class Cpu(Part, frozen=True, kw_only=True):
    """The processor, and what of it this process may use."""

    model: Fact[str] = NOT_ASKED
    vendor: Fact[str] = NOT_ASKED
    sockets: Fact[int] = NOT_ASKED
    cores: Fact[int] = NOT_ASKED
    """Physical cores, all sockets."""
    threads: Fact[int] = NOT_ASKED
    """Logical CPUs, all sockets."""
    performance_cores: Fact[int] = NOT_ASKED
    efficiency_cores: Fact[int] = NOT_ASKED
    usable_threads: Fact[int] = NOT_ASKED
    """Logical CPUs this process may run on: affinity and cpuset."""
    usable_cores: Fact[int] = NOT_ASKED
    """Physical cores behind `usable_threads`."""
    quota_cpus: Fact[float] = NOT_ASKED
    """CPU time the cgroup grants, in CPUs; not there without a quota."""
    x86_64_level: Fact[int] = NOT_ASKED
    """1 to 4, psABI micro-architecture level."""
    missing_for_next_level: Fact[tuple[str, ...]] = NOT_ASKED
    deep_learning_flags: Fact[tuple[str, ...]] = NOT_ASKED
    """The instruction sets there are that matrix libraries dispatch on, in /proc/cpuinfo names."""
    flags: Fact[tuple[str, ...]] = NOT_ASKED
    """Every flag, in /proc/cpuinfo names."""
    caches: Fact[tuple[Cache, ...]] = NOT_ASKED
    frequency_now_mhz: Fact[float] = NOT_ASKED
    frequency_max_mhz: Fact[float] = NOT_ASKED
    governor: Fact[str] = NOT_ASKED
    power_limit_w: Fact[float] = NOT_ASKED
    """What all sockets together may draw for long; Intel's processors tell it."""


class Memory(Part, frozen=True, kw_only=True):
    """Main memory, swap and /dev/shm."""

    total_bytes: Fact[int] = NOT_ASKED
    available_bytes: Fact[int] = NOT_ASKED
    limit_bytes: Fact[int] = NOT_ASKED
    """What the cgroup allows; not there without a limit."""
    swap_total_bytes: Fact[int] = NOT_ASKED
    swap_free_bytes: Fact[int] = NOT_ASKED
    shm_total_bytes: Fact[int] = NOT_ASKED
    shm_free_bytes: Fact[int] = NOT_ASKED


class Filesystem(msgspec.Struct, frozen=True, kw_only=True):
    """Where something rigcheck cares about lies, and the room there."""

    purpose: str
    """`environment`, `data` or `temporary files`."""
    path: str
    mount_point: str
    kind: str
    """`ext4`, `btrfs`, `overlay`, `nfs4`, …"""
    total_bytes: int
    free_bytes: int
    """Free to this user."""


class Storage(Part, frozen=True, kw_only=True):
    """Filesystems of the environment and of the data."""

    filesystems: Fact[tuple[Filesystem, ...]] = NOT_ASKED


class NetworkInterface(msgspec.Struct, frozen=True, kw_only=True):
    """One network interface, loopback left out."""

    name: str
    up: bool
    wireless: bool
    link_speed_mbit_per_s: Fact[int]
    addresses: Fact[tuple[str, ...]] = NOT_ASKED
    """IPv4 and IPv6, without prefix length or zone."""


class Network(Part, frozen=True, kw_only=True):
    """Links, and how the machine can be reached."""

    interfaces: Fact[tuple[NetworkInterface, ...]] = NOT_ASKED
    sshd_listen_addresses: Fact[tuple[str, ...]] = NOT_ASKED
    """`address:port` of each listening socket that sshd is configured for."""
    sshd_password_login: Fact[bool] = NOT_ASKED
    firewall: Fact[str] = NOT_ASKED
    """The one in force: `ufw`, `firewalld`, `nftables`; not there when none is."""


class PciBridge(msgspec.Struct, frozen=True, kw_only=True):
    """A root port, or a port of a PCIe switch, on the way from the processor to a card."""

    pci_bus_id: str
    """`0000:00:01.0`."""
    acs_redirects: Fact[bool]
    """Access Control Services send what one card writes to another up to the processor, so that
    the IOMMU sees it, in place of straight across; root only can read it."""


class PciGpu(msgspec.Struct, frozen=True, kw_only=True):
    """An NVIDIA display or 3D controller on the PCI bus, seen without any driver."""

    pci_bus_id: str
    """`0000:01:00.0`, lower case."""
    device_id: str
    """`10de:1401`."""
    name: Fact[str]
    """From the system's pci.ids."""
    kernel_driver: Fact[str]
    """The driver bound to it: `nvidia`, `nouveau`, `vfio-pci`; not there when none is."""
    link_generation_now: Fact[int] = NOT_ASKED
    """PCIe generation of the link as it runs now; a card at rest lowers it to save power."""
    link_width_now: Fact[int] = NOT_ASKED
    """Lanes in use now."""
    card_generation_max: Fact[int] = NOT_ASKED
    """The highest PCIe generation that the card is built for."""
    card_width_max: Fact[int] = NOT_ASKED
    """The most lanes that the card is built for."""
    slot_generation_max: Fact[int] = NOT_ASKED
    """The highest PCIe generation that the port it is plugged into can do, as the firmware set it.
    """
    slot_width_max: Fact[int] = NOT_ASKED
    """The lanes that this port has, however long the slot is."""
    iommu_group: Fact[str] = NOT_ASKED
    """The devices that the IOMMU cannot keep apart have one number; not there without an IOMMU."""
    iommu_domain: Fact[str] = NOT_ASKED
    """What the IOMMU does with the card's accesses: `DMA` or `DMA-FQ` translates them, `identity`
    lets them through (`iommu=pt`); not there without an IOMMU."""
    bridges: Fact[tuple[PciBridge, ...]] = NOT_ASKED
    """From the root port down to the one that the card is plugged into."""


class Pci(Part, frozen=True, kw_only=True):
    """What is on the bus."""

    nvidia_gpus: Fact[tuple[PciGpu, ...]] = NOT_ASKED
    nvswitches: Fact[int] = NOT_ASKED
    """NVSwitch chips, through which the GPUs of HGX and DGX boards reach one another."""


class Driver(Part, frozen=True, kw_only=True):
    """The NVIDIA driver's two halves, as files and kernel state, without asking the driver."""

    module_version: Fact[str] = NOT_ASKED
    """Of the kernel module that is loaded."""
    module_on_disk_version: Fact[str] = NOT_ASKED
    """Of the module that the running kernel would load."""
    module_kind: Fact[str] = NOT_ASKED
    """`open` or `closed`."""
    nouveau_loaded: Fact[bool] = NOT_ASKED
    library_version: Fact[str] = NOT_ASKED
    """Of the user-space libraries on disk (libcuda, libnvidia-ml)."""
    library_path: Fact[str] = NOT_ASKED
    """Where the loader finds libcuda."""
    fabric_manager_running: Fact[bool] = NOT_ASKED
    """The service that sets NVSwitches up."""
    control_device: Fact[str] = NOT_ASKED
    """Path of the device file by which programs reach the driver (/dev/nvidiactl, in WSL
    /dev/dxg), if it could be opened; a container may see it and be refused."""


class Xid(msgspec.Struct, frozen=True, kw_only=True):
    """An error of a GPU that the driver wrote to the kernel's log, once or several times."""

    code: int
    """NVIDIA's number of it."""
    pci_bus_id: str
    """`0000:01:00.0`, as `PciGpu.pci_bus_id`."""
    count: int
    first_s: float
    """Of the first line, in seconds since boot."""
    text: str
    """The first line. Foreign text."""


class KernelMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the kernel's log that rigcheck's table of messages knows."""

    id: str
    """Of the table's row: `legacy-branch-needed`."""
    pci_bus_id: str
    """The GPU that the line or the one before names; empty where none does."""
    argument: str
    """What the row's pattern catches, as a driver's branch; empty where it catches nothing."""
    count: int
    first_s: float
    """Of the first such line, in seconds since boot."""
    text: str
    """The first such line. Foreign text."""


class OomKill(msgspec.Struct, frozen=True, kw_only=True):
    """A process that the kernel ended because memory ran out, of one name once or several times."""

    process: str
    """The kernel's short name of it. Foreign text."""
    is_group_limit: bool
    """The memory of its control group ran out, as a container's, not that of the machine."""
    count: int
    first_s: float
    """Of the first, in seconds since boot."""
    text: str
    """The first line. Foreign text."""


class KernelLog(Part, frozen=True, kw_only=True):
    """What the kernel's log tells of GPUs and of memory, since boot or as far as it reaches."""

    reaches_boot: Fact[bool] = NOT_ASKED
    """False where the oldest lines were overwritten, so that no error in it does not mean none."""
    xids: Fact[tuple[Xid, ...]] = NOT_ASKED
    """In order of their first line: of one fault's several Xids the first is the cause."""
    messages: Fact[tuple[KernelMessage, ...]] = NOT_ASKED
    """In order of their first line."""
    oom_kills: Fact[tuple[OomKill, ...]] = NOT_ASKED
    """Processes ended for want of memory, in order of their first line."""


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


class Distribution(msgspec.Struct, frozen=True, kw_only=True):
    """An installed Python distribution, from its metadata."""

    name: str
    """Normalised as in PEP 503."""
    version: str


class PythonEnv(Part, frozen=True, kw_only=True):
    """The interpreter being checked, told by itself, nothing imported but its standard library."""

    executable: Fact[str] = NOT_ASKED
    version: Fact[str] = NOT_ASKED
    implementation: Fact[str] = NOT_ASKED
    environment: Fact[str] = NOT_ASKED
    """`venv`, `uv`, `conda` or `system`."""
    prefix: Fact[str] = NOT_ASKED
    externally_managed: Fact[bool] = NOT_ASKED
    """PEP 668: pip refuses to install here."""
    has_pip: Fact[bool] = NOT_ASKED
    distributions: Fact[tuple[Distribution, ...]] = NOT_ASKED
    """Those that matter here: frameworks, CUDA and cuDNN wheels, NumPy."""
    cpu_flags: Fact[tuple[str, ...]] = NOT_ASKED
    """The instruction sets that a process of this interpreter sees by CPUID, in /proc/cpuinfo
    names; under an emulator they are not the machine's."""


class TorchDevice(msgspec.Struct, frozen=True, kw_only=True):
    """An accelerator as torch counts it."""

    device: str
    """`cuda:0`, `xpu:0`, `mps`."""
    name: str
    uuid: Fact[str] = NOT_ASKED
    """`GPU-…` as NVML spells it."""
    pci_bus_id: Fact[str] = NOT_ASKED
    compute_capability: Fact[str] = NOT_ASKED
    memory_total_bytes: Fact[int] = NOT_ASKED


class LoadedLibrary(msgspec.Struct, frozen=True, kw_only=True):
    """A library for computing mapped into a process that has imported a framework.

    The driver's, CUDA's and cuDNN's, NCCL, MKL and other BLAS libraries, and OpenMP's runtimes.
    """

    name: str
    """As it is linked: `libcudnn.so.9`, `libnvJitLink.so.12`."""
    path: str
    owner: Fact[str] = NOT_ASKED
    """The package that brought the file: `nvidia-cudnn-cu13 9.26.0`; not there where none did."""
    found_by: Fact[str] = NOT_ASKED
    """What led the loader there: `LD_LIBRARY_PATH`, `RPATH of libtorch.so`, `RUNPATH of …`,
    `system path`, or `its own path` where a program opened it so."""


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """A step of asking a framework, with how it went.

    A small computation's result is held against the known right one.
    """

    name: str
    """`import torch`, `context`, `first kernel`, `BLAS`, `convolution`, `half precision`, …"""
    device: str = ""
    """Where it ran, as the framework names it: `cpu`, `cuda:0`; empty where on none."""
    duration_s: float
    error: str
    """The words of the failure, or how the process ended in it; empty where it went well."""


class Torch(Part, frozen=True, kw_only=True):
    """PyTorch and torchvision, asked in a child of the interpreter being checked."""

    installed_version: Fact[str] = NOT_ASKED
    """From its metadata: known even when the import fails."""
    version: Fact[str] = NOT_ASKED
    """`torch.__version__`: found only if the import works; else failed with what happened."""
    cuda_built_version: Fact[str] = NOT_ASKED
    """CUDA the wheel was built with, `13.2`; not there in a CPU-only wheel."""
    hip_built_version: Fact[str] = NOT_ASKED
    cudnn_version: Fact[str] = NOT_ASKED
    """Of the cuDNN that is loaded, `9.26.0`."""
    nccl_version: Fact[str] = NOT_ASKED
    arch_list: Fact[tuple[str, ...]] = NOT_ASKED
    """`sm_75`, `compute_120`, …: the GPU code in the wheel, known without a GPU."""
    cuda_available: Fact[bool] = NOT_ASKED
    """Failed with torch's own words where its CUDA could not start."""
    devices: Fact[tuple[TorchDevice, ...]] = NOT_ASKED
    cpu_capability: Fact[str] = NOT_ASKED
    """What torch's CPU kernels dispatch to: `DEFAULT`, `AVX2`, `AVX512`, …"""
    threads: Fact[int] = NOT_ASKED
    blas: Fact[str] = NOT_ASKED
    torchvision_installed_version: Fact[str] = NOT_ASKED
    torchvision_version: Fact[str] = NOT_ASKED
    """Found only if its parts that meet torch can be imported."""
    numpy_works: Fact[bool] = NOT_ASKED
    """Whether a tensor becomes a NumPy array; failed with torch's words where it does not."""
    loaded_libraries: Fact[tuple[LoadedLibrary, ...]] = NOT_ASKED
    stages: Fact[tuple[Stage, ...]] = NOT_ASKED
    """In the order in which they were entered; the last is the one in which the process died."""

    @property
    def known_version(self) -> str | None:
        """As it tells itself once imported, else by its metadata; None where neither is known."""
        return value_of(self.version) or value_of(self.installed_version)


class MemoryMistake(msgspec.Struct, frozen=True, kw_only=True):
    """A word of a GPU's memory that was not as it was written."""

    pattern: str
    """`zeros`, `mixed`, …"""
    offset_bytes: int
    """In the memory under test; where on the card that is only the driver knows."""
    wrote: str
    """64 bits in hexadecimal, as is the next."""
    read: str


class MemoryTrial(msgspec.Struct, frozen=True, kw_only=True):
    """How a GPU's memory held patterns that were written to what was free of it."""

    device: str
    """`cuda:0`, as `TorchDevice.device`."""
    name: str
    tested_bytes: int
    rounds: int
    """How often all patterns were written and read; 0 where not all came to an end."""
    patterns: tuple[str, ...]
    duration_s: float
    wrong_words: int
    """Words of 64 bits that were not as written; one that is wrong again counts again."""
    flipped_bits: tuple[int, ...]
    """0 to 63: those bits of a word that were wrong in those looked at."""
    mistakes: tuple[MemoryMistake, ...]
    """The first few."""
    error: str = ""
    """Why it ended early; empty where it went through."""


class Vram(Part, frozen=True, kw_only=True):
    """The GPUs' memory under a test that is made only where it is asked for."""

    trials: Fact[tuple[MemoryTrial, ...]] = NOT_ASKED
    """One entry a CUDA device that torch may use; empty where it may use none."""


class Framework(msgspec.Struct, frozen=True, kw_only=True):
    """A framework beside torch, such as TensorFlow, JAX, CuPy or ONNX Runtime."""

    name: str
    """As pip knows it: `tensorflow`, `jax`, `cupy-cuda12x`, `onnxruntime-gpu`, `pytensor`."""
    version: Fact[str] = NOT_ASKED
    cuda_built_version: Fact[str] = NOT_ASKED
    """Not there in a build without CUDA."""
    cudnn_built_version: Fact[str] = NOT_ASKED
    backend: Fact[str] = NOT_ASKED
    """What Keras computes with: `tensorflow`, `jax`, `torch`."""
    sees_gpu: Fact[bool] = NOT_ASKED
    """Failed with its own words where it says why not."""
    devices: Fact[tuple[str, ...]] = NOT_ASKED
    """As it names them: `CPU:0`, `cuda:0`, `CUDAExecutionProvider`."""
    graph_ran_on: Fact[str] = NOT_ASKED
    """Where PyTensor's compiled graph of exp(x) says that it ran: `CPU` or `GPU`."""
    loaded_libraries: Fact[tuple[LoadedLibrary, ...]] = NOT_ASKED
    stages: Fact[tuple[Stage, ...]] = NOT_ASKED
    """As `Torch.stages`."""

    @property
    def title(self) -> str:
        """`jax`, `keras on jax`."""
        backend = value_of(self.backend)
        return f"{self.name} on {backend}" if backend else self.name


class CompileTrial(msgspec.Struct, frozen=True, kw_only=True):
    """How a framework's own compiler went, device after device."""

    framework: str
    """As pip knows it: `torch`, `numba`, `pytensor`."""
    stages: tuple[Stage, ...]
    """Its import, then a small function on each device: the time is that of the first call, in
    which it is compiled."""


class Compile(Part, frozen=True, kw_only=True):
    """The frameworks' compilers, tried only where it is asked for."""

    trials: Fact[tuple[CompileTrial, ...]] = NOT_ASKED
    """Of torch.compile, Numba and PyTensor, those that are installed."""
    compiler: Fact[str] = NOT_ASKED
    """The C++ compiler that they find: `/usr/bin/g++: g++ (Debian 12.2.0-14) 12.2.0`."""
    python_header: Fact[str] = NOT_ASKED
    """Path of Python.h."""
    triton_version: Fact[str] = NOT_ASKED
    """Of the package that torch.compile makes code for GPUs with."""


class Extension(msgspec.Struct, frozen=True, kw_only=True):
    """A compiled extension of torch with GPU code of its own, such as vLLM or flash-attn."""

    name: str
    version: Fact[str] = NOT_ASKED
    cuda_built_version: Fact[str] = NOT_ASKED
    arch_list: Fact[tuple[str, ...]] = NOT_ASKED
    """`sm_75`, `compute_80`, …: the GPU code in it."""


class Frameworks(Part, frozen=True, kw_only=True):
    """What else computes on the GPU in the interpreter being checked."""

    installed: Fact[tuple[Framework, ...]] = NOT_ASKED
    extensions: Fact[tuple[Extension, ...]] = NOT_ASKED


class CudaCopy(msgspec.Struct, frozen=True, kw_only=True):
    """A CUDA toolkit on this machine, outside the interpreter's own packages."""

    path: str
    """Its folder: `/usr/local/cuda-12.1`."""
    version: Fact[str]


class CudnnCopy(msgspec.Struct, frozen=True, kw_only=True):
    """A cuDNN on this machine, outside the interpreter's own packages."""

    path: str
    """Of its main library."""
    version: Fact[str]
    """As far as the file's name tells: `9.4.0`, or `8`."""
    origin: str
    """`toolkit` (in a CUDA toolkit's folder), `system` or `user`."""


class Toolkit(Part, frozen=True, kw_only=True):
    """CUDA for building: the compiler and the copies of CUDA and cuDNN of the system.

    A framework from a wheel brings its own libraries and needs none of it.
    """

    nvcc_version: Fact[str] = NOT_ASKED
    """Of the nvcc that a build would take: in CUDA_HOME, else on PATH, else in /usr/local/cuda."""
    nvcc_path: Fact[str] = NOT_ASKED
    building: Fact[str] = NOT_ASKED
    """The extension that somebody builds here, as pip's log names it."""
    cuda_copies: Fact[tuple[CudaCopy, ...]] = NOT_ASKED
    cudnn_copies: Fact[tuple[CudnnCopy, ...]] = NOT_ASKED


class Environment(Part, frozen=True, kw_only=True):
    """Environment variables that change what CUDA programs see, or how many threads compute.

    One that is not set is not there.
    """

    ld_library_path: Fact[str] = NOT_ASKED
    ld_preload: Fact[str] = NOT_ASKED
    cuda_home: Fact[str] = NOT_ASKED
    cuda_visible_devices: Fact[str] = NOT_ASKED
    """Found as "" where it is set and empty, which hides every GPU."""
    cuda_device_order: Fact[str] = NOT_ASKED
    nvidia_visible_devices: Fact[str] = NOT_ASKED
    """What the NVIDIA container runtime was asked for."""
    nvidia_driver_capabilities: Fact[str] = NOT_ASKED
    torch_cuda_arch_list: Fact[str] = NOT_ASKED
    omp_num_threads: Fact[str] = NOT_ASKED
    mkl_num_threads: Fact[str] = NOT_ASKED


class Symptom(msgspec.Struct, frozen=True, kw_only=True):
    """A known error text that was met, in a log or a traceback."""

    name: str
    """Of the row in the table of symptoms: `no-kernel-image`."""
    text: str
    """The line that says it, as it was met."""
    source: str
    """Where it was met: `line 12`."""


class Symptoms(Part, frozen=True, kw_only=True):
    """Error texts that somebody met on this machine."""

    seen: Fact[tuple[Symptom, ...]] = NOT_ASKED


class Rig(msgspec.Struct, frozen=True, kw_only=True):
    """A machine: one part a probe."""

    host: Host = Host()
    cpu: Cpu = Cpu()
    memory: Memory = Memory()
    storage: Storage = Storage()
    network: Network = Network()
    pci: Pci = Pci()
    driver: Driver = Driver()
    kernel_log: KernelLog = KernelLog()
    nvml: Nvml = Nvml()
    python: PythonEnv = PythonEnv()
    torch: Torch = Torch()
    vram: Vram = Vram()
    frameworks: Frameworks = Frameworks()
    compile: Compile = Compile()
    toolkit: Toolkit = Toolkit()
    environment: Environment = Environment()
    symptoms: Symptoms = Symptoms()
