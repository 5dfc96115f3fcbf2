"""NVSwitches, through which the GPUs of HGX and DGX boards talk, and their service."""

from pathlib import Path

from rigcheck.facts import Absent, Fact, Found, Reason, value_of
from rigcheck.probes.probe import read_text
from rigcheck.probes.reading import read_entries

_NVIDIA = "0x10de"
_BRIDGE_CLASS = "0x0680"
"""Bridges of no other kind. Since Blackwell the switches are no PCI devices of the host."""
_FABRIC_MANAGER = "nv-fabricmanage"
"""`nv-fabricmanager`, of which the kernel keeps 15 letters."""


def read_nvswitches(root: Path) -> Fact[int]:
    """How many the PCI bus shows."""
    devices = read_entries(root / "sys/bus/pci/devices")
    if not isinstance(devices, Found):
        return Absent(Reason.NOT_SUPPORTED, devices.source, "no PCI bus can be seen from here")
    return Found(sum(map(_is_nvswitch, devices.value)), devices.source)


def read_fabric_manager_running(root: Path) -> Fact[bool]:
    """From the names of the processes there are: a container sees only its own."""
    processes = read_entries(root / "proc")
    if not isinstance(processes, Found):
        return processes
    numbered = (path for path in processes.value if path.name.isdigit())
    names = (value_of(read_text(path / "comm")) for path in numbered)
    return Found(_FABRIC_MANAGER in names, f"{processes.source}/*/comm")


def _is_nvswitch(path: Path) -> bool:
    device_class = value_of(read_text(path / "class")) or ""
    return (
        device_class.startswith(_BRIDGE_CLASS) and value_of(read_text(path / "vendor")) == _NVIDIA
    )
