"""Where a rig runs, as far as it changes what its facts mean and who can mend it."""

import enum

from rigcheck.facts import Found, Rig, value_of


class Place(enum.Enum):
    """Who owns the driver, and how it is reached from here."""

    HOST = "host"
    CONTAINER = "container"
    WSL = "wsl"
    """The driver is Windows' own; GPUs are not on the PCI bus."""
    JETSON = "jetson"
    """The driver comes with JetPack; the GPU is no PCI device."""


def place_of(rig: Rig) -> Place:
    """The place; a machine of which nothing is known counts as a host."""
    if isinstance(rig.host.wsl_version, Found):
        return Place.WSL
    if "tegra" in (value_of(rig.host.kernel_release) or "") or _names_jetson(rig):
        return Place.JETSON
    return Place.CONTAINER if isinstance(rig.host.container, Found) else Place.HOST


def _names_jetson(rig: Rig) -> bool:
    """A pasted report may tell the board and not its kernel."""
    names = (value_of(gpu.name) or "" for gpu in value_of(rig.nvml.gpus) or ())
    return any("Jetson" in name or "nvgpu" in name for name in names)


def platform_of(rig: Rig) -> str:
    """`x86_64` or `aarch64`, as wheels are named; x86_64 where the machine does not tell."""
    machine = (value_of(rig.host.architecture) or "x86_64").lower()
    return {"amd64": "x86_64", "arm64": "aarch64"}.get(machine, machine)
