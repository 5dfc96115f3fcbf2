"""Bridges, their ACS and the IOMMU before a card, in sysfs."""

import struct
from pathlib import Path

import pytest

from rigcheck.facts import Absent, Fact, Failed, Found, PciGpu, Reason, value_of
from rigcheck.probes.pci import read_gpus
from rigcheck.probes.pci_path import parse_acs_redirects
from tests.probes.trees import write_link, write_tree

ROOT_PORT = "sys/devices/pci0000:40/0000:40:01.1"
SWITCH = f"{ROOT_PORT}/0000:41:00.0"
PORT = f"{SWITCH}/0000:42:08.0"
CARD = f"{PORT}/0000:43:00.0"
# Advanced Error Reporting, then Access Control Services, as they lie in a PLX switch's port.
AER, ACS = 0x0001, 0x000D


def space(*, control: int | None, size: int = 4096) -> bytes:
    """A configuration space; `control` is that of its ACS, None for a bridge without."""
    memory = bytearray(size)
    struct.pack_into("<HH", memory, 0, 0x10B5, 0x8796)
    if size > 0x100:
        following = 0 if control is None else 0x148
        struct.pack_into("<I", memory, 0x100, AER | 1 << 16 | following << 20)
        if control is not None:
            struct.pack_into("<IHH", memory, 0x148, ACS | 1 << 16, 0x5F, control)
    return bytes(memory)


def card(root: Path, spaces: dict[str, bytes], group: str | None = "17", **files: str) -> PciGpu:
    known = {f"{CARD}/vendor": "0x10de", f"{CARD}/device": "0x2231", f"{CARD}/class": "0x030000"}
    write_tree(root, known | files)
    for bridge, content in spaces.items():
        (root / bridge / "config").write_bytes(content)
    write_link(
        root, "sys/bus/pci/devices/0000:43:00.0", "../../../devices/" + CARD[len("sys/devices/") :]
    )
    if group is not None:
        write_tree(root, {f"sys/kernel/iommu_groups/{group}/type": "DMA-FQ\n"})
        write_link(root, f"{CARD}/iommu_group", str(root / f"sys/kernel/iommu_groups/{group}"))
    gpus = read_gpus(root)
    assert isinstance(gpus, Found)
    return gpus.value[0]


def redirects(gpu: PciGpu) -> dict[str, Fact[bool]]:
    return {bridge.pci_bus_id: bridge.acs_redirects for bridge in value_of(gpu.bridges) or ()}


def test_the_bridges_stand_from_the_root_port_down_each_with_its_acs(tmp_path: Path) -> None:
    gpu = card(
        tmp_path,
        {ROOT_PORT: space(control=0), SWITCH: space(control=None), PORT: space(control=0x1D)},
    )
    told = {bus_id: value_of(fact) for bus_id, fact in redirects(gpu).items()}
    assert told == {"0000:40:01.1": False, "0000:41:00.0": False, "0000:42:08.0": True}
    assert list(told) == ["0000:40:01.1", "0000:41:00.0", "0000:42:08.0"]


def test_what_only_root_may_read_is_not_off(tmp_path: Path) -> None:
    gpu = card(tmp_path, {PORT: space(control=0x1D, size=64)})
    fact = redirects(gpu)["0000:42:08.0"]
    assert isinstance(fact, Absent)
    assert fact.reason is Reason.NO_PERMISSION
    assert "lspci" in fact.detail


def test_a_bridge_of_old_pci_has_no_space_for_acs(tmp_path: Path) -> None:
    fact = redirects(card(tmp_path, {PORT: space(control=None, size=256)}))["0000:42:08.0"]
    assert isinstance(fact, Absent)
    assert fact.reason is Reason.NOT_SUPPORTED


def test_a_bridge_that_sleeps_is_not_called_off(tmp_path: Path) -> None:
    fact = redirects(card(tmp_path, {PORT: b"\xff" * 4096}))["0000:42:08.0"]
    assert isinstance(fact, Failed)


@pytest.mark.parametrize(
    ("control", "is_on"), [(0x00, False), (0x01, False), (0x04, True), (0x08, True), (0x1D, True)]
)
def test_only_redirection_counts_and_not_the_check_of_the_source(
    control: int, *, is_on: bool
) -> None:
    assert parse_acs_redirects(space(control=control)) is is_on


def test_a_chain_of_capabilities_that_goes_in_a_circle_ends() -> None:
    memory = bytearray(space(control=None))
    struct.pack_into("<I", memory, 0x100, AER | 1 << 16 | 0x100 << 20)
    assert parse_acs_redirects(bytes(memory)) is False


def test_the_iommus_group_and_what_it_does_are_told(tmp_path: Path) -> None:
    gpu = card(tmp_path, {})
    assert (value_of(gpu.iommu_group), value_of(gpu.iommu_domain)) == ("17", "DMA-FQ")


def test_without_an_iommu_there_is_no_group(tmp_path: Path) -> None:
    gpu = card(tmp_path, {}, group=None)
    for fact in (gpu.iommu_group, gpu.iommu_domain):
        assert isinstance(fact, Absent)
        assert fact.reason is Reason.NOT_THERE


def test_an_old_kernel_that_does_not_tell_is_not_one_without_an_iommu(tmp_path: Path) -> None:
    write_tree(tmp_path, {f"{CARD}/vendor": "0x10de"})
    write_tree(tmp_path, {"sys/kernel/iommu_groups/17/reserved_regions": ""})
    write_link(tmp_path, f"{CARD}/iommu_group", str(tmp_path / "sys/kernel/iommu_groups/17"))
    domain = card(tmp_path, {}, group=None).iommu_domain
    assert isinstance(domain, Absent)
    assert domain.reason is Reason.NOT_SUPPORTED
