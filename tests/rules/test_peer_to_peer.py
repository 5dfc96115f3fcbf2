"""iommu-acs-blocks-p2p, on machines as those of NVIDIA/nccl#667 and pytorch/pytorch#1637."""

import msgspec
import pytest

from rigcheck.facts import Absent, Fact, GpuPair, Nvml, Pci, PciBridge, PciGpu, Reason, Rig
from rigcheck.findings import Verdict
from tests.rules.health_rigs import (
    NOT_SUPPORTED,
    desktop_4090,
    eight_h100,
    gb10,
    in_container,
    wsl_2,
)
from tests.rules.rigs import card, finding_of, found, gpu, host, not_there, nvml

P2P = "iommu-acs-blocks-p2p"
SHUT = Absent(Reason.NO_PERMISSION, "config", "sudo lspci -vvv | grep ACSCtl shows it")
NO_NVLINK: Fact[str] = found("not supported")
TRANSLATES: Fact[str] = found("DMA")


def behind(bus_id: str, *ports: tuple[str, Fact[bool]], domain: Fact[str], group: str) -> PciGpu:
    bridges = tuple(PciBridge(pci_bus_id=port, acs_redirects=fact) for port, fact in ports)
    return msgspec.structs.replace(
        card(bus_id, "GA102GL [RTX A6000]"),
        iommu_domain=domain,
        iommu_group=found(group) if domain != not_there() else not_there(),
        bridges=found(bridges),
    )


def on_a_switch(
    *, acs: Fact[bool], domain: Fact[str] = TRANSLATES, groups: tuple[str, str] = ("17", "18")
) -> tuple[PciGpu, PciGpu]:
    """Two cards on two ports of one PLX switch."""
    above: tuple[tuple[str, Fact[bool]], ...] = (("0000:40:01.1", acs), ("0000:41:00.0", acs))
    first, second = (
        behind(f"0000:{bus}:00.0", *above, (port, acs), domain=domain, group=group)
        for bus, port, group in (
            ("43", "0000:42:08.0", groups[0]),
            ("44", "0000:42:09.0", groups[1]),
        )
    )
    return first, second


def on_two_root_ports(*, acs: Fact[bool], domain: Fact[str]) -> tuple[PciGpu, PciGpu]:
    return (
        behind("0000:43:00.0", ("0000:40:01.1", acs), domain=domain, group="17"),
        behind("0000:44:00.0", ("0000:40:03.1", acs), domain=domain, group="18"),
    )


def pair(
    *, read: str = "ok", ancestor: str = "one PCIe switch", nvlink: Fact[str] = NO_NVLINK
) -> GpuPair:
    return GpuPair(
        first="GPU-0",
        second="GPU-1",
        common_ancestor=found(ancestor),
        p2p_read=found(read),
        p2p_write=found(read),
        p2p_nvlink=nvlink,
    )


def machine(cards: tuple[PciGpu, PciGpu], told: GpuPair, name: str = "NVIDIA RTX A6000") -> Rig:
    gpus = (gpu(i, name, "8.6", card.pci_bus_id) for i, card in enumerate(cards))
    driver: Nvml = msgspec.structs.replace(nvml(*gpus), gpu_pairs=found((told,)))
    return desktop_4090(pci=Pci(nvidia_gpus=found(cards), nvswitches=found(0)), nvml=driver)


def test_a_translating_iommu_and_acs_on_the_switch_are_warned_of() -> None:
    finding = finding_of(machine(on_a_switch(acs=found(True)), pair()), P2P)
    assert finding.verdict is Verdict.WARN
    assert finding.headline.startswith("the IOMMU stands between GPU 0 and GPU 1")
    (line,) = finding.evidence
    assert "one PCIe switch" in line.text
    assert "ACS of 0000:42:08.0 redirects: yes" in line.text
    assert "IOMMU: DMA" in line.text
    assert finding.remedy is not None
    assert "VT-d" in finding.remedy.text
    assert "ACS" in finding.remedy.text
    assert "iommu=pt" in " ".join(finding.remedy.commands)


def test_an_ordinary_user_is_told_by_the_kernels_groups() -> None:
    apart = machine(on_a_switch(acs=SHUT), pair())
    assert finding_of(apart, P2P).verdict is Verdict.WARN
    together = machine(on_a_switch(acs=SHUT, groups=("17", "17")), pair())
    assert finding_of(together, P2P).verdict is Verdict.PASS


