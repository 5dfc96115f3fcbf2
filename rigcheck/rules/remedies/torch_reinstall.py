"""Mending the torch that is installed: its own set of libraries, and the torchvision it goes with.

The variant stays (`+cpu`, `+cu126`, or PyPI's): what was chosen before is no fault.
"""

import msgspec

from rigcheck import versions
from rigcheck.facts import Rig, value_of
from rigcheck.findings import Remedy
from rigcheck.knowledge import torch_wheels
from rigcheck.rules.remedies.python_packages import Installer, installer_for, verify_with
from rigcheck.rules.remedies.torch_install import install_fitting_torch


class _Hint(msgspec.Struct, frozen=True):
    """What an error's words say about its cause."""

    words: tuple[str, ...]
    text: str
    commands: tuple[str, ...] = ()


_HINTS = (
    _Hint(
        ("nvJitLink", "undefined symbol: nv", "undefined symbol: cu", "undefined symbol: __nv"),
        "A CUDA library from elsewhere is found before the wheel's own: take CUDA's folders out of "
        "LD_LIBRARY_PATH",
        ("unset LD_LIBRARY_PATH",),
    ),
    _Hint(
        ("failed to map segment", "No space left on device"),
        "There was no memory or no disk left to load its libraries: make room",
    ),
    _Hint(
        ("died of SIGILL",),
        "This CPU lacks an instruction that this build uses: on another machine, or in a virtual "
        "machine given the host's CPU type, it runs",
    ),
    _Hint(
        ("died of SIGKILL",),
        "Something ended it from outside; the kernel does when memory runs out",
        ("journalctl -k -b | grep -i 'out of memory'",),
    ),
    _Hint(
        ("no answer within",),
        "It hangs: a slow network disk, or a driver that does not answer",
        ("nvidia-smi",),
    ),
)


def reinstall_torch(rig: Rig, installed: str, reason: str) -> Remedy:
    """For a torch that is installed and cannot be imported for this reason."""
    if "GLIBC_" in reason and "not found" in reason:
        return install_fitting_torch(rig)
    hint = next((h for h in _HINTS if any(word in reason for word in h.words)), None)
    installer = installer_for(rig)
    if hint is not None:
        return Remedy(text=hint.text, commands=hint.commands, verify=verify_with(installer))
    note = f". {installer.note}" if installer.note else ""
    return Remedy(
        text="Install the same pair again, with all it needs: files of it are missing or belong to "
        f"other versions{note}",
        commands=_pair_commands(installer, installed, ("torch", "torchvision")),
        verify=verify_with(installer),
    )


def install_matching_torchvision(rig: Rig, torch: str) -> Remedy:
    """The torchvision of this torch, both from one index in one command."""
    installer = installer_for(rig)
    note = f". {installer.note}" if installer.note else ""
    torchvision = value_of(rig.torch.torchvision_installed_version) or ""
    pair = torchvision_for(torch)
    known = f"torchvision {pair} goes with torch {torch}" if pair else f"torch is {torch}"
    stale = ("torchvision",) if torchvision else ()
    return Remedy(
        text=f"Install the pair from one index in one command: {known}{note}",
        commands=_pair_commands(installer, torch, stale),
        verify=verify_with(installer),
    )


def torchvision_for(torch: str) -> str | None:
    """`0.29.1`, or `0.29.*` where pip is to pick the one that this very torch is pinned by."""
    release = torch_wheels.release_of(torch)
    if release is None:
        return None
    if torch.split("+", maxsplit=1)[0] == release.latest:
        return release.torchvision
    return f"{versions.minor(release.torchvision)}.*"


def _pair_commands(installer: Installer, torch: str, stale: tuple[str, ...]) -> tuple[str, ...]:
    public = torch.split("+", maxsplit=1)[0]
    pair = torchvision_for(torch)
    install = installer.install(
        (f"torch=={public}", f"torchvision=={pair}" if pair else "torchvision"),
        _index_of(torch),
    )
    # To pip, torchvision of another index is the same if its public version is.
    remove = (installer.uninstall(stale),) if stale and not installer.prepare else ()
    return (*installer.prepare, *remove, install)


def _index_of(torch: str) -> str:
    """The index a version came from, by its local part: `2.14.1+cu126` → …/whl/cu126."""
    local = torch.partition("+")[2]
    is_variant = local == "cpu" or (local.startswith("cu") and local[2:].isdigit())
    release = torch_wheels.release_of(torch)
    if not is_variant or (release is not None and local == release.pypi_variant):
        return ""
    return f"{torch_wheels.INDEX_ROOT}/{local}"
