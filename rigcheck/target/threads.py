"""How many threads the mathematics is given: one for each physical core this process may use."""

from __future__ import annotations

import math
import os
from typing import Dict, FrozenSet, Optional, Sequence, Set, Tuple

from rigcheck.target.control_group import quota_cpus

_CPUS = "sys/devices/system/cpu"
_CORE_KEYS = ("physical id", "core id")


def chosen_threads() -> Tuple[int, str]:
    """The number, and why it is that: `4`, `4 of 8 cores: cgroup quota`."""
    usable = _usable_cpus()
    if usable is None:
        # Not Linux: what the system counts are logical CPUs, and torch knows no better.
        count = os.cpu_count() or 1
        return count, _of(count, "logical CPU")
    return choose_threads(read_cores(), usable, quota_cpus())


def choose_threads(
    cores: Sequence[FrozenSet[int]], usable: FrozenSet[int], quota: Optional[float]
) -> Tuple[int, str]:
    """Two threads on one core share its arithmetic units, and more than a quota grants stand still.

    Args:
        cores: the logical CPUs of each physical core; empty where the kernel does not tell.
        usable: the logical CPUs this process may run on.
        quota: the CPU time that its control group grants, in CPUs; None without a limit.
    """
    known = [core for core in cores if core & usable]
    count = len(known) or len(usable)
    unit, total = ("core", len(cores)) if known else ("logical CPU", len(usable))
    granted = count if quota is None else max(1, math.floor(quota))
    if quota is not None and granted < count:
        return granted, "{} of {}: cgroup quota of {:g} CPUs".format(
            granted, _of(total, unit), quota
        )
    if count < total:
        return count, "{} of {}: CPU affinity".format(count, _of(total, unit))
    return count, "all of {}".format(_of(total, unit)) if total > 1 else _of(total, unit)


def read_cores(root: str = "/") -> Tuple[FrozenSet[int], ...]:
    """The logical CPUs of each physical core, from sysfs, else from /proc/cpuinfo."""
    try:
        return _cores_in_sysfs(root)
    except (OSError, ValueError):
        pass
    try:
        with open(os.path.join(root, "proc/cpuinfo"), encoding="utf-8", errors="replace") as file:
            return parse_cores(file.read())
    except OSError:
        return ()


def parse_cpu_list(text: str) -> FrozenSet[int]:
    """`0-3,8` → {0, 1, 2, 3, 8}.

    Raises:
        ValueError: if it is no such list.
    """
    cpus: Set[int] = set()
    for part in filter(None, text.strip().split(",")):
        first, _, last = part.partition("-")
        cpus.update(range(int(first), int(last or first) + 1))
    return frozenset(cpus)


def parse_cores(cpuinfo: str) -> Tuple[FrozenSet[int], ...]:
    """By socket and core id; empty where a block of /proc/cpuinfo lacks one, as ARM's do."""
    cores: Dict[Tuple[str, ...], Set[int]] = {}
    for block in cpuinfo.strip().split("\n\n"):
        pairs = (line.partition(":") for line in block.splitlines())
        fields = {key.strip(): value.strip() for key, _, value in pairs}
        if "processor" not in fields:
            continue  # ARM's last block tells of the board
        if not fields.keys() >= set(_CORE_KEYS):
            return ()
        core = tuple(fields[key] for key in _CORE_KEYS)
        cores.setdefault(core, set()).add(int(fields["processor"]))
    return tuple(frozenset(cpus) for cpus in cores.values())


def _cores_in_sysfs(root: str) -> Tuple[FrozenSet[int], ...]:
    left = set(_read_list(root, "online"))
    cores = []
    while left:
        cpu = min(left)
        core = _read_list(root, "cpu{}/topology/thread_siblings_list".format(cpu)) | {cpu}
        cores.append(core)
        left -= core
    return tuple(cores)


def _read_list(root: str, name: str) -> FrozenSet[int]:
    with open(os.path.join(root, _CPUS, name), encoding="ascii") as file:
        return parse_cpu_list(file.read())


def _usable_cpus() -> Optional[FrozenSet[int]]:
    """A cpuset is already taken off them."""
    if not hasattr(os, "sched_getaffinity"):
        return None
    return frozenset(os.sched_getaffinity(0))


def _of(count: int, unit: str) -> str:
    return "{} {}{}".format(count, unit, "" if count == 1 else "s")
