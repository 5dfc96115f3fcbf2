"""The control groups this process is in, in version 1, version 2 or both side by side.

What a group allows is the tightest of its own limit and those of every group above it that is
visible from here; a container usually sees none above its own.
"""

from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import TypeVar

import msgspec

from rigcheck.facts import Absent, Fact, Found, Reason, is_known_absent
from rigcheck.probes.mounts import Mount, read_mounts
from rigcheck.probes.probe import read_text
from rigcheck.probes.reading import parsed

N = TypeVar("N", int, float)

_UNIFIED = ""
"""The key of version 2, which has one hierarchy for all controllers: `0::/path`."""


class ControlGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Where the limits of one controller are read."""

    unified: bool
    """Version 2, whose files have other names."""
    directories: tuple[Path, ...]
    """The process's own group first, then those above it, up to the mount."""


def read_cgroup_version(root: Path) -> Fact[int]:
    """1 where any resource is controlled by version 1, which includes the mixed layout."""
    return parsed(_read_membership(root), _version)


def read_control_group(root: Path, controller: str) -> Fact[ControlGroup]:
    """The group whose limits hold for `controller`: `cpu` or `memory`."""
    membership, mounts = _read_membership(root), read_mounts(root)
    if not isinstance(membership, Found):
        return membership
    if not isinstance(mounts, Found):
        return mounts
    key = controller if controller in membership.value else _UNIFIED
    if key not in membership.value:
        return Absent(Reason.NOT_THERE, membership.source, f"{controller} is not controlled")
    mount = _hierarchy(mounts.value, key)
    if mount is None:
        # There may well be a limit; it just cannot be read from in here.
        return Absent(
            Reason.NOT_SUPPORTED, mounts.source, f"the {controller} cgroup is not mounted"
        )
    directories = _directories(root, mount, membership.value[key])
    return Found(
        ControlGroup(unified=key == _UNIFIED, directories=directories),
        membership.source,
    )


def tightest(group: ControlGroup, read_limit: Callable[[Path], Fact[N]]) -> Fact[N]:
    """The lowest limit of the group and those above it; else why there is none."""
    limits = [read_limit(directory) for directory in group.directories]
    found = [limit for limit in limits if isinstance(limit, Found)]
    if found:
        return min(found, key=lambda limit: limit.value)
    # "No limit" is only true if every level could be read.
    return next((limit for limit in limits if not is_known_absent(limit)), limits[0])


def parse_membership(text: str) -> dict[str, str]:
    """`4:cpu,cpuacct:/docker/…` → the path by controller; version 2 under the empty name.

    Raises:
        ValueError: if a line does not have three fields.
    """
    membership = {}
    for line in text.splitlines():
        fields = line.split(":", 2)
        if len(fields) != 3:  # noqa: PLR2004 -- the format's fields
            raise ValueError(f"not a line of /proc/self/cgroup: {line!r}")
        membership.update(dict.fromkeys(fields[1].split(","), fields[2]))
    return membership


def _read_membership(root: Path) -> Fact[dict[str, str]]:
    return parsed(read_text(root / "proc/self/cgroup"), parse_membership)


def _version(membership: dict[str, str]) -> int:
    # Some VPNs mount net_cls of version 1 on a machine that is otherwise version 2.
    if {"cpu", "memory"} & membership.keys():
        return 1
    if _UNIFIED in membership:
        return 2
    raise ValueError("neither cpu, memory nor the unified hierarchy is named")


def _hierarchy(mounts: tuple[Mount, ...], key: str) -> Mount | None:
    if key == _UNIFIED:
        return next((m for m in mounts if m.kind == "cgroup2"), None)
    return next((m for m in mounts if m.kind == "cgroup" and key in m.options.split(",")), None)


def _directories(root: Path, mount: Mount, path: str) -> tuple[Path, ...]:
    """Without a cgroup namespace a container's path starts at the host's root, its mount not."""
    point = root / mount.point.lstrip("/")
    try:
        below = PurePosixPath(path).relative_to(mount.root)
    except ValueError:
        return (point,)
    if ".." in below.parts:
        return (point,)
    return (*(point / part for part in (below, *below.parents)[:-1]), point)
