"""Main memory, swap, the cgroup's limit and /dev/shm."""

import os
from pathlib import Path

from rigcheck.facts import Absent, Fact, Failed, Found, Memory, Reason
from rigcheck.probes.cgroup import read_control_group, tightest
from rigcheck.probes.probe import ProbeContext, read_text
from rigcheck.probes.reading import parsed, read_number

_BYTES_A_KIB = 1_024
_NO_LIMIT_BYTES = 2**62
"""Version 1 writes "no limit" as the largest number of whole pages, 8 EiB less a page."""


def read_memory(context: ProbeContext) -> Memory:
    """Reads /proc/meminfo, the memory cgroup and /dev/shm's filesystem."""
    meminfo = parsed(read_text(context.root / "proc/meminfo"), parse_meminfo)
    shm_total_bytes, shm_free_bytes = read_shm(context.root / "dev/shm")
    return Memory(
        total_bytes=_entry(meminfo, "MemTotal"),
        available_bytes=_entry(meminfo, "MemAvailable"),
        limit_bytes=read_limit(context.root),
        swap_total_bytes=_entry(meminfo, "SwapTotal"),
        swap_free_bytes=_entry(meminfo, "SwapFree"),
        shm_total_bytes=shm_total_bytes,
        shm_free_bytes=shm_free_bytes,
    )


def parse_meminfo(text: str) -> dict[str, int]:
    """`MemTotal:  16303524 kB` → bytes by name; the kernel's kB are 1024 bytes.

    Raises:
        ValueError: if a size is not a number.
    """
    sizes = {}
    for line in text.splitlines():
        name, _, rest = line.partition(":")
        number, _, unit = rest.strip().partition(" ")
        if unit == "kB":
            sizes[name] = int(number) * _BYTES_A_KIB
    return sizes


def read_limit(root: Path) -> Fact[int]:
    """What the cgroup allows, in bytes."""
    group = read_control_group(root, "memory")
    if not isinstance(group, Found):
        return group
    name = "memory.max" if group.value.unified else "memory.limit_in_bytes"
    return tightest(group.value, lambda directory: _read_limit(directory / name))


def read_shm(path: Path) -> tuple[Fact[int], Fact[int]]:
    """Size and free room of the filesystem there; a tmpfs made without a limit has neither."""
    try:
        shm = os.statvfs(path)
    except FileNotFoundError:
        absent = Absent(Reason.NOT_THERE, str(path))
        return absent, absent
    except OSError as error:
        failed = Failed(error.strerror or str(error), str(path))
        return failed, failed
    source = f"statvfs({path})"
    if shm.f_blocks == 0:
        unlimited = Absent(Reason.NOT_APPLICABLE, source, "no size limit")
        return unlimited, unlimited
    return (
        Found(shm.f_blocks * shm.f_frsize, source),
        Found(shm.f_bavail * shm.f_frsize, source),
    )


def _entry(meminfo: Fact[dict[str, int]], name: str) -> Fact[int]:
    if not isinstance(meminfo, Found):
        return meminfo
    source = f"{meminfo.source}: {name}"
    if name not in meminfo.value:
        return Absent(Reason.NOT_THERE, source)
    return Found(meminfo.value[name], source)


def _read_limit(path: Path) -> Fact[int]:
    text = read_text(path)
    if isinstance(text, Found) and text.value == "max":
        return Absent(Reason.NOT_THERE, text.source, "no limit")
    limit_bytes = read_number(path)
    if isinstance(limit_bytes, Found) and limit_bytes.value >= _NO_LIMIT_BYTES:
        return Absent(Reason.NOT_THERE, limit_bytes.source, "no limit")
    return limit_bytes
