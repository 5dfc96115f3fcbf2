"""The pure parts of the NVML calls."""

import pytest

from rigcheck.nvml_calls import parse_cuda_version, parse_pci_bus_id


@pytest.mark.parametrize(
    ("number", "version"), [(12040, "12.4"), (13000, "13.0"), (12100, "12.10"), (9020, "9.2")]
)
def test_a_cuda_version_number_is_read_as_nvml_h_says(number: int, version: str) -> None:
    assert parse_cuda_version(number) == version


@pytest.mark.parametrize(
    ("nvml", "sysfs"),
    [
        ("00000000:01:00.0", "0000:01:00.0"),
        ("00000000:0B:00.0", "0000:0b:00.0"),
        ("00010000:E1:00.0", "10000:e1:00.0"),
    ],
)
def test_a_bus_id_is_spelt_as_sysfs_spells_it(nvml: str, sysfs: str) -> None:
    assert parse_pci_bus_id(nvml) == sysfs


@pytest.mark.parametrize("text", ["", "gpu0", "zz:01:00.0"])
def test_what_is_no_bus_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_pci_bus_id(text)
