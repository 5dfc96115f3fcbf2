"""The PCI bus: NVIDIA's cards and switches, seen without any driver."""

import msgspec

from rigcheck.facts.fact import NOT_ASKED, Fact, Part


class PciBridge(msgspec.Struct, frozen=True, kw_only=True):
    """A root port, or a port of a PCIe switch, on the way from the processor to a card."""

    pci_bus_id: str
    """`0000:00:01.0`."""
    acs_redirects: Fact[bool]
    """Access Control Services send what one card writes to another up to the processor, so that
    the IOMMU sees it, in place of straight across; root only can read it."""


class PciGpu(msgspec.Struct, frozen=True, kw_only=True):
    """An NVIDIA display or 3D controller on the PCI bus, seen without any driver."""

    pci_bus_id: str
    """`0000:01:00.0`, lower case."""
    device_id: str
    """`10de:1401`."""
    name: Fact[str]
    """From the system's pci.ids."""
    kernel_driver: Fact[str]
    """The driver bound to it: `nvidia`, `nouveau`, `vfio-pci`; not there when none is."""
    link_generation_now: Fact[int] = NOT_ASKED
    """PCIe generation of the link as it runs now; a card at rest lowers it to save power."""
    link_width_now: Fact[int] = NOT_ASKED
    """Lanes in use now."""
    card_generation_max: Fact[int] = NOT_ASKED
    """The highest PCIe generation that the card is built for."""
    card_width_max: Fact[int] = NOT_ASKED
    """The most lanes that the card is built for."""
    slot_generation_max: Fact[int] = NOT_ASKED
    """The highest PCIe generation that the port it is plugged into can do, as the firmware set it.
    """
    slot_width_max: Fact[int] = NOT_ASKED
    """The lanes that this port has, however long the slot is."""
    iommu_group: Fact[str] = NOT_ASKED
    """The devices that the IOMMU cannot keep apart have one number; not there without an IOMMU."""
    iommu_domain: Fact[str] = NOT_ASKED
    """What the IOMMU does with the card's accesses: `DMA` or `DMA-FQ` translates them, `identity`
    lets them through (`iommu=pt`); not there without an IOMMU."""
    bridges: Fact[tuple[PciBridge, ...]] = NOT_ASKED
    """From the root port down to the one that the card is plugged into."""


class Pci(Part, frozen=True, kw_only=True):
    """What is on the bus."""

    nvidia_gpus: Fact[tuple[PciGpu, ...]] = NOT_ASKED
    nvswitches: Fact[int] = NOT_ASKED
    """NVSwitch chips, through which the GPUs of HGX and DGX boards reach one another."""
