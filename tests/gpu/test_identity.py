"""The pure part: a bus id's spelling."""

import pytest

from rigcheck.gpu.identity import parse_pci_bus_id


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
