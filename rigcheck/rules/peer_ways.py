"""How what one GPU writes reaches another: straight, by NVLink, or past the IOMMU."""

import enum
from collections.abc import Iterator

import msgspec

from rigcheck.facts import (
    Fact,
    Found,
    Gpu,
    GpuPair,
    PciBridge,
    PciGpu,
    Rig,
    is_known_absent,
    value_of,
)
from rigcheck.rules.each_gpu import answering, name_of

_OK = "ok"
_CHIPSET = "chipset not supported"
_TRANSLATES = "DMA"


class Way(enum.Enum):
    """Of a pair of GPUs."""

    NONE = "the driver offers no direct way between them"
    NVLINK = "NVLink"
    UNTRANSLATED = "PCIe, and the IOMMU translates nothing"
    STRAIGHT = "PCIe, straight across their switch"
    THROUGH_IOMMU = "PCIe, through the IOMMU"
    UNKNOWN = "PCIe, and what the IOMMU does is not told"


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """Two GPUs, as the driver and as the bus show them."""

    told: GpuPair
    gpus: tuple[Gpu, Gpu]
    cards: tuple[PciGpu, PciGpu]

    @property
    def text(self) -> str:
        """`GPU 0 and GPU 1`."""
        return " and ".join(f"GPU {gpu.index}" for gpu in self.gpus)

    @property
    def way(self) -> Way:
        """As far as it is known."""
        if value_of(self.told.p2p_nvlink) == _OK:
            return Way.NVLINK
        if not _may_reach(self):
            return Way.NONE
        domains = [card.iommu_domain for card in self.cards]
        if not any(map(_is_translated, domains)):
            return Way.UNTRANSLATED if all(map(_is_told, domains)) else Way.UNKNOWN
        return Way.STRAIGHT if _is_straight(self.cards) else Way.THROUGH_IOMMU


def pairs_of(rig: Rig) -> Iterator[Pair]:
    """Those of which the driver tells how they reach one another and the bus where they are."""
    gpus = {key: gpu for gpu in answering(rig) for key in _identities(gpu)}
    cards = {card.pci_bus_id: card for card in value_of(rig.pci.nvidia_gpus) or ()}
    for told in value_of(rig.nvml.gpu_pairs) or ():
        first, second = gpus.get(told.first), gpus.get(told.second)
        if first is None or second is None:
            continue
        one, other = (cards.get(value_of(gpu.pci_bus_id) or "") for gpu in (first, second))
        if one is not None and other is not None:
            yield Pair(told=told, gpus=(first, second), cards=(one, other))


def turning_ports(cards: tuple[PciGpu, PciGpu]) -> tuple[PciBridge, ...]:
    """The two ports between which the way turns: below the last bridge that both hang on.

    None where they hang on different parts of the processor, or it is not told.
    """
    first, second = map(_bridges, cards)
    while first and second and first[0].pci_bus_id == second[0].pci_bus_id:
        first, second = first[1:], second[1:]
    if not first or not second or _bus_of(first[0]) != _bus_of(second[0]):
        return ()
    return (first[0], second[0])


def _bridges(card: PciGpu) -> tuple[PciBridge, ...]:
    return value_of(card.bridges) or ()


def _may_reach(pair: Pair) -> bool:
    """The driver offers it, or says that the board is what prevents it.

    Of GeForce cards without NVLink it says so on every board.
    """
    status = value_of(pair.told.p2p_read)
    is_geforce = any("GeForce" in name_of(gpu) for gpu in pair.gpus)
    return status == _OK or (status == _CHIPSET and not is_geforce)


def _is_straight(cards: tuple[PciGpu, PciGpu]) -> bool:
    """Without ACS a switch sends it across; the kernel then puts both cards into one group."""
    redirects = [value_of(port.acs_redirects) for port in turning_ports(cards)]
    if redirects and None not in redirects:
        return not any(redirects)
    groups = {value_of(card.iommu_group) for card in cards}
    return len(groups) == 1 and None not in groups


def _is_translated(domain: Fact[str]) -> bool:
    return (value_of(domain) or "").startswith(_TRANSLATES)


def _is_told(domain: Fact[str]) -> bool:
    return isinstance(domain, Found) or is_known_absent(domain)


def _identities(gpu: Gpu) -> Iterator[str]:
    yield from filter(None, (value_of(gpu.uuid), value_of(gpu.pci_bus_id)))


def _bus_of(bridge: PciBridge) -> str:
    """`0000:00` of `0000:00:01.0`."""
    return bridge.pci_bus_id.rpartition(":")[0]
