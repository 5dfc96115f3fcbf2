"""What stands between two cards on the bus: bridges, their ACS, and the IOMMU, from sysfs.

Sources: PCI Express Base Specification, "Access Control Services Extended Capability"; the kernel's
Documentation/ABI/testing/sysfs-kernel-iommu_groups and include/uapi/linux/pci_regs.h.
"""

import re
import struct
from pathlib import Path

from rigcheck.facts import Absent, Fact, Failed, Found, PciBridge, Reason
from rigcheck.probes.probe import read_text
from rigcheck.probes.reading import parsed

_BUS_ID = re.compile(r"[0-9a-f]{4,}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]")
_FOR_ALL_BYTES = 64
"""Of the configuration space, what the kernel shows to those who are not root."""
_FIRST_CAPABILITY = 0x100
_SPACE_BYTES = 4096
_ACS = 0x000D
_CONTROL_AT = 6
_REDIRECTS = 0x4 | 0x8
"""P2P Request Redirect and P2P Completion Redirect."""


def read_bridges(device: Path) -> Fact[tuple[PciBridge, ...]]:
    """From the folders that the card's own lies in, each of which is a bridge."""
    path = device.resolve()
    above = [folder for folder in reversed(path.parents) if _BUS_ID.fullmatch(folder.name)]
    if not above:
        return Absent(Reason.NOT_THERE, str(device), "no bridge can be seen from here")
    bridges = (
        PciBridge(pci_bus_id=bridge.name, acs_redirects=read_acs_redirects(bridge))
        for bridge in above
    )
    return Found(tuple(bridges), str(path.parent))


def read_iommu_group(device: Path) -> Fact[str]:
    """`17`."""
    link = device / "iommu_group"
    try:
        return Found(link.readlink().name, str(link))
    except OSError:
        return Absent(Reason.NOT_THERE, str(link), "no IOMMU stands before it")


def read_iommu_domain(device: Path) -> Fact[str]:
    """`DMA`, `DMA-FQ`, `identity` or `blocked`; kernels before 4.19 do not tell."""
    group = read_iommu_group(device)
    if not isinstance(group, Found):
        return group
    kind = read_text(device / "iommu_group" / "type")
    if isinstance(kind, Absent) and kind.reason is Reason.NOT_THERE:
        return Absent(Reason.NOT_SUPPORTED, kind.source, "this kernel does not tell")
    return kind


def read_acs_redirects(bridge: Path) -> Fact[bool]:
    """From the bridge's configuration space, of which an ordinary user sees the first lines."""
    source = bridge / "config"
    try:
        space = source.read_bytes()
    except FileNotFoundError:
        return Absent(Reason.NOT_THERE, str(source))
    except OSError as error:
        return Failed(error.strerror or str(error), str(source))
    if len(space) <= _FOR_ALL_BYTES:
        detail = "sudo lspci -vvv | grep ACSCtl shows it"
        return Absent(Reason.NO_PERMISSION, str(source), detail)
    if len(space) < _SPACE_BYTES:
        return Absent(Reason.NOT_SUPPORTED, str(source), "no extended configuration space")
    return parsed(Found(space, str(source)), parse_acs_redirects)


def parse_acs_redirects(space: bytes) -> bool:
    """Whether its ACS redirects; a bridge without ACS does not.

    Raises:
        ValueError: if the bridge sleeps: then every byte reads as 0xff.
    """
    if space[:4] == b"\xff" * 4:
        raise ValueError("the bridge does not answer")
    at, seen = _FIRST_CAPABILITY, set[int]()
    while _FIRST_CAPABILITY <= at <= len(space) - _CONTROL_AT - 2 and at not in seen:
        seen.add(at)
        (header,) = struct.unpack_from("<I", space, at)
        if header & 0xFFFF == _ACS:
            (control,) = struct.unpack_from("<H", space, at + _CONTROL_AT)
            return bool(control & _REDIRECTS)
        at = header >> 20
    return False
