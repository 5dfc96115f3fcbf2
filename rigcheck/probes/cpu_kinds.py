"""Performance and efficiency cores: Intel's by their counter units, others by capacity."""

from pathlib import Path

from rigcheck.facts import Absent, Fact, Found, Reason
from rigcheck.probes.cpu_topology import (
    CPU_DIRECTORY,
    CpuSet,
    Topology,
    cores_among,
    parse_cpu_list,
)
from rigcheck.probes.probe import read_text
from rigcheck.probes.reading import parsed, read_number

_EFFICIENCY_UNITS = ("cpu_atom", "cpu_lowpower")
_SAME_KIND_SHARE = 0.75
"""A core with at least this share of the greatest capacity is a performance core: silicon of one
design differs by a few per cent, big and little designs by about half."""


def read_core_kinds(root: Path, topology: Topology) -> tuple[Fact[int], Fact[int]]:
    """How many performance and how many efficiency cores; not applicable where all are alike."""
    threads, cores = topology.threads, topology.cores
    if not isinstance(threads, Found):
        return threads, threads
    if not isinstance(cores, Found):
        return cores, cores
    fast = _read_unit(root, "cpu_core")
    if isinstance(fast, Found):
        return _kinds_by_unit(root, fast, cores.value)
    return _kinds_by_capacity(root, threads.value, cores.value)


def split_by_capacity(capacities: dict[int, int]) -> tuple[CpuSet, CpuSet]:
    """CPUs about as capable as the best one, and the rest."""
    floor = _SAME_KIND_SHARE * max(capacities.values())
    fast = frozenset(cpu for cpu, capacity in capacities.items() if capacity >= floor)
    return fast, frozenset(capacities) - fast


def _kinds_by_unit(
    root: Path, fast: Found[CpuSet], cores: tuple[CpuSet, ...]
) -> tuple[Fact[int], Fact[int]]:
    units = [
        unit for name in _EFFICIENCY_UNITS if isinstance(unit := _read_unit(root, name), Found)
    ]
    slow: CpuSet = frozenset().union(*(unit.value for unit in units))
    source = ", ".join(unit.source for unit in units) or fast.source
    return (
        Found(cores_among(cores, fast.value), fast.source),
        Found(cores_among(cores, slow), source),
    )


def _kinds_by_capacity(
    root: Path, threads: CpuSet, cores: tuple[CpuSet, ...]
) -> tuple[Fact[int], Fact[int]]:
    source = str(root / CPU_DIRECTORY / "cpu*/cpu_capacity")
    capacities = _read_capacities(root, threads)
    fast, slow = split_by_capacity(capacities) if capacities else (frozenset(), frozenset())
    if not slow:
        alike = Absent(Reason.NOT_APPLICABLE, source, "the kernel tells no kinds of core apart")
        return alike, alike
    return Found(cores_among(cores, fast), source), Found(cores_among(cores, slow), source)


def _read_unit(root: Path, name: str) -> Fact[CpuSet]:
    return parsed(read_text(root / "sys/devices" / name / "cpus"), parse_cpu_list)


def _read_capacities(root: Path, threads: CpuSet) -> dict[int, int]:
    """The kernel's relative capacity by CPU, 1024 for the fastest; empty where it tells none."""
    capacities = {}
    for cpu in threads:
        capacity = read_number(root / CPU_DIRECTORY / f"cpu{cpu}" / "cpu_capacity")
        if not isinstance(capacity, Found):
            return {}
        capacities[cpu] = capacity.value
    return capacities
