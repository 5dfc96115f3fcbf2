"""Compute capabilities by chip and by product name, held against the PCI ID Repository."""

import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from rigcheck.knowledge import gpu_arch
from rigcheck.knowledge.gpu_arch import capability_of_name, capability_row


@pytest.mark.parametrize(
    ("name", "capability"),
    [
        ("GM206 [GeForce GTX 960]", "5.2"),
        ("GM107M [GeForce GTX 960M]", "5.0"),
        ("GV100GL [Tesla V100 PCIe 16GB]", "7.0"),
        ("AD102 [GeForce RTX 4090]", "8.9"),
        ("GB202 [GeForce RTX 5090]", "12.0"),
        ("GB20B [GB10]", "12.1"),
        ("NVIDIA GeForce GTX 960", "5.2"),
        ("NVIDIA GeForce RTX 3060 Ti", "8.6"),
        ("RTX 3090", "8.6"),
        ("NVIDIA GB10", "12.1"),
        ("Tesla K80", "3.7"),
        ("NVIDIA TITAN X (Pascal)", "6.1"),
        ("Tesla P100-PCIE-16GB", "6.0"),
        ("NVIDIA A100-SXM4-80GB", "8.0"),
        ("NVIDIA H100 80GB HBM3", "9.0"),
        ("NVIDIA GeForce RTX 4070 Laptop GPU", "8.9"),
        ("GeForce GTX 1650 with Max-Q Design", "7.5"),
        ("GeForce GTX 1060 6GB", "6.1"),
        ("GeForce GTX 970M", "5.2"),
        ("GA103M [GeForce RTX 3080 Ti Mobile]", "8.6"),
        ("GK180GL [Tesla K40c]", "3.5"),
        ("NVIDIA GeForce RTX 3050 A Laptop GPU", "8.9"),
    ],
)
def test_a_name_tells_the_compute_capability(name: str, capability: str) -> None:
    row = capability_of_name(name)
    assert row is not None
    assert row.capability == capability


@pytest.mark.parametrize(
    "name",
    [
        "NVIDIA GeForce GTX 960 OEM",  # made with other chips, too
        "TITAN X",  # Maxwell or Pascal
        "GZ999 [GeForce Tomorrow]",
        "",
    ],
)
def test_a_name_that_is_only_near_tells_nothing(name: str) -> None:
    assert capability_of_name(name) is None


def test_every_chip_has_a_capability_of_the_table() -> None:
    assert all(capability_row(chip.capability) for chip in gpu_arch.table().chip)


def test_no_product_has_two_capabilities() -> None:
    products = [p.lower() for row in gpu_arch.table().capability for p in row.products]
    assert len(products) == len(set(products))


_UNLISTED = {
    "A6000",  # people's short name of the RTX A6000
    "RTX PRO 6000 Blackwell",  # its three editions are listed
    "RTX PRO 6000 Blackwell Server",
    "RTX PRO 6000 Blackwell Workstation",
    "Quadro RTX 8000",  # `Quadro RTX 6000/8000`
    "Tesla K40",  # its makes are listed: K40m, K40c, …
    "TITAN V CEO Edition",  # a board with the TITAN V's id
    "TITAN X (Pascal)",  # `TITAN X` there
    "GB200",  # `HGX GB200`
    "B300",  # `B300 SXM6 AC`
    "VR200",  # not sold yet
    "R200",
}
_BY_OTHERS = {
    "GTX 750 Ti": {"GK106"},  # an OEM's card
    "GT 1030": {"GK107"},  # a name that cards with a changed firmware bear
}


@cache
def chips_by_product() -> dict[str, set[str]]:
    """Of the PCI ID Repository: `rtx 3060 ti` → GA103, GA104."""
    chips: dict[str, set[str]] = defaultdict(set)
    text = (Path(__file__).parent / "nvidia.pci.ids").read_text()
    for chip, products in re.findall(r"^\t\w{4}  (\w{4}[0-9B]).*?\[(.*)\]$", text, re.MULTILINE):
        for product in re.split(r" ?/ ", products):
            chips[gpu_arch._product(product)].add(chip)
    return chips


@pytest.mark.parametrize(
    ("capability", "product"),
    [
        (row.capability, product)
        for row in gpu_arch.table().capability
        for product in row.products
        if not row.integrated and product not in _UNLISTED
    ],
)
def test_the_pci_id_repository_has_each_product_with_a_chip_of_that_capability(
    capability: str, product: str
) -> None:
    chips = chips_by_product()[gpu_arch._product(product)] - _BY_OTHERS.get(product, set())
    known = {c.chip: c.capability for c in gpu_arch.table().chip}
    assert {known.get(chip) for chip in chips} == {capability}
