"""From sysfs and the driver to the finding: two cards on one switch behind a translating IOMMU."""

import struct
from pathlib import Path

from rigcheck.check import check
from rigcheck.check_events import CheckFinished
from rigcheck.findings import Finding, Verdict
from rigcheck.probes.probe import ProbeContext
from tests.nvml.fake import PlugInNvml
from tests.probes.trees import write_link, write_tree

SWITCH = "sys/devices/pci0000:40/0000:40:01.1/0000:41:00.0"
CARDS = {"0000:43:00.0": ("0000:42:08.0", "17"), "0000:44:00.0": ("0000:42:09.0", "18")}
ACS_ON = 0x1D


def machine(root: Path, *, domain: str, acs: int) -> Path:
    """Bare metal without a driver's files, as far as /sys and /proc show it."""
    write_tree(root, {"proc/cpuinfo": "processor\t: 0\nflags\t\t: fpu sse2 avx2\n"})
    write_tree(root, {"proc/sys/kernel/osrelease": "6.8.0-88-generic\n"})
    for card, (port, group) in CARDS.items():
        device = f"{SWITCH}/{port}/{card}"
        write_tree(
            root,
            {
                f"{device}/vendor": "0x10de",
                f"{device}/device": "0x2230",
                f"{device}/class": "0x030000",
                f"sys/kernel/iommu_groups/{group}/type": f"{domain}\n",
            },
        )
        (root / SWITCH / port / "config").write_bytes(with_acs(acs))
        write_link(root, f"{device}/iommu_group", str(root / f"sys/kernel/iommu_groups/{group}"))
        write_link(root, f"sys/bus/pci/devices/{card}", str(root / device))
    return root


def with_acs(control: int) -> bytes:
    space = bytearray(4096)
    struct.pack_into("<HH", space, 0, 0x10B5, 0x8796)
    struct.pack_into("<IHH", space, 0x100, 0x000D | 1 << 16, 0x5F, control)
    return bytes(space)


def finding(root: Path) -> Finding:
    context = ProbeContext(python="python3", data_dir=root, root=root)
    *_, last = check(context, parts=frozenset({"host", "pci", "nvml"}))
    assert isinstance(last, CheckFinished)
    (found,) = (f for f in last.findings if f.id == "iommu-acs-blocks-p2p")
    return found


def test_a_translating_iommu_between_two_cards_is_found(
    plug_in_nvml: PlugInNvml, tmp_path: Path
) -> None:
    plug_in_nvml("two-a6000")
    found = finding(machine(tmp_path, domain="DMA-FQ", acs=ACS_ON))
    assert found.verdict is Verdict.WARN
    assert "GPU 0 and GPU 1" in found.headline
    assert "one PCIe switch" in found.evidence[0].text


def test_with_iommu_pt_nothing_stands_between_them(
    plug_in_nvml: PlugInNvml, tmp_path: Path
) -> None:
    plug_in_nvml("two-a6000")
    found = finding(machine(tmp_path, domain="identity", acs=ACS_ON))
    assert found.verdict is Verdict.PASS


def test_with_acs_off_the_switch_sends_it_straight_across(
    plug_in_nvml: PlugInNvml, tmp_path: Path
) -> None:
    plug_in_nvml("two-a6000")
    assert finding(machine(tmp_path, domain="DMA-FQ", acs=0)).verdict is Verdict.PASS
