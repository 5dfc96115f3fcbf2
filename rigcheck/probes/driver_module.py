"""The NVIDIA kernel module on disk: the one that the running kernel would load."""

import re
from pathlib import Path

from rigcheck.facts import Absent, Fact, Found, Reason
from rigcheck.probes.probe import read_text
from rigcheck.probes.reading import ask_tool, parsed

TIME_LIMIT_S = 10.0
"""modinfo unpacks the whole module, some 100 MB, where it is stored compressed."""

# The second is NixOS's.
_PLACES = ("lib/modules", "run/booted-system/kernel-modules/lib/modules")
# Debian calls it nvidia-current.ko, nvidia-tesla-470.ko and the like. Beside it lie nvidia-drm.ko,
# nvidia-modeset.ko, nvidia-uvm.ko and nvidia-peermem.ko, and nvidia-wmi-ec-backlight.ko of Linux.
_MODULE = re.compile(
    r"^(\S*/nvidia(?:-(?:current|tesla|legacy)[\w-]*)?(?<!-drm)(?<!-uvm)(?<!-modeset)(?<!-peermem)"
    r"\.ko(?:\.\w+)?):",
    re.MULTILINE,
)


def read_on_disk_version(root: Path) -> Fact[str]:
    """Its version; not there where the running kernel has no such module to load."""
    release = read_text(root / "proc/sys/kernel/osrelease")
    if not isinstance(release, Found):
        return release
    there = next((root / place for place in _PLACES if (root / place).is_dir()), None)
    if there is None:
        detail = "the kernel's modules cannot be seen from here"
        return Absent(Reason.NOT_SUPPORTED, str(root / _PLACES[0]), detail)
    return _read_version(there / release.value)


def find_module(modules_dep: str) -> str | None:
    """Its path in modules.dep, `updates/dkms/nvidia.ko.zst: …`, relative to that file."""
    match = _MODULE.search(modules_dep)
    return match[1] if match else None


def _read_version(directory: Path) -> Fact[str]:
    index = read_text(directory / "modules.dep")
    if not isinstance(index, Found):
        # As after a kernel update that took the running kernel's modules away.
        return index
    path = find_module(index.value)
    if path is None:
        return Absent(Reason.NOT_THERE, index.source, "no nvidia module for the running kernel")
    version = ask_tool("modinfo", "-F", "version", str(directory / path), timeout_s=TIME_LIMIT_S)
    return parsed(version, _parse_version)


def _parse_version(text: str) -> str:
    version = text.strip()
    if not version:
        raise ValueError("the module names no version")
    return version
