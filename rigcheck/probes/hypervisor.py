"""Whether the machine is a virtual one: WSL 1 or 2, or a hypervisor's guest."""

from pathlib import Path

from rigcheck.facts import Absent, Fact, Found, Reason, value_of
from rigcheck.probes.cpuinfo import parse_blocks
from rigcheck.probes.probe import read_text
from rigcheck.probes.reading import parsed

_DMI = Path("sys/class/dmi/id")
_CLOCKS = Path("sys/devices/system/clocksource/clocksource0/available_clocksource")
# A paravirtual clock is offered by one hypervisor only.
_CLOCK_NAMES = (("kvm-clock", "KVM"), ("hyperv", "Hyper-V"), ("xen", "Xen"))
_UNNAMED = "unnamed hypervisor"
_VIRTUAL_BOARDS = ("QEMU", "VMware", "Virtual", "Xen", "Parallels", "OpenStack")
_CLOUDS = ("Amazon EC2", "Google", "Alibaba Cloud")
"""Clouds name themselves as vendor of virtual and of real machines; the latter are `….metal`."""


def read_wsl_version(root: Path) -> Fact[int]:
    """1 or 2; not there outside the Windows Subsystem for Linux."""
    release = read_text(root / "proc/sys/kernel/osrelease")
    if not isinstance(release, Found):
        return release
    version = parse_wsl_version(release.value)
    if version is None and (root / "run/WSL").is_dir():
        return Found(2, str(root / "run/WSL"))  # a kernel somebody built for it
    if version is None:
        return Absent(Reason.NOT_THERE, release.source)
    return Found(version, release.source)


def parse_wsl_version(kernel_release: str) -> int | None:
    """`5.15.167.4-microsoft-standard-WSL2` → 2, `4.4.0-19041-Microsoft` → 1, others → None."""
    release = kernel_release.lower()
    if "microsoft-standard" in release or "wsl2" in release:
        return 2
    return 1 if release.endswith("-microsoft") else None


def read_hypervisor(root: Path) -> Fact[str]:
    """The hypervisor, as firmware or clock name it; not there on a real machine."""
    xen = read_text(root / "sys/hypervisor/type")
    if isinstance(xen, Found):
        return xen
    blocks = parsed(read_text(root / "proc/cpuinfo"), parse_blocks)
    if isinstance(blocks, Found) and "flags" in blocks.value[0]:
        flag_source = f"{blocks.source}: flag hypervisor"
        if "hypervisor" not in blocks.value[0]["flags"].split():
            return Absent(Reason.NOT_THERE, flag_source)
        return _read_name(root, flag_source)
    return _read_without_flag(root)


def looks_virtual(board: str) -> bool:
    """From vendor and product of the firmware, where the processor has no flag to tell it."""
    if any(name in board for name in _CLOUDS):
        return "metal" not in board
    return any(name in board for name in _VIRTUAL_BOARDS)


def _read_name(root: Path, flag_source: str) -> Fact[str]:
    board = _read_board(root)
    if isinstance(board, Found):
        return board
    clocks = read_text(root / _CLOCKS)
    for clock, name in _CLOCK_NAMES:
        if isinstance(clocks, Found) and clock in clocks.value:
            return Found(name, clocks.source)
    return Found(_UNNAMED, flag_source)


def _read_without_flag(root: Path) -> Fact[str]:
    """Only x86 has a processor flag; elsewhere firmware or device tree must tell."""
    compatible = read_text(root / "proc/device-tree/compatible")
    if isinstance(compatible, Found) and "linux,dummy-virt" in compatible.value:
        return Found("QEMU", compatible.source)
    board = _read_board(root)
    if isinstance(board, Found) and looks_virtual(board.value):
        return board
    if isinstance(board, Found) or isinstance(compatible, Found):
        return Absent(Reason.NOT_THERE, f"{board.source}, {compatible.source}")
    return Absent(Reason.NOT_SUPPORTED, board.source, "neither firmware nor device tree to ask")


def _read_board(root: Path) -> Fact[str]:
    """Vendor and product: `QEMU Standard PC (Q35 + ICH9, 2009)`."""
    names = [value_of(read_text(root / _DMI / name)) for name in ("sys_vendor", "product_name")]
    board = " ".join(name for name in names if name)
    source = str(root / _DMI)
    return Found(board, source) if board else Absent(Reason.NOT_THERE, source)
