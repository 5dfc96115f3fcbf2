"""How much memory a GPU has, and whose."""

import dataclasses
from pathlib import Path
from typing import Any

from rigcheck.facts import Absent, Fact, Failed, Found, GpuProcess, Reason, value_of
from rigcheck.gpu.driver import Handle
from rigcheck.gpu.numbers import NOT_AVAILABLE
from rigcheck.nvml import MEMORY_V2, ask, is_not_in_driver, unchanged
from rigcheck.probes.memory import parse_meminfo
from rigcheck.probes.probe import read_text
from rigcheck.probes.reading import parsed

_WHOLE_SHARE = 0.95
"""BAR1 is a power of two, the memory told is what remains of one."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class GpuMemory:
    """A GPU's memory, in bytes."""

    total: Fact[int]
    reserved: Fact[int]
    """Held by the driver."""
    used: Fact[int]
    """Allocated; from a driver without the newer call, `reserved` is in it."""
    available: Fact[int]
    is_unified: Fact[bool]


def memory(gpu: Handle) -> GpuMemory:
    """As nvidia-smi counts it, with the driver's reserve apart, where the driver has that call.

    nvml.h of `nvmlDeviceGetMemoryInfo`: not supported by a GPU that shares the machine's memory.
    """
    newer = ask(
        "nvmlDeviceGetMemoryInfo",
        gpu,
        MEMORY_V2,
        take=unchanged,
        symbol="nvmlDeviceGetMemoryInfo_v2",
    )
    if is_not_in_driver(newer):
        older = ask("nvmlDeviceGetMemoryInfo", gpu, take=unchanged)
        return _of_its_own(older, newer)
    return _of_its_own(newer, _bytes(newer, "reserved"))


def unified(own: GpuMemory, processes: Fact[tuple[GpuProcess, ...]], root: Path) -> GpuMemory:
    """The same, where GPU and CPU share memory: what `own` says if it has memory of its own.

    Used is what the GPU's processes hold: what the whole machine uses says nothing of the GPU.
    """
    if not shares_the_machine_s(own, root):
        return own
    meminfo = _meminfo(root)
    return GpuMemory(
        total=_entry(meminfo, "MemTotal"),
        reserved=Absent(Reason.NOT_APPLICABLE, own.total.source, "it shares the machine's memory"),
        used=_held_by(processes),
        available=_entry(meminfo, "MemAvailable"),
        is_unified=Found(value=True, source=own.total.source),
    )


def bar1_total_bytes(gpu: Handle) -> Fact[int]:
    """What of its memory the CPU can see at once."""
    return _bytes(ask("nvmlDeviceGetBAR1MemoryInfo", gpu, take=unchanged), "bar1Total")


def resizable_bar(bar1: Fact[int], total: Fact[int]) -> Fact[bool]:
    """On, where BAR1 shows about all of the memory or more: our inference from both sizes.

    Without it BAR1 of a card for desktops is 256 MiB.
    """
    if not isinstance(bar1, Found):
        return bar1
    if not isinstance(total, Found):
        return total
    return Found(bar1.value >= total.value * _WHOLE_SHARE, f"{bar1.source}, beside the memory")


def shares_the_machine_s(own: GpuMemory, root: Path) -> bool:
    """No memory of its own: the call for it is refused, or tells the machine's size."""
    if isinstance(own.total, Found):
        return own.total.value == value_of(_entry(_meminfo(root), "MemTotal"))
    return isinstance(own.is_unified, Absent) and own.is_unified.reason is Reason.NOT_SUPPORTED


def _meminfo(root: Path) -> Fact[dict[str, int]]:
    return parsed(read_text(root / "proc/meminfo"), parse_meminfo)


def _of_its_own(told: Fact[Any], reserved: Fact[int]) -> GpuMemory:
    is_unified = Found(value=False, source=told.source) if isinstance(told, Found) else told
    return GpuMemory(
        total=_bytes(told, "total"),
        reserved=reserved,
        used=_bytes(told, "used"),
        available=_bytes(told, "free"),
        is_unified=is_unified,
    )


def _bytes(fact: Fact[Any], field: str) -> Fact[int]:
    if not isinstance(fact, Found):
        return fact
    n_bytes = int(getattr(fact.value, field))
    if n_bytes == NOT_AVAILABLE:
        return Absent(Reason.NOT_SUPPORTED, fact.source, "the driver gives no figure")
    return Found(n_bytes, fact.source)


def _held_by(processes: Fact[tuple[GpuProcess, ...]]) -> Fact[int]:
    if not isinstance(processes, Found):
        return processes
    held = [process.memory_used_bytes for process in processes.value]
    lacking = next((fact for fact in held if not isinstance(fact, Found)), None)
    if lacking is not None:
        return lacking
    return Found(sum(value_of(fact) or 0 for fact in held), processes.source)


def _entry(meminfo: Fact[dict[str, int]], name: str) -> Fact[int]:
    if not isinstance(meminfo, Found):
        return meminfo
    if name not in meminfo.value:
        return Failed(f"no {name} in it", meminfo.source)
    return Found(meminfo.value[name], f"{meminfo.source} {name}")
