"""Compute capabilities by chip and by product name."""

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
