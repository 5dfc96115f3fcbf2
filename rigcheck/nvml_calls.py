"""What NVML is asked: each call with its unit, and with the older call for older drivers.

For children only, as `rigcheck.nvml`.
"""

import dataclasses
from typing import Any, TypeAlias

from rigcheck.facts import Absent, Fact, Found, Reason
from rigcheck.nvml import MEMORY_V2, TEMPERATURE_GPU, ask

Handle: TypeAlias = Any
"""A GPU as NVML's calls want it named."""


def nvml_version() -> Fact[str]:
    """`13.580.95.05`, of the library.

    That of driver 535 tells it without initialisation, so also when the kernel module does not
    run; that of 470 does not.
    """
    return ask("nvmlSystemGetNVMLVersion", take=str)


def driver_version() -> Fact[str]:
    """`580.95.05`, of the kernel module that runs."""
    return ask("nvmlSystemGetDriverVersion", take=str)


def cuda_version() -> Fact[str]:
    """What libcuda says: `13.0`. The call without `_v2` makes one up where libcuda is missing."""
    fact = ask("nvmlSystemGetCudaDriverVersion_v2", take=parse_cuda_version)
    if isinstance(fact, Absent) and fact.reason is Reason.NOT_THERE:
        return Absent(Reason.NOT_THERE, fact.source, "libcuda.so.1 was not found")
    return fact


def parse_cuda_version(number: int) -> str:
    """`12040` → `12.4`, as NVML_CUDA_DRIVER_VERSION_MAJOR and _MINOR in nvml.h."""
    return f"{number // 1000}.{number % 1000 // 10}"


def gpu_count() -> Fact[int]:
    """How many there are, broken ones included."""
    return ask("nvmlDeviceGetCount", take=int)


def gpu_handle(index: int) -> Fact[Handle]:
    """Here a GPU without power, permission or life says so."""
    return ask("nvmlDeviceGetHandleByIndex", index, take=_unchanged)


def uuid(gpu: Handle) -> Fact[str]:
    """`GPU-…`."""
    return ask("nvmlDeviceGetUUID", gpu, take=str)


def pci_bus_id(gpu: Handle) -> Fact[str]:
    """`0000:0b:00.0`."""
    return ask("nvmlDeviceGetPciInfo", gpu, take=lambda pci: parse_pci_bus_id(pci.busId))


def parse_pci_bus_id(text: str) -> str:
    """`00000000:0B:00.0` → `0000:0b:00.0`, as sysfs names it.

    Raises:
        ValueError: if it is no bus id.
    """
    domain, colon, rest = text.partition(":")
    if not colon:
        raise ValueError(f"not a PCI bus id: {text!r}")
    return f"{int(domain, 16):04x}:{rest.lower()}"


def name(gpu: Handle) -> Fact[str]:
    """`NVIDIA GeForce RTX 4090`. It comes from the card, so it may hold anything."""
    return ask("nvmlDeviceGetName", gpu, take=str)


def compute_capability(gpu: Handle) -> Fact[str]:
    """`8.9`."""
    return ask("nvmlDeviceGetCudaComputeCapability", gpu, take=lambda pair: f"{pair[0]}.{pair[1]}")


@dataclasses.dataclass(frozen=True, kw_only=True)
class GpuMemory:
    """A GPU's memory, in bytes."""

    total: Fact[int]
    reserved: Fact[int]
    """Held by the driver."""
    used: Fact[int]
    """Allocated; from a driver without the newer call, `reserved` is in it."""


def memory(gpu: Handle) -> GpuMemory:
    """As nvidia-smi counts it, with the driver's reserve apart, where the driver has that call."""
    newer = ask(
        "nvmlDeviceGetMemoryInfo",
        gpu,
        MEMORY_V2,
        take=_unchanged,
        symbol="nvmlDeviceGetMemoryInfo_v2",
    )
    if _is_missing(newer):
        older = ask("nvmlDeviceGetMemoryInfo", gpu, take=_unchanged)
        return GpuMemory(total=_bytes(older, "total"), reserved=newer, used=_bytes(older, "used"))
    return GpuMemory(
        total=_bytes(newer, "total"),
        reserved=_bytes(newer, "reserved"),
        used=_bytes(newer, "used"),
    )


def utilization_percent(gpu: Handle) -> Fact[float]:
    """Share of the driver's last sample period (1/6 s to 1 s) in which a kernel was running."""
    return ask("nvmlDeviceGetUtilizationRates", gpu, take=lambda rates: float(rates.gpu))


def power_w(gpu: Handle) -> Fact[float]:
    """Mean of the last second on most cards since Ampere, of the instant on older ones."""
    return ask("nvmlDeviceGetPowerUsage", gpu, take=lambda milliwatts: milliwatts / 1000)


def temperature_c(gpu: Handle) -> Fact[float]:
    """By the newer call; drivers up to 550 have the older one only, and CUDA 14 will drop it."""
    newer = ask("nvmlDeviceGetTemperatureV", gpu, TEMPERATURE_GPU, take=float)
    if _is_missing(newer):
        return ask("nvmlDeviceGetTemperature", gpu, TEMPERATURE_GPU, take=float)
    return newer


def _is_missing(fact: Fact[Any]) -> bool:
    return isinstance(fact, Absent) and fact.reason is Reason.NOT_IN_DRIVER


def _bytes(fact: Fact[Any], field: str) -> Fact[int]:
    if isinstance(fact, Found):
        return Found(int(getattr(fact.value, field)), fact.source)
    return fact


def _unchanged(answer: Any) -> Any:
    return answer
