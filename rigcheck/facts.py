"""What a rig is: every fact rigcheck can know of a machine, typed, each with its source.

A fact is `Found`, `Absent` for a reason, or `Failed` with an error; it is never 0, "" or None in
place of a value that could not be read. A part of the rig nobody asked for is all `NOT_ASKED`, so
a partial rig (a probe still running, a pasted report) has the same shape as a whole one.

Units are in the field names (`_bytes`, `_s`, `_mhz`, `_mbit_per_s`); byte counts are exact.
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
    container: Fact[str] = NOT_ASKED
    """`docker`, `podman`, `kubernetes`, `lxc`, …; not there outside a container."""
    cgroup_version: Fact[int] = NOT_ASKED
    container_engine: Fact[str] = NOT_ASKED
    """Path of the program that starts containers (docker, podman); not there without one."""
    container_toolkit: Fact[str] = NOT_ASKED
    """Path of NVIDIA's container toolkit, which gives containers their GPUs."""
    wsl_version: Fact[int] = NOT_ASKED
    windows_build: Fact[int] = NOT_ASKED
    """Of the Windows around WSL: 19045, 22631, …"""
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


class Pci(Part, frozen=True, kw_only=True):
    """What is on the bus."""

    nvidia_gpus: Fact[tuple[PciGpu, ...]] = NOT_ASKED


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
    control_device: Fact[str] = NOT_ASKED
    """Path of the device file by which programs reach the driver (/dev/nvidiactl, in WSL
    /dev/dxg), if it could be opened; a container may see it and be refused."""


class Gpu(msgspec.Struct, frozen=True, kw_only=True):
    """One GPU as NVML tells it. Its identity is the UUID, else the PCI bus id; never the index."""

    index: int
    """NVML's, in PCI order; CUDA's may differ."""
    uuid: Fact[str] = NOT_ASKED
    pci_bus_id: Fact[str] = NOT_ASKED
    """`0000:01:00.0`, lower case, as `PciGpu.pci_bus_id`."""
    name: Fact[str] = NOT_ASKED
    compute_capability: Fact[str] = NOT_ASKED
    """`5.2`."""
    memory_total_bytes: Fact[int] = NOT_ASKED
    memory_reserved_bytes: Fact[int] = NOT_ASKED
    """Held by the driver; not counted in `memory_used_bytes`."""
    memory_used_bytes: Fact[int] = NOT_ASKED
    """Allocated. Drivers before 510 count the reserve in; then `memory_reserved_bytes` is not in
    this driver."""
    mig_enabled: Fact[bool] = NOT_ASKED
    """Whether it is cut into MIG instances."""


class Nvml(Part, frozen=True, kw_only=True):
    """What the driver itself says through NVML."""

    driver_version: Fact[str] = NOT_ASKED
    nvml_version: Fact[str] = NOT_ASKED
    """Of libnvidia-ml, which answers even when the kernel module does not, unless it is old."""
    cuda_version: Fact[str] = NOT_ASKED
    """The newest CUDA the driver offers, `13.0`; not a ceiling within a CUDA major."""
    gpus: Fact[tuple[Gpu, ...]] = NOT_ASKED


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
    """A CUDA library mapped into a process that has imported a framework."""

    name: str
    """As it is linked: `libcudnn.so.9`, `libnvJitLink.so.12`."""
    path: str


class FirstKernel(msgspec.Struct, frozen=True, kw_only=True):
    """How the first small computation on a device went."""

    device: str
    """`cuda:0`, as `TorchDevice.device`."""
    error: str
    """The words of the failure; empty where it ran and its result was right."""


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
    """Found only if the import works."""
    numpy_works: Fact[bool] = NOT_ASKED
    """Whether a tensor becomes a NumPy array; failed with torch's words where it does not."""
    loaded_libraries: Fact[tuple[LoadedLibrary, ...]] = NOT_ASKED
    """CUDA's and cuDNN's that are mapped once torch is imported."""
    first_kernels: Fact[tuple[FirstKernel, ...]] = NOT_ASKED
    """One entry a CUDA device."""


class Framework(msgspec.Struct, frozen=True, kw_only=True):
    """A framework beside torch, such as TensorFlow, JAX, CuPy or ONNX Runtime."""

    name: str
    """As pip knows it: `tensorflow`, `jax`, `cupy-cuda12x`, `onnxruntime-gpu`, `pytensor`."""
    version: Fact[str] = NOT_ASKED
    cuda_built_version: Fact[str] = NOT_ASKED
    """Not there in a build without CUDA."""
    cudnn_built_version: Fact[str] = NOT_ASKED
    sees_gpu: Fact[bool] = NOT_ASKED
    """Failed with its own words where it says why not."""


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
    """Environment variables that change what CUDA programs see; not there where one is not set."""

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
    nvml: Nvml = Nvml()
    python: PythonEnv = PythonEnv()
    torch: Torch = Torch()
    frameworks: Frameworks = Frameworks()
    toolkit: Toolkit = Toolkit()
    environment: Environment = Environment()
    symptoms: Symptoms = Symptoms()
