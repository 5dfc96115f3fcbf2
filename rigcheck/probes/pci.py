"""NVIDIA GPUs on the PCI bus, from sysfs: seen whether or not any driver is installed."""

from pathlib import Path

from rigcheck.facts import Absent, Fact, Found, Pci, PciGpu, Reason, value_of
from rigcheck.probes.hypervisor import read_wsl_version
from rigcheck.probes.nvswitch import read_nvswitches
from rigcheck.probes.pci_link import port_of, read_generation, read_width, without_port
from rigcheck.probes.pci_path import read_bridges, read_iommu_domain, read_iommu_group
from rigcheck.probes.probe import ProbeContext, read_text
from rigcheck.probes.reading import first_found, read_entries

_NVIDIA = "0x10de"
_DISPLAY_CLASS = "0x03"
"""Display controllers: 0x0300 VGA, 0x0302 3D. The card's sound and USB are other classes."""
_NAME_FILES = ("usr/share/misc/pci.ids", "usr/share/hwdata/pci.ids")


def read_pci(context: ProbeContext) -> Pci:
    """Reads /sys/bus/pci and, for names, pci.ids."""
    return Pci(nvidia_gpus=read_gpus(context.root), nvswitches=read_nvswitches(context.root))


def read_gpus(root: Path) -> Fact[tuple[PciGpu, ...]]:
    """The GPUs in the bus's order. An empty list means that the bus was seen and has none."""
    devices = read_entries(root / "sys/bus/pci/devices")
    if not isinstance(devices, Found):
        detail = "no PCI bus can be seen from here"
        return Absent(Reason.NOT_SUPPORTED, devices.source, detail)
    gpus = tuple(_read_gpu(root, path) for path in devices.value if _is_nvidia_gpu(path))
    return Found(gpus, devices.source) if gpus else _none_on_bus(root, devices.source)


def parse_name(pci_ids: str, vendor_id: str, device_id: str) -> str | None:
    """The device's name in pci.ids, whose lines are `10de  NVIDIA` and `<tab>1401  GM206 […]`."""
    ours = False
    for line in pci_ids.splitlines():
        if line.startswith("\t") and ours:
            if line.startswith(f"\t{device_id}  "):
                return line[len(f"\t{device_id}  ") :]
        elif line and not line.startswith(("\t", "#")):
            ours = line.startswith(f"{vendor_id}  ")
    return None


def _is_nvidia_gpu(path: Path) -> bool:
    device_class = value_of(read_text(path / "class")) or ""
    return value_of(read_text(path / "vendor")) == _NVIDIA and device_class.startswith(
        _DISPLAY_CLASS
    )


def _read_gpu(root: Path, path: Path) -> PciGpu:
    vendor_id = _NVIDIA.removeprefix("0x")
    device_id = (value_of(read_text(path / "device")) or "").removeprefix("0x")
    slot = port_of(path)
    return PciGpu(
        pci_bus_id=path.name.lower(),
        device_id=f"{vendor_id}:{device_id}",
        name=_read_name(root, vendor_id, device_id),
        kernel_driver=_read_driver(path / "driver"),
        link_generation_now=read_generation(path, "current"),
        link_width_now=read_width(path, "current"),
        card_generation_max=read_generation(path, "max"),
        card_width_max=read_width(path, "max"),
        slot_generation_max=without_port(read_generation(slot, "max")),
        slot_width_max=without_port(read_width(slot, "max")),
        iommu_group=read_iommu_group(path),
        iommu_domain=read_iommu_domain(path),
        bridges=read_bridges(path),
    )


def _read_driver(link: Path) -> Fact[str]:
    try:
        return Found(link.readlink().name, str(link))
    except OSError:
        return Absent(Reason.NOT_THERE, str(link), "no driver is bound")


def _read_name(root: Path, vendor_id: str, device_id: str) -> Fact[str]:
    ids = first_found(*(read_text(root / path) for path in _NAME_FILES))
    if not isinstance(ids, Found):
        return ids
    name = parse_name(ids.value, vendor_id, device_id)
    if name is None:
        return Absent(Reason.NOT_THERE, ids.source, f"{vendor_id}:{device_id} is not listed")
    return Found(name, ids.source)


def _none_on_bus(root: Path, source: str) -> Fact[tuple[PciGpu, ...]]:
    """None on the bus means none in the machine, except where GPUs come another way."""
    wsl = read_wsl_version(root)
    if isinstance(wsl, Found):
        detail = "under WSL a GPU is no PCI device"
        return Absent(Reason.NOT_SUPPORTED, wsl.source, detail)
    board = read_text(root / "proc/device-tree/compatible")
    if isinstance(board, Found) and "nvidia,tegra" in board.value:
        return Absent(Reason.NOT_SUPPORTED, board.source, "a Tegra's GPU is no PCI device")
    return Found((), source)
