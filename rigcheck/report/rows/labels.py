"""What people call a field."""

_LABELS = {
    "over_ssh": "over SSH",
    "x86_64_level": "x86-64 level",
    "deep_learning_flags": "flags for deep learning",
    "flags": "all flags",
    "quota_cpus": "CPU quota",
    "shm_total_bytes": "shared memory",
    "shm_free_bytes": "shared memory free",
    "cuda_built_version": "built with CUDA",
    "hip_built_version": "built with HIP",
    "cudnn_built_version": "built with cuDNN",
    "sees_gpu": "sees a GPU",
    "arch_list": "GPU code for",
    "torchvision_installed_version": "torchvision installed",
    "installed_version": "installed",
    "has_pip": "pip",
}
_UNIT_SUFFIXES = ("_mbit_per_s", "_bytes", "_mhz", "_percent", "_s", "_w", "_c")
_SPELLINGS = (
    {
        word.lower(): word
        for word in ("CUDA", "cuDNN", "NCCL", "NVML", "GPU", "CPU", "CPUs", "PCI", "BLAS", "WSL")
    }
    | {
        word.lower(): word
        for word in ("GPUs", "NVIDIA", "UUID", "ID", "VBIOS", "BAR", "BAR1", "PCIe", "SM", "ECC")
    }
    | {"mig": "MIG", "nvlink": "NVLink", "nvlinks": "NVLinks", "p2p": "P2P", "iommu": "IOMMU"}
    | {"oom": "OOM", "acs": "ACS", "vram": "VRAM"}
)


def label_of(name: str) -> str:
    """What people call a field: `memory_total_bytes` → `memory total`."""
    if name in _LABELS:
        return _LABELS[name]
    for suffix in _UNIT_SUFFIXES:
        name = name.removesuffix(suffix)
    return " ".join(_SPELLINGS.get(word, word) for word in name.split("_"))