def test_acs_that_is_off_lets_the_switch_send_it_straight_across() -> None:
    """As after setpci at every start: the groups are still those of the boot."""
    assert finding_of(machine(on_a_switch(acs=found(False)), pair()), P2P).verdict is Verdict.PASS


@pytest.mark.parametrize("domain", [found("identity"), not_there()])
def test_an_iommu_that_lets_through_or_is_not_there_passes(domain: Fact[str]) -> None:
    rig = machine(on_a_switch(acs=found(True), domain=domain), pair())
    assert finding_of(rig, P2P).verdict is Verdict.PASS


def test_two_slots_of_the_processor_lead_through_its_iommu() -> None:
    cards = on_two_root_ports(acs=found(True), domain=found("DMA-FQ"))
    assert finding_of(machine(cards, pair(ancestor="host bridge")), P2P).verdict is Verdict.WARN


def test_an_iommu_of_which_the_kernel_does_not_tell_is_unknown() -> None:
    old = Absent(Reason.NOT_SUPPORTED, "type", "this kernel does not tell")
    finding = finding_of(machine(on_a_switch(acs=found(True), domain=old), pair()), P2P)
    assert finding.verdict is Verdict.UNKNOWN
    assert finding.remedy is not None
    assert finding.remedy.commands


def test_cards_that_reach_one_another_another_way_or_not_at_all_pass() -> None:
    cards = on_a_switch(acs=found(True))
    linked = machine(cards, pair(nvlink=found("ok")))
    unable = machine(cards, pair(read="GPU not supported"))
    desktop = machine(cards, pair(read="chipset not supported"), "NVIDIA GeForce RTX 4090")
    for rig in (linked, unable, desktop):
        assert finding_of(rig, P2P).verdict is Verdict.PASS


def test_a_workstation_card_whose_board_is_said_to_prevent_it_is_warned_of() -> None:
    rig = machine(on_a_switch(acs=found(True)), pair(read="chipset not supported"))
    assert finding_of(rig, P2P).verdict is Verdict.WARN


def test_one_gpu_guests_and_other_architectures_are_not_judged() -> None:
    cards = on_a_switch(acs=found(True))
    guest = msgspec.structs.replace(machine(cards, pair()), host=host(hypervisor=found("KVM")))
    arm = msgspec.structs.replace(machine(cards, pair()), host=host(architecture=found("aarch64")))
    for rig in (desktop_4090(), gb10(), wsl_2(), guest, arm):
        assert finding_of(rig, P2P).verdict is Verdict.SKIP


def test_a_container_is_told_to_mend_its_host() -> None:
    rig = msgspec.structs.replace(
        machine(on_a_switch(acs=found(True)), pair()), host=in_container()
    )
    remedy = finding_of(rig, P2P).remedy
    assert remedy is not None
    assert remedy.text.startswith("On the host: ")


def test_many_pairs_are_told_in_few_lines() -> None:
    bus_ids = [f"0000:{number:02x}:00.0" for number in range(0x43, 0x47)]
    cards = tuple(
        behind(bus, (f"0000:42:0{at}.0", found(True)), domain=found("DMA"), group=str(at))
        for at, bus in enumerate(bus_ids)
    )
    told = tuple(
        msgspec.structs.replace(pair(), first=f"GPU-{one}", second=f"GPU-{other}")
        for one in range(4)
        for other in range(one + 1, 4)
    )
    gpus = (gpu(i, "NVIDIA RTX A6000", "8.6", bus) for i, bus in enumerate(bus_ids))
    driver = msgspec.structs.replace(nvml(*gpus), gpu_pairs=found(told))
    rig = desktop_4090(pci=Pci(nvidia_gpus=found(cards), nvswitches=found(0)), nvml=driver)
    finding = finding_of(rig, P2P)
    assert "4 GPUs (6 pairs)" in finding.headline
    assert len(finding.evidence) == 5


def test_gpus_of_which_no_pair_is_told_are_not_judged() -> None:
    """As in a report of an older rigcheck."""
    rig = eight_h100()
    untold = msgspec.structs.replace(rig.nvml, gpu_pairs=NOT_SUPPORTED)
    assert finding_of(msgspec.structs.replace(rig, nvml=untold), P2P).verdict is Verdict.SKIP
