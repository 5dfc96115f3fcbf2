"""The driver's versions, and the way to its GPUs."""

from typing import Any, TypeAlias

from rigcheck.facts import Absent, Fact, Reason
from rigcheck.nvml import ask, unchanged

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
    return ask("nvmlDeviceGetHandleByIndex", index, take=unchanged)
