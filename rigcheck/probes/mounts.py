"""Mounts of this process, from /proc/self/mountinfo."""

import re
from pathlib import Path

import msgspec

from rigcheck.facts import Fact
from rigcheck.probes.probe import read_text
from rigcheck.probes.reading import parsed

_ESCAPE = re.compile(r"\\([0-7]{3})")


class Mount(msgspec.Struct, frozen=True, kw_only=True):
    """One line of mountinfo (`man 5 proc_pid_mountinfo`)."""

    root: str
    """The directory of the filesystem that is mounted: `/`, or a subtree of it."""
    point: str
    kind: str
    options: str
    """The filesystem's own options, the last field."""


def read_mounts(root: Path) -> Fact[tuple[Mount, ...]]:
    """All mounts in the order in which they were made."""
    return parsed(read_text(root / "proc/self/mountinfo"), parse_mounts)


def parse_mounts(text: str) -> tuple[Mount, ...]:
    """`27 1 254:0 / /home rw - ext4 /dev/vda rw` and so on.

    Raises:
        ValueError: if a line is not of that form.
    """
    return tuple(_parse_mount(line) for line in text.splitlines())


def mount_of(path: str, mounts: tuple[Mount, ...]) -> Mount | None:
    """The mount that an absolute, resolved path lies on: the deepest, the newest of equals."""
    above = [mount for mount in mounts if _is_below(path, mount.point)]
    # max() keeps the first of equals; a later mount on the same point covers the earlier.
    return max(reversed(above), key=lambda mount: len(mount.point), default=None)


def _is_below(path: str, point: str) -> bool:
    return path == point or path.startswith(point.rstrip("/") + "/")


def _parse_mount(line: str) -> Mount:
    mine, separator, filesystem = line.partition(" - ")
    fields, tail = mine.split(" "), filesystem.split(" ")
    if not separator or len(fields) < 6 or len(tail) < 3:  # noqa: PLR2004 -- the format's fields
        raise ValueError(f"not a line of mountinfo: {line!r}")
    return Mount(
        root=_unescape(fields[3]),
        point=_unescape(fields[4]),
        kind=tail[0],
        options=_unescape(tail[2]),
    )


def _unescape(field: str) -> str:
    r"""Space, tab, newline and backslash are written as `\040` and the like."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 8)), field)
