"""The operating system and what it runs in."""

import datetime as dt
import os
import platform
import shlex
import shutil
import time
from pathlib import Path

from rigcheck.facts import Absent, Fact, Found, Host, Reason
from rigcheck.probes.cgroup import read_cgroup_version
from rigcheck.probes.containers import read_container
from rigcheck.probes.hypervisor import read_hypervisor, read_wsl_version
from rigcheck.probes.probe import ProbeContext, read_text
from rigcheck.probes.reading import first_found, parsed
from rigcheck.probes.secure_boot import read_secure_boot
from rigcheck.probes.session import read_locale_encoding, read_over_ssh, read_terminal
from rigcheck.probes.windows import read_windows_build

_GLIBC = "CS_GNU_LIBC_VERSION"


def read_host(context: ProbeContext) -> Host:
    """Reads /etc/os-release, /proc and the environment."""
    root = context.root
    release = _read_os_release(root)
    return Host(
        hostname=_read_kernel(root, "hostname", platform.node()),
        system=Found(platform.system(), "uname"),
        distribution=first_found(_entry(release, "PRETTY_NAME"), _entry(release, "NAME")),
        distribution_id=_entry(release, "ID"),
        distribution_version=_entry(release, "VERSION_ID"),
        kernel_release=_read_kernel(root, "osrelease", platform.release()),
        architecture=Found(platform.machine(), "uname"),
        glibc_version=read_glibc_version(),
        uptime_s=parsed(read_text(root / "proc/uptime"), parse_uptime),
        suspended_s=read_suspended_s(),
        date=Found(dt.datetime.now(dt.timezone.utc).date().isoformat(), "system clock"),
        secure_boot=read_secure_boot(root),
        container=read_container(root),
        cgroup_version=read_cgroup_version(root),
        container_engine=read_program("docker", "podman"),
        container_toolkit=read_program("nvidia-ctk", "nvidia-container-cli"),
        wsl_version=read_wsl_version(root),
        windows_build=read_windows_build(root),
        hypervisor=read_hypervisor(root),
        over_ssh=read_over_ssh(root),
        terminal=read_terminal(),
        locale_encoding=read_locale_encoding(),
    )


def read_program(*names: str) -> Fact[str]:
    """The path of the first of these programs that is installed; nothing is run."""
    for name in names:
        path = shutil.which(name)
        if path is not None:
            return Found(path, "PATH")
    return Absent(Reason.NOT_THERE, "PATH", f"no {' or '.join(names)}")


def parse_os_release(text: str) -> dict[str, str]:
    """`NAME="Debian GNU/Linux"` and so on, by name; quoted as for a shell (`man os-release`).

    Raises:
        ValueError: if a quotation does not end.
    """
    values = {}
    for line in text.splitlines():
        name, equals, quoted = line.strip().partition("=")
        if equals and not name.startswith("#"):
            values[name] = "".join(shlex.split(quoted))
    return values


def parse_uptime(text: str) -> float:
    """Seconds since boot, of `350735.47 234388.90`.

    Raises:
        ValueError: if there is no number.
    """
    return float(text.partition(" ")[0])


def read_suspended_s() -> Fact[float]:
    """By how much the clock that counts sleep is ahead of the one that does not."""
    source = "CLOCK_BOOTTIME - CLOCK_MONOTONIC"
    if not hasattr(time, "CLOCK_BOOTTIME"):
        return Absent(Reason.NOT_SUPPORTED, source, "this system has no such clock")
    # Read one after the other, they differ by the microseconds in between.
    asleep_s = time.clock_gettime(time.CLOCK_BOOTTIME) - time.clock_gettime(time.CLOCK_MONOTONIC)
    return Found(max(0.0, round(asleep_s, 1)), source)


def read_glibc_version() -> Fact[str]:
    """`2.39`; not there where the C library is another, as musl on Alpine."""
    source = f"confstr({_GLIBC})"
    try:
        name = os.confstr(_GLIBC)
    except (ValueError, OSError):
        name = None
    if not name or not name.startswith("glibc "):
        return Absent(Reason.NOT_THERE, source, "not glibc")
    return Found(name.removeprefix("glibc "), source)


def _read_os_release(root: Path) -> Fact[dict[str, str]]:
    texts = [read_text(root / path) for path in ("etc/os-release", "usr/lib/os-release")]
    return parsed(first_found(*texts), parse_os_release)


def _entry(release: Fact[dict[str, str]], name: str) -> Fact[str]:
    if not isinstance(release, Found):
        return release
    source = f"{release.source}: {name}"
    value = release.value.get(name)
    return Found(value, source) if value else Absent(Reason.NOT_THERE, source)


def _read_kernel(root: Path, name: str, told_by_call: str) -> Fact[str]:
    """From /proc, so that recorded machines tell theirs; from uname where there is no /proc."""
    return first_found(read_text(root / "proc/sys/kernel" / name), Found(told_by_call, "uname"))
