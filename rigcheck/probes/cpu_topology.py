"""Sockets, cores and threads from sysfs, else from /proc/cpuinfo; and which this process may use.

CPUs are the kernel's numbers of logical CPUs; a core or a socket is the set of CPUs on it.
"""

import os
from collections.abc import Hashable
from pathlib import Path

import msgspec

from rigcheck.facts import Absent, Fact, Found, Reason
from rigcheck.probes.cpuinfo import Block
from rigcheck.probes.probe import read_text
from rigcheck.probes.reading import first_found, parsed

CpuSet = frozenset[int]

CPU_DIRECTORY = Path("sys/devices/system/cpu")
# The kernel's names since 5.3, and those before.
_CORE_FILES = ("topology/core_cpus_list", "topology/thread_siblings_list")
_SOCKET_FILES = ("topology/package_cpus_list", "topology/core_siblings_list")
_CORE_KEYS = ("physical id", "core id")
_SOCKET_KEYS = ("physical id",)


class Topology(msgspec.Struct, frozen=True, kw_only=True):
    """The logical CPUs that are online, and how they belong together."""

    threads: Fact[CpuSet]
    cores: Fact[tuple[CpuSet, ...]]
    sockets: Fact[tuple[CpuSet, ...]]


def read_topology(root: Path, blocks: Fact[tuple[Block, ...]]) -> Topology:
    """From sysfs, and where that says nothing (WSL 1, gVisor) from /proc/cpuinfo's blocks."""
    threads = first_found(
        parsed(read_text(root / CPU_DIRECTORY / "online"), parse_cpu_list),
        parsed(blocks, lambda cpus: frozenset(int(cpu["processor"]) for cpu in cpus)),
    )
    if not isinstance(threads, Found):
        return Topology(threads=threads, cores=threads, sockets=threads)
    return Topology(
        threads=threads,
        cores=first_found(
            _read_groups(root, threads.value, _CORE_FILES),
            parsed(blocks, lambda cpus: group_blocks(cpus, _CORE_KEYS)),
        ),
        sockets=first_found(
            _read_groups(root, threads.value, _SOCKET_FILES),
            parsed(blocks, lambda cpus: group_blocks(cpus, _SOCKET_KEYS)),
        ),
    )


def parse_cpu_list(text: str) -> CpuSet:
    """`0-3,8` → {0, 1, 2, 3, 8}; an empty text is the empty set.

    Raises:
        ValueError: if it is not such a list.
    """
    cpus: set[int] = set()
    for part in filter(None, text.strip().split(",")):
        first, _, last = part.partition("-")
        cpus.update(range(int(first), int(last or first) + 1))
    return frozenset(cpus)


def group_blocks(blocks: tuple[Block, ...], keys: tuple[str, ...]) -> tuple[CpuSet, ...]:
    """The CPUs that agree in all of `keys`, as sets.

    Raises:
        ValueError: if a block lacks one of the keys, as ARM's do.
    """
    groups: dict[Hashable, set[int]] = {}
    for block in blocks:
        if not block.keys() >= set(keys):
            raise ValueError(f"/proc/cpuinfo does not tell {keys[-1]}")
        groups.setdefault(tuple(block[key] for key in keys), set()).add(int(block["processor"]))
    return tuple(frozenset(group) for group in groups.values())


def read_affinity() -> Fact[CpuSet]:
    """The CPUs this process may run on; a cpuset is already taken off them."""
    source = "sched_getaffinity(0)"
    if not hasattr(os, "sched_getaffinity"):
        return Absent(Reason.NOT_SUPPORTED, source, "not a Linux call")
    return Found(frozenset(os.sched_getaffinity(0)), source)


def usable_cores(cores: Fact[tuple[CpuSet, ...]], usable: Fact[CpuSet]) -> Fact[int]:
    """How many physical cores the usable CPUs lie on."""
    if not isinstance(usable, Found):
        return usable
    if not isinstance(cores, Found):
        return cores
    source = f"{usable.source}, {cores.source}"
    return Found(cores_among(cores.value, usable.value), source)


def cores_among(cores: tuple[CpuSet, ...], cpus: CpuSet) -> int:
    """How many of the cores have at least one of the CPUs."""
    return sum(1 for core in cores if core & cpus)


def _read_groups(root: Path, cpus: CpuSet, names: tuple[str, ...]) -> Fact[tuple[CpuSet, ...]]:
    """Splits the CPUs into groups, reading the file of one CPU a group, by its first name there."""
    directory = root / CPU_DIRECTORY
    groups: list[CpuSet] = []
    left = set(cpus)
    while left:
        cpu = min(left)
        group = first_found(
            *(parsed(read_text(directory / f"cpu{cpu}" / name), parse_cpu_list) for name in names)
        )
        if not isinstance(group, Found):
            return group
        groups.append((group.value & cpus) | {cpu})
        left -= groups[-1]
    return Found(tuple(groups), str(directory / "cpu*" / names[0]))
