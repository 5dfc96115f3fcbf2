"""Numbers of nvml.h as words, held against the header itself where it is installed."""

import importlib.metadata
import re
from pathlib import Path

import pytest

from rigcheck.gpu import numbers
from rigcheck.gpu.numbers import reason_words, word


@pytest.mark.parametrize(
    ("mask", "words"),
    [
        (0, ()),
        (0x1, ("idle",)),
        (0x5, ("idle", "power cap")),
        (0x88, ("hardware slowdown", "power brake")),
        (0x600, ("board limit", "reliability limit")),
        (0x804, ("power cap", "0x800")),
        (1 << 63, ("0x8000000000000000",)),
    ],
)
def test_reasons_are_a_mask_whose_unknown_bits_are_told_in_hex(
    mask: int, words: tuple[str, ...]
) -> None:
    assert reason_words(mask) == words


def test_a_number_newer_than_the_table_is_told_as_it_is() -> None:
    assert word(numbers.ARCHITECTURES, 8) == "Ada"
    assert word(numbers.ARCHITECTURES, 17) == "number 17"


def header() -> str:
    try:
        files = importlib.metadata.files("nvidia-nvml-dev") or []
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("nvidia-nvml-dev, of the extra `test`, is not installed: no nvml.h")
    return next(Path(str(f.locate())).read_text() for f in files if f.name == "nvml.h")


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("NVML_CLOCK_SM", numbers.CLOCK_SM),
        ("NVML_CLOCK_VIDEO", numbers.CLOCK_VIDEO),
        ("NVML_TEMPERATURE_THRESHOLD_GPU_MAX", numbers.THRESHOLD_GPU_MAX),
        ("NVML_TEMPERATURE_THRESHOLD_MEM_MAX", numbers.THRESHOLD_MEMORY_MAX),
        ("NVML_MEMORY_ERROR_TYPE_UNCORRECTED", numbers.ECC_UNCORRECTED),
        ("NVML_AGGREGATE_ECC", numbers.ECC_AGGREGATE),
        ("NVML_PAGE_RETIREMENT_CAUSE_DOUBLE_BIT_ECC_ERROR", numbers.RETIRED_DOUBLE_BIT),
        ("NVML_PCIE_UTIL_RX_BYTES", numbers.PCIE_RECEIVED),
        ("NVML_P2P_CAPS_INDEX_WRITE", numbers.P2P_WRITE),
        ("NVML_NVLINK_MAX_LINKS", numbers.NVLINK_LIMIT),
        ("NVML_FI_DEV_MEMORY_TEMP", numbers.FIELD_MEMORY_TEMPERATURE),
        ("NVML_FI_DEV_NVLINK_LINK_COUNT", numbers.FIELD_NVLINK_COUNT),
        ("NVML_FI_DEV_GET_GPU_RECOVERY_ACTION", numbers.FIELD_RECOVERY_ACTION),
        ("NVML_GPU_RECOVERY_ACTION_SYSTEM_REBOOT", 7),
        ("NVML_TOPOLOGY_HOSTBRIDGE", 30),
        ("NVML_DEVICE_ARCH_BLACKWELL", 10),
        ("NVML_BRAND_GEFORCE", 5),
    ],
)
def test_numbers_are_those_of_the_header(name: str, number: int) -> None:
    found = re.search(rf"\b{name}\s*=?\s*(\d+)", header())
    assert found is not None, name
    assert int(found[1]) == number
