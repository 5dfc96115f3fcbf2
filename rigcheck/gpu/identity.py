"""What a card is."""

from rigcheck.facts import Fact
from rigcheck.gpu import numbers
from rigcheck.gpu.driver import Handle
from rigcheck.gpu.numbers import word
from rigcheck.nvml import ask


def uuid(gpu: Handle) -> Fact[str]:
    """`GPU-…`."""
    return ask("nvmlDeviceGetUUID", gpu, take=str)


def pci_bus_id(gpu: Handle) -> Fact[str]:
    """`0000:0b:00.0`."""
    return ask("nvmlDeviceGetPciInfo", gpu, take=lambda pci: parse_pci_bus_id(pci.busId))


def parse_pci_bus_id(text: str) -> str:
    """`00000000:0B:00.0` → `0000:0b:00.0`, as sysfs names it.

    Raises:
        ValueError: if it is no bus id.
    """
    domain, colon, rest = text.partition(":")
    if not colon:
        raise ValueError(f"not a PCI bus id: {text!r}")
    return f"{int(domain, 16):04x}:{rest.lower()}"


def name(gpu: Handle) -> Fact[str]:
    """`NVIDIA GeForce RTX 4090`. It comes from the card, so it may hold anything."""
    return ask("nvmlDeviceGetName", gpu, take=str)


def brand(gpu: Handle) -> Fact[str]:
    """As it is sold: `GeForce`, `Tesla`."""
    return ask("nvmlDeviceGetBrand", gpu, take=lambda number: word(numbers.BRANDS, number))


def architecture(gpu: Handle) -> Fact[str]:
    """`Maxwell`, `Ada`, …; drivers from 450 tell it."""
    return ask(
        "nvmlDeviceGetArchitecture", gpu, take=lambda number: word(numbers.ARCHITECTURES, number)
    )


def compute_capability(gpu: Handle) -> Fact[str]:
    """`8.9`."""
    return ask("nvmlDeviceGetCudaComputeCapability", gpu, take=lambda pair: f"{pair[0]}.{pair[1]}")


def serial(gpu: Handle) -> Fact[str]:
    """As printed on the board; boards with an inforom, which a GeForce has not."""
    return ask("nvmlDeviceGetSerial", gpu, take=str)


def vbios_version(gpu: Handle) -> Fact[str]:
    """`95.02.3C.80.B9`."""
    return ask("nvmlDeviceGetVbiosVersion", gpu, take=str)


def board_part_number(gpu: Handle) -> Fact[str]:
    """`900-21010-0040-000`; boards with an inforom."""
    return ask("nvmlDeviceGetBoardPartNumber", gpu, take=str)
