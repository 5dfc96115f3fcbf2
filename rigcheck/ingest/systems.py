"""Operating systems by the names that people and tools give them."""

import re
from typing import Any

from rigcheck.facts import Found, Host

_IDS = (
    ("ubuntu", "ubuntu"),
    ("debian", "debian"),
    ("fedora", "fedora"),
    ("centos", "centos"),
    ("red hat enterprise", "rhel"),
    ("rocky", "rocky"),
    ("almalinux", "almalinux"),
    ("arch linux", "arch"),
    ("manjaro", "manjaro"),
    ("endeavouros", "endeavouros"),
    ("cachyos", "cachyos"),
    ("opensuse tumbleweed", "opensuse-tumbleweed"),
    ("opensuse", "opensuse-leap"),
    ("linux mint", "linuxmint"),
    ("pop!_os", "pop"),
    ("zorin", "zorin"),
    ("elementary", "elementary"),
    ("amazon linux", "amzn"),
    ("oracle linux", "ol"),
    ("nixos", "nixos"),
    ("gentoo", "gentoo"),
    ("alpine", "alpine"),
)
_VERSION = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")
_MACHINE = re.compile(r"\b(x86_64|amd64|aarch64|arm64|ppc64le)\b")


def host_of_name(told: Found[str]) -> Host:
    """`Ubuntu 22.04.5 LTS (x86_64)`, `Microsoft Windows 10 Pro`, `Mac OSX 10.15`, `linux`."""
    name = told.value.lower()
    machine = _MACHINE.search(name)
    architecture: dict[str, Any] = (
        {"architecture": Found(machine[1], told.source)} if machine else {}
    )
    if "windows" in name:
        return Host(
            system=Found("Windows", told.source),
            distribution=Found(told.value, told.source),
            **architecture,
        )
    if name.startswith("mac"):
        return Host(
            system=Found("Darwin", told.source),
            distribution=Found(told.value, told.source),
            **architecture,
        )
    return _linux(told, name, architecture)


def host_of_platform(told: Found[str]) -> Host:
    """`Linux-5.15.0-101-generic-x86_64-with-glibc2.35`, as Python's `platform.platform()`."""
    parts = re.match(r"(Linux|Windows|macOS|Darwin)-(\S+?)(?:-with-\S+)?$", told.value)
    if parts is None:
        return Host()
    system = {"macOS": "Darwin"}.get(parts[1], parts[1])
    if system != "Linux":
        return Host(system=Found(system, told.source))
    release, _, machine = parts[2].rpartition("-")
    return host_of_kernel(release or machine, machine, told.source)


def host_of_kernel(release: str, machine: str, source: str) -> Host:
    """A Linux kernel's release and the machine it is for."""
    wsl = re.search(r"microsoft(?:-standard-WSL(2))?", release, re.IGNORECASE)
    known: dict[str, Any] = {}
    if _MACHINE.fullmatch(machine):
        known["architecture"] = Found(machine, source)
    if wsl:
        known["wsl_version"] = Found(2 if wsl[1] or "microsoft-standard" in release else 1, source)
    return Host(system=Found("Linux", source), kernel_release=Found(release, source), **known)


def _linux(told: Found[str], name: str, architecture: dict[str, Any]) -> Host:
    id_ = next((id_ for words, id_ in _IDS if words in name), None)
    if id_ is None:
        system: dict[str, Any] = {"system": Found("Linux", told.source)} if "linux" in name else {}
        return Host(**system, **architecture)
    version = _VERSION.search(told.value)
    known: dict[str, Any] = (
        {"distribution_version": Found(version.group(), told.source)} if version else {}
    )
    return Host(
        system=Found("Linux", told.source),
        distribution=Found(told.value, told.source),
        distribution_id=Found(id_, told.source),
        **known,
        **architecture,
    )
