"""The machine that the rest is in: its system, main memory and filesystems."""

import msgspec

from rigcheck.facts.fact import NOT_ASKED, Fact, Part


class Host(Part, frozen=True, kw_only=True):
    """The operating system and what it runs in."""

    hostname: Fact[str] = NOT_ASKED
    system: Fact[str] = NOT_ASKED
    """`Linux`, `Darwin`, `Windows`."""
    distribution: Fact[str] = NOT_ASKED
    """As people name it: `Ubuntu 24.04.3 LTS`."""
    distribution_id: Fact[str] = NOT_ASKED
    """os-release ID: `ubuntu`, `debian`, `fedora`, `arch`."""
    distribution_version: Fact[str] = NOT_ASKED
    """os-release VERSION_ID: `24.04`."""
    kernel_release: Fact[str] = NOT_ASKED
    architecture: Fact[str] = NOT_ASKED
    """`x86_64`, `aarch64`."""
    glibc_version: Fact[str] = NOT_ASKED
    uptime_s: Fact[float] = NOT_ASKED
    suspended_s: Fact[float] = NOT_ASKED
    """Time asleep since boot: 0 if the machine was never suspended."""
    date: Fact[str] = NOT_ASKED
    """Of the machine's clock, UTC: `2026-11-23`."""
    secure_boot: Fact[bool] = NOT_ASKED
    """The firmware lets only signed code run; not applicable without UEFI."""
    container: Fact[str] = NOT_ASKED
    """`docker`, `podman`, `kubernetes`, `lxc`, …; not there outside a container."""
    cgroup_version: Fact[int] = NOT_ASKED
    container_engine: Fact[str] = NOT_ASKED
    """Path of the program that starts containers (docker, podman); not there without one."""
    container_toolkit: Fact[str] = NOT_ASKED
    """Path of NVIDIA's container toolkit, which gives containers their GPUs."""
    wsl_version: Fact[int] = NOT_ASKED
    windows_build: Fact[int] = NOT_ASKED
    """Of the Windows around WSL: 19045, 22631, …; the probe reads the hypervisor's, which Windows
    keeps over some of its yearly updates."""
    hypervisor: Fact[str] = NOT_ASKED
    over_ssh: Fact[bool] = NOT_ASKED
    terminal: Fact[str] = NOT_ASKED
    locale_encoding: Fact[str] = NOT_ASKED


class Memory(Part, frozen=True, kw_only=True):
    """Main memory, swap and /dev/shm."""

    total_bytes: Fact[int] = NOT_ASKED
    available_bytes: Fact[int] = NOT_ASKED
    limit_bytes: Fact[int] = NOT_ASKED
    """What the cgroup allows; not there without a limit."""
    swap_total_bytes: Fact[int] = NOT_ASKED
    swap_free_bytes: Fact[int] = NOT_ASKED
    shm_total_bytes: Fact[int] = NOT_ASKED
    shm_free_bytes: Fact[int] = NOT_ASKED


class Filesystem(msgspec.Struct, frozen=True, kw_only=True):
    """Where something rigcheck cares about lies, and the room there."""

    purpose: str
    """`environment`, `data` or `temporary files`."""
    path: str
    mount_point: str
    kind: str
    """`ext4`, `btrfs`, `overlay`, `nfs4`, …"""
    total_bytes: int
    free_bytes: int
    """Free to this user."""


class Storage(Part, frozen=True, kw_only=True):
    """Filesystems of the environment and of the data."""

    filesystems: Fact[tuple[Filesystem, ...]] = NOT_ASKED
