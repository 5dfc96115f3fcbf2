"""The words in which reports tell their facts, to the facts of a rig.

A case's facts are loose: `driver: 410.48`, `gpus: [{name: TITAN Xp, count: 8}]`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.cases.sparse import NotThere, Refused

Told = tuple[str, str, Any]
"""Part, field, value."""

_NOT_THERE = NotThere()
_MIB = 1024 * 1024
_UNITS = {"": 1, "K": 1024, "M": _MIB, "G": 1024 * _MIB, "T": 1024**2 * _MIB}


def told_of(facts: Mapping[str, Any]) -> Iterator[Told]:
    """Every fact whose word is known, in the words' order."""
    for word, value in facts.items():
        if word in _SAME and value is not None:
            part, field = _SAME[word]
            yield part, field, _text(value)
        elif word in _WORDS:
            yield from _WORDS[word](value)


def words_of(facts: Mapping[str, Any], symptom: str) -> str:
    """What the programs themselves say, where a report tells it in its own words."""
    lines = [symptom, *(line for told, line in _PARAPHRASES if re.search(told, symptom))]
    if "torch_wanted" in facts and "no version of torch" in symptom:
        lines.append(f"No matching distribution found for torch=={facts['torch_wanted']}")
    if "fabric_manager" in facts:
        lines.append(
            f"fabric manager NVIDIA GPU driver interface version {facts['fabric_manager']} don't "
            f"match with driver version {facts.get('driver')}"
        )
    return "\n".join(lines)


_PARAPHRASES = (
    (r"no kernel image for the device", "no kernel image is available for execution on the device"),
    (r"finds no device driver with the gpu", "could not select device driver with capabilities"),
    (r"undefined nvJitLink", "undefined symbol: __nvJitLinkAddData_12_1"),
    (r"libcudnn\S* cannot be loaded", "Could not load library libcudnn"),
    (r"^no CUDA-capable device", "no CUDA-capable device is detected"),
    (
        r"extension build stops: toolkit",
        "mismatches the version that was used to compile PyTorch",
    ),
    (r"cannot talk to the driver", "couldn't communicate with the NVIDIA driver"),
    (
        r"unknown CUDA error",
        "CUDA unknown error - this may be due to an incorrectly set up environment",
    ),
)
"""The collector's summary of an error, and the words that the program prints."""


def version_in(value: Any) -> str | None:
    """`3.6.10`, `'3.9 (venv)'`, `glibc-2.36` → the number."""
    match = re.search(r"\d+(?:\.\d+)+(?:[+]\w+)?", str(value))
    return match.group() if match else None


def _text(value: Any) -> str:
    return str(value)


def _torch(value: Any) -> Iterator[Told]:
    version = re.match(r"\d+\.\d+(?:\.\d+)?(?:\+\w+)?", str(value))
    if version is None:
        if "CPU" in str(value):
            yield "torch", "cuda_built_version", _NOT_THERE
        return
    number = version.group()
    yield "torch", "installed_version", number
    yield "torch", "version", number
    local = number.partition("+")[2]
    if local == "cpu":
        yield "torch", "cuda_built_version", _NOT_THERE
    elif re.fullmatch(r"cu\d{2,3}", local):
        yield "torch", "cuda_built_version", f"{local[2:-1]}.{local[-1]}"


def _gpus(value: Any) -> Iterator[Told]:
    gpus: list[dict[str, Any]] = []
    for told in value:
        for _ in range(told.get("count", 1)):
            gpu: dict[str, Any] = {"index": len(gpus), "name": str(told["name"])}
            if "compute_capability" in told:
                gpu["compute_capability"] = str(told["compute_capability"])
            if "memory_mib" in told:
                gpu["memory_total_bytes"] = told["memory_mib"] * _MIB
            if "memory_used_mib" in told:
                gpu["memory_used_bytes"] = told["memory_used_mib"] * _MIB
            if "mig" in told:
                gpu["mig_enabled"] = bool(told["mig"])
            gpus.append(gpu)
    yield "nvml", "gpus", gpus


def _os(value: Any) -> Iterator[Told]:
    text = str(value)
    yield "host", "system", "Windows" if "Windows" in text else "Linux"
    yield "host", "distribution", text
    words = text.lower().split()
    if words and words[0] in ("ubuntu", "debian", "fedora", "centos"):
        yield "host", "distribution_id", words[0]
        if number := re.search(r"\d+(?:\.\d+)?", text):
            yield "host", "distribution_version", number.group()


def _virtualization(value: Any) -> Iterator[Told]:
    text = str(value).lower()
    if "wsl" in text:
        yield "host", "wsl_version", 1 if "wsl1" in text.replace(" ", "") else 2
    if "docker host" in text:
        yield "host", "container_engine", "docker"
    elif "kubernetes" in text:
        yield "host", "container", "kubernetes"
    elif "docker" in text:
        yield "host", "container", "docker"
    if re.search(r"\b(vm|kvm|guest|qemu)\b", text):
        yield "host", "hypervisor", "KVM"
    size = re.search(r"--shm-size[= ](\d+)([kmgKMG]?)", str(value))
    if size:
        yield "memory", "shm_total_bytes", int(size[1]) * _UNITS[size[2].upper()]


