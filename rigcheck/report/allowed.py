"""What may leave the machine: a decision for every text in a report, and none by default.

A text without a decision here is taken out whole; a test finds it before a user does.
"""

import enum
from typing import Final


class Decision(enum.Enum):
    """What becomes of one field's text."""

    KEEP = "keep"
    """rigcheck's own words, or a closed vocabulary."""
    NAME = "name"
    """A product or a version: names of people and machines in it go, nothing else does, for
    `9.1.0.70` is a cuDNN here and no address."""
    TEXT = "text"
    """Free or foreign text: everything private that can be told goes, the rest stays."""
    PATH = "path"
    """One path, blanks and all; folders that every machine has stay."""
    HOST = "host"
    SERIAL = "serial"
    ADDRESS = "address"
    PROCESS = "process"
    DEVICE = "GPU"
    """A UUID, or a PCI bus id, which stays."""


def _fields(**decisions: str) -> dict[str, Decision]:
    return {
        name: Decision[decision] for decision, names in decisions.items() for name in names.split()
    }


REMOVED_KINDS: Final = {
    "host": "host names",
    "user": "user names",
    "name": "names of folders and files",
    "address": "network addresses",
    "MAC": "hardware addresses (MAC)",
    "GPU": "UUIDs of GPUs",
    "MIG": "UUIDs of GPU slices",
    "UUID": "other UUIDs",
    "serial": "serial numbers",
    "process": "names and numbers of processes",
    "secret": "passwords, keys and tokens",
    "e-mail": "e-mail addresses",
    "removed": "texts of a kind not known to be harmless",
}
"""What a placeholder stands for, in words."""

DECISIONS: Final[dict[str, dict[str, Decision]]] = {
    "Report": _fields(KEEP="rigcheck_version created_at root_cause removed"),
    "Host": _fields(
        HOST="hostname",
        KEEP="system date container",
        NAME="distribution distribution_id distribution_version kernel_release architecture "
        "glibc_version hypervisor terminal locale_encoding",
        PATH="container_engine container_toolkit",
    ),
    "Cpu": _fields(
        NAME="model vendor governor", KEEP="missing_for_next_level deep_learning_flags flags"
    ),
    "Cache": _fields(KEEP="kind"),
    "Filesystem": _fields(KEEP="purpose", PATH="path mount_point", NAME="kind"),
    "Network": _fields(ADDRESS="sshd_listen_addresses", KEEP="firewall"),
    # The kernel's names (`enp3s0`) hold a place on the bus; `enx…` holds the MAC.
    "NetworkInterface": _fields(TEXT="name", ADDRESS="addresses"),
    "PciGpu": _fields(
        KEEP="pci_bus_id device_id iommu_group iommu_domain", NAME="name kernel_driver"
    ),
    "PciBridge": _fields(KEEP="pci_bus_id"),
    "Driver": _fields(
        NAME="module_version module_on_disk_version library_version",
        KEEP="module_kind",
        PATH="library_path control_device",
    ),
    "Xid": _fields(KEEP="pci_bus_id", TEXT="text"),
    "KernelMessage": _fields(KEEP="id pci_bus_id", TEXT="argument text"),
    "OomKill": _fields(PROCESS="process", TEXT="text"),
    "Nvml": _fields(NAME="driver_version nvml_version cuda_version"),
    "Gpu": _fields(
        DEVICE="uuid",
        SERIAL="serial",
        KEEP="pci_bus_id compute_capability clocks_event_reasons recovery_action compute_mode "
        "addressing_mode",
        NAME="name brand architecture vbios_version board_part_number",
    ),
    "MigInstance": _fields(DEVICE="uuid"),
    "NvLink": _fields(NAME="version"),
    "GpuProcess": _fields(PROCESS="name"),
    "GpuPair": _fields(DEVICE="first second", KEEP="common_ancestor p2p_read p2p_write p2p_nvlink"),
    "PythonEnv": _fields(
        PATH="executable prefix", NAME="version implementation cpu_flags", KEEP="environment"
    ),
    "Distribution": _fields(NAME="name version"),
    "Torch": _fields(
        NAME="installed_version version cuda_built_version hip_built_version cudnn_version "
        "nccl_version arch_list cpu_capability blas torchvision_installed_version "
        "torchvision_version"
    ),
    "TorchDevice": _fields(KEEP="device pci_bus_id compute_capability", NAME="name", DEVICE="uuid"),
    "LoadedLibrary": _fields(NAME="name owner", PATH="path", TEXT="found_by"),
    "Stage": _fields(KEEP="name device", TEXT="error"),
    "CompileTrial": _fields(NAME="framework"),
    "Compile": _fields(NAME="triton_version", TEXT="compiler", PATH="python_header"),
    "MemoryTrial": _fields(KEEP="device patterns", NAME="name", TEXT="error"),
    "MemoryMistake": _fields(KEEP="pattern wrote read"),
    "Framework": _fields(
        NAME="name version backend cuda_built_version cudnn_built_version devices graph_ran_on"
    ),
    "Extension": _fields(NAME="name version cuda_built_version arch_list"),
    "Toolkit": _fields(NAME="nvcc_version", PATH="nvcc_path", TEXT="building"),
    "CudaCopy": _fields(PATH="path", NAME="version"),
    "CudnnCopy": _fields(PATH="path", NAME="version", KEEP="origin"),
    "Environment": _fields(
        TEXT="ld_library_path ld_preload cuda_home cuda_visible_devices cuda_device_order "
        "nvidia_visible_devices nvidia_driver_capabilities torch_cuda_arch_list omp_num_threads "
        "mkl_num_threads"
    ),
    "Symptom": _fields(KEEP="name", TEXT="text source"),
    "ProbeOutcome": _fields(KEEP="part", TEXT="error"),
    "Finding": _fields(KEEP="id group link caused_by", TEXT="headline subject", PATH="environment"),
    "Evidence": _fields(TEXT="text source"),
    "Remedy": _fields(TEXT="text commands verify"),
    "BenchRun": _fields(KEEP="started_at", TEXT="samples_problem"),
    "DeviceRun": _fields(
        KEEP="device label stage",
        NAME="name torch_version",
        DEVICE="identity",
        PATH="python",
        TEXT="error hint details threads_reason refused",
    ),
    "Before": _fields(KEEP="run created_at", TEXT="sentence"),
    "Data": _fields(PATH="path"),
    "TierRun": _fields(TEXT="how why_not"),
    "CeilingShare": _fields(KEEP="dtype"),
    "Ceiling": _fields(KEEP="variant dtype", TEXT="problem"),
    "Bottleneck": _fields(KEEP="device", TEXT="sentence advice"),
    "SpeedUp": _fields(KEEP="device baseline", TEXT="sentence"),
    "GpuSample": _fields(DEVICE="gpu", KEEP="clocks_event_reasons"),
    "XidEvent": _fields(DEVICE="gpu"),
    "Counsel": _fields(KEEP="topic sources", TEXT="text"),
    "Fit": _fields(KEEP="gpu workload source"),
    "EnvironmentFacts": _fields(PATH="interpreter", TEXT="not_checked"),
    "InterpreterSearch": _fields(PATH="unreadable"),
    # Of the wrappers around every fact: their value is decided on by the field that holds them.
    "Found": _fields(TEXT="source"),
    "Absent": _fields(TEXT="source detail"),
    "Failed": _fields(TEXT="error source"),
}
