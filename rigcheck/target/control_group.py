"""The limits of this process' control groups, versions 1 and 2: the tightest up to the mount.

As `rigcheck.probes.cgroup`, which tells more and needs a newer Python.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Iterator

_UNIFIED = ""
_NO_LIMIT_BYTES = 2**60
"""Version 1 writes "no limit" as a number near 2^63."""


def quota_cpus(root: str = "/") -> float | None:
    """CPU time that is granted, in CPUs; None without a quota."""
    return _tightest(root, "cpu", _quota)


def memory_left_bytes(root: str = "/") -> int | None:
    """What may still be allocated under the limit; None without one."""
    left = _tightest(root, "memory", _memory_left)
    return None if left is None else int(left)


def own_file(root: str, controller: str, names: tuple[str, ...]) -> str | None:
    """The first of these files in the nearest group that has any; None where none is readable."""
    for directory in _directories(root, controller):
        for name in names:
            text = _read(directory, name)
            if text is not None:
                return text
    return None


def parse_quota(cpu_max: str) -> float | None:
    """`150000 100000` of cpu.max is one and a half CPUs; `max 100000` is no quota."""
    quota, _, period = cpu_max.partition(" ")
    return None if quota == "max" else int(quota) / int(period)


def _quota(directory: str) -> float | None:
    text = _read(directory, "cpu.max")
    if text is not None:
        return parse_quota(text)
    quota, period = _read(directory, "cpu.cfs_quota_us"), _read(directory, "cpu.cfs_period_us")
    if quota is None or period is None or int(quota) < 0:
        return None
    return int(quota) / int(period)


def _memory_left(directory: str) -> float | None:
    limit = _read(directory, "memory.max") or _read(directory, "memory.limit_in_bytes")
    used = _read(directory, "memory.current") or _read(directory, "memory.usage_in_bytes")
    if limit is None or used is None or limit == "max" or int(limit) > _NO_LIMIT_BYTES:
        return None
    return max(0, int(limit) - int(used))


def _tightest(
    root: str, controller: str, read_limit: Callable[[str], float | None]
) -> float | None:
    limits = (read_limit(directory) for directory in _directories(root, controller))
    return min((limit for limit in limits if limit is not None), default=None)


def _directories(root: str, controller: str) -> Iterator[str]:
    """The process' own group first, then those above it, up to the mount."""
    path = _path_of(_read(root, "proc/self/cgroup") or "", controller)
    point = _mount_of(_read(root, "proc/self/mountinfo") or "", controller)
    if path is None or point is None:
        return
    top = os.path.join(root, point.lstrip("/"))
    parts: list[str] = [part for part in path.split("/") if part]
    # From within a container the path may not exist below the mount; then the mount is its own.
    for depth in range(len(parts), -1, -1):
        yield os.path.join(top, *parts[:depth])


def _path_of(cgroup: str, controller: str) -> str | None:
    """`4:cpu,cpuacct:/docker/…` by controller, else version 2's `0::/…`."""
    paths = {}
    for line in cgroup.splitlines():
        _, names, path = line.split(":", 2)
        for name in names.split(","):
            paths[name] = path
    return paths.get(controller, paths.get(_UNIFIED))


def _mount_of(mountinfo: str, controller: str) -> str | None:
    """Where the hierarchy is mounted, version 1's of the controller before version 2's."""
    unified = None
    for line in mountinfo.splitlines():
        mine, _, filesystem = line.partition(" - ")
        kind, options = filesystem.split(" ")[0], filesystem.split(" ")[-1].split(",")
        if kind == "cgroup" and controller in options:
            return mine.split(" ")[4]
        if kind == "cgroup2":
            unified = unified or mine.split(" ")[4]
    return unified


def _read(*path: str) -> str | None:
    try:
        # A mount may lie on a path that is no UTF-8.
        with open(os.path.join(*path), encoding="utf-8", errors="replace") as file:
            return file.read().strip()
    except OSError:
        return None