def _shm(value: Any) -> Iterator[Told]:
    for word, field in (("size", "shm_total_bytes"), ("available", "shm_free_bytes")):
        match = re.match(r"([\d.]+) ?([KMGT]?)", str(value.get(word, "")))
        if match:
            yield "memory", field, int(float(match[1]) * _UNITS[match[2]])


def _flags(value: Any) -> Iterator[Told]:
    yield "cpu", "flags", list(value)


def _env(value: Any) -> Iterator[Told]:
    for name, told in value.items():
        text = ":".join(map(str, told)) if isinstance(told, list) else str(told)
        yield "environment", name.lower(), "$0" if "$0" in text else text


def _driver_cuda_found(value: Any) -> Iterator[Told]:
    number = int(value)
    yield "nvml", "cuda_version", f"{number // 1000}.{number % 1000 // 10}"
    words = f"The NVIDIA driver on your system is too old (found version {number})"
    yield "torch", "cuda_available", Refused(words)


def _available(value: Any) -> Iterator[Told]:
    yield "torch", "cuda_available", bool(value)


def _machine(value: Any) -> Iterator[Told]:
    if "jetson" in str(value).lower():
        yield "host", "kernel_release", "5.15.0-tegra"
        yield "host", "architecture", "aarch64"
        name = str(value) if "NVIDIA" in str(value) else f"NVIDIA {value}"
        yield "nvml", "gpus", [{"index": 0, "name": name.removeprefix("NVIDIA ")}]


def _version(part: str, field: str) -> Callable[[Any], Iterator[Told]]:
    def tell(value: Any) -> Iterator[Told]:
        number = version_in(value)
        if number is not None:
            yield part, field, number

    return tell


def _arch_list(value: Any) -> Iterator[Told]:
    yield "torch", "arch_list", list(value)


def _arch_list_lacks(value: Any) -> Iterator[Told]:
    """Only what is missing was told: what the build has is every other of its time."""
    codes = ("sm_50", "sm_60", "sm_70", "sm_75", "sm_80", "sm_86", "sm_89", "sm_90")
    missing = f"sm_{str(value).replace('.', '')}"
    yield "torch", "arch_list", [code for code in codes if code != missing]


def _packages(value: Any) -> Iterator[Told]:
    found = [{"name": name, "version": str(version)} for name, version in value.items()]
    yield "python", "distributions", found


def _numpy(value: Any) -> Iterator[Told]:
    number = version_in(value) or ("2.0.1" if "2.x" in str(value) else None)
    if number is not None:
        yield "python", "distributions", [{"name": "numpy", "version": number}]


def _extension(value: Any) -> Iterator[Told]:
    name, _, version = str(value).partition(" ")
    yield "frameworks", "extensions", [{"name": name, "version": version or "0"}]


def _arch_flags(value: Any) -> Iterator[Told]:
    codes = [f"sm_{str(flag).replace('.', '')}" for flag in value]
    yield "frameworks", "extensions", [{"name": "extension", "arch_list": codes}]


def _nvjitlink(value: Any) -> Iterator[Told]:
    library = {"name": "libnvJitLink.so.12", "path": str(value)}
    yield "torch", "loaded_libraries", [library]


def _install(value: Any) -> Iterator[Told]:
    """Where it was installed from; PyPI's wheel for Windows is a CPU build."""
    if "PyPI" in str(value):
        yield "torch", "cuda_built_version", _NOT_THERE


def _toolkit_installed(value: Any) -> Iterator[Told]:
    yield "host", "container_toolkit", "/usr/bin/nvidia-ctk" if value else _NOT_THERE


_SAME: Mapping[str, tuple[str, str]] = {
    "kernel": ("host", "kernel_release"),
    "arch": ("host", "architecture"),
    "cpu": ("cpu", "model"),
    "driver_cuda": ("nvml", "cuda_version"),
    "userspace_driver_version": ("driver", "library_version"),
}
_WORDS: Mapping[str, Callable[[Any], Iterator[Told]]] = {
    "os": _os,
    "libc": _version("host", "glibc_version"),
    "python": _version("python", "version"),
    "torch": _torch,
    "torch_cuda": _version("torch", "cuda_built_version"),
    "torchvision": _version("torch", "torchvision_installed_version"),
    "torch_arch_list": _arch_list,
    "torch_arch_list_lacks": _arch_list_lacks,
    "cuda_available": _available,
    "nvcc": _version("toolkit", "nvcc_version"),
    "driver": _version("nvml", "driver_version"),
    "userspace_driver": _version("driver", "library_version"),
    "kernel_module": _version("driver", "module_version"),
    "driver_cuda_found": _driver_cuda_found,
    "gpus": _gpus,
    "machine": _machine,
    "virtualization": _virtualization,
    "shm": _shm,
    "cpu_flags_sorted": _flags,
    "env": _env,
    "packages": _packages,
    "numpy": _numpy,
    "extension": _extension,
    "extension_arch_flags": _arch_flags,
    "libnvjitlink_resolved": _nvjitlink,
    "install": _install,
    "container_toolkit_installed": _toolkit_installed,
}
