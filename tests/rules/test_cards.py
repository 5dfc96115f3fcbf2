"""card-identity-mismatch, vram-too-small and resizable-bar-off."""

import pytest

from rigcheck.facts import Gpu, Pci, Rig
from rigcheck.findings import Verdict
from tests.rules.health_rigs import (
    MIB,
    NOT_SUPPORTED,
    desktop_4090,
    eight_h100,
    full_960,
    full_4090,
    full_h100,
    in_container,
    laptop_4090,
    wsl_2,
)
from tests.rules.rigs import GIB, card, cpu_laptop, finding_of, findings_of, found, gpu, host, nvml

IDENTITY, SMALL, BAR = "card-identity-mismatch", "vram-too-small", "resizable-bar-off"


def of_unknown_number(one: Gpu) -> Rig:
    """A desktop with this card, which pci.ids does not list."""
    return desktop_4090(one, pci=Pci(nvidia_gpus=found((card(name=None),)), nvswitches=found(0)))


def test_a_fermi_that_calls_itself_a_gtx_1050_ti_is_found_out() -> None:
    fake = gpu(name="GeForce GTX 1050 Ti", capability="2.1")
    finding = finding_of(of_unknown_number(fake), IDENTITY)
    assert finding.verdict is Verdict.FAIL
    assert "2.1" in finding.headline


def test_less_memory_than_the_name_promises_is_found_out() -> None:
    short = full_h100(memory_total_bytes=found(40 * GIB))
    assert finding_of(eight_h100(short), IDENTITY).verdict is Verdict.FAIL


def test_more_memory_than_the_table_has_is_another_board_of_the_model() -> None:
    """4 GB on a GTX 960, whose row is of 2 GB; 12 GB on an RTX 2060, whose row is of 6."""
    assert finding_of(full_960(), IDENTITY).verdict is Verdict.PASS
    big = gpu(name="NVIDIA GeForce RTX 2060", capability="7.5", memory_total_bytes=found(12 * GIB))
    assert finding_of(of_unknown_number(big), IDENTITY).verdict is Verdict.PASS


def test_less_memory_than_the_table_has_is_another_board_too() -> None:
    small = gpu(name="NVIDIA GeForce GTX 1060", capability="6.1", memory_total_bytes=found(3 * GIB))
    assert finding_of(of_unknown_number(small), IDENTITY).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("name", "capability", "size_gb"),
    [
        ("NVIDIA GeForce GTX 960", "5.2", 2),
        ("NVIDIA GeForce GTX 960", "5.2", 4),
        ("NVIDIA GeForce GTX 1050", "6.1", 3),
        ("NVIDIA GeForce GTX 1060 3GB", "6.1", 3),
        ("NVIDIA GeForce GTX 1060 5GB", "6.1", 5),
        ("NVIDIA GeForce GTX 1060 6GB", "6.1", 6),
        ("NVIDIA GeForce RTX 2060", "7.5", 12),
        ("NVIDIA GeForce RTX 3050", "8.6", 6),
        ("NVIDIA GeForce RTX 3060", "8.6", 8),
        ("NVIDIA GeForce RTX 3080", "8.6", 10),
        ("NVIDIA GeForce RTX 3080", "8.6", 12),
        ("NVIDIA GeForce RTX 4060 Ti", "8.9", 8),
        ("NVIDIA GeForce RTX 4060 Ti", "8.9", 16),
        ("NVIDIA GeForce RTX 5060 Ti", "12.0", 8),
        ("NVIDIA GeForce RTX 5060 Ti", "12.0", 16),
    ],
)
def test_every_size_in_which_a_model_is_sold_is_that_model(
    name: str, capability: str, size_gb: int
) -> None:
    sold = gpu(name=name, capability=capability, memory_total_bytes=found(size_gb * GIB))
    finding = finding_of(of_unknown_number(sold), IDENTITY)
    assert finding.verdict is Verdict.PASS
    assert finding.headline == f"{name} is as its model should be"


def test_a_six_gigabyte_card_with_three_is_found_out() -> None:
    short = gpu(
        name="NVIDIA GeForce GTX 1060 6GB", capability="6.1", memory_total_bytes=found(3 * GIB)
    )
    assert finding_of(of_unknown_number(short), IDENTITY).verdict is Verdict.FAIL


def on_the_bus(chip: str) -> Pci:
    return Pci(nvidia_gpus=found((card(name=chip),)), nvswitches=found(0))


def test_a_number_on_the_bus_that_is_a_fermis_is_found_out_where_the_driver_believes_the_name() -> (
    None
):
    fake = gpu(name="NVIDIA GeForce GTX 1050 Ti", capability=None)
    rig = desktop_4090(fake, pci=on_the_bus("GF116 [GeForce GTX 550 Ti]"))
    finding = finding_of(rig, IDENTITY)
    assert finding.verdict is Verdict.FAIL
    assert "GF116" in finding.headline


@pytest.mark.parametrize("chip", ["GP107 [GeForce GTX 1050 Ti]", "GP106 [P106-100]", "Device 1c82"])
def test_another_chip_of_the_family_or_one_without_a_name_is_no_fake(chip: str) -> None:
    real = gpu(name="NVIDIA GeForce GTX 1050 Ti", capability="6.1")
    assert finding_of(desktop_4090(real, pci=on_the_bus(chip)), IDENTITY).verdict is Verdict.PASS


def test_what_the_driver_reserves_is_not_missing_from_the_name() -> None:
    v100 = gpu(
        name="Tesla V100-SXM2-32GB", capability="7.0", memory_total_bytes=found(32_510 * MIB)
    )
    assert finding_of(of_unknown_number(v100), IDENTITY).verdict is Verdict.PASS


def test_a_model_that_no_table_knows_is_not_accused() -> None:
    finding = finding_of(desktop_4090(gpu(name="NVIDIA Graphics Device")), IDENTITY)
    assert finding.verdict is Verdict.PASS
    assert "not in rigcheck's tables" in finding.headline


@pytest.mark.parametrize(
    ("total_bytes", "verdict"),
    [(1024 * MIB, Verdict.WARN), (2000 * MIB, Verdict.PASS), (4096 * MIB, Verdict.PASS)],
)
def test_less_than_two_gigabytes_are_too_small(total_bytes: int, verdict: Verdict) -> None:
    small = gpu(memory_total_bytes=found(total_bytes))
    assert finding_of(desktop_4090(small), SMALL).verdict is verdict


def test_memory_that_is_not_told_is_not_zero() -> None:
    assert finding_of(desktop_4090(gpu(memory_total_bytes=NOT_SUPPORTED)), SMALL).verdict is (
        Verdict.SKIP
    )


def test_a_small_window_on_a_desktops_new_card_is_a_setting() -> None:
    rig = desktop_4090(full_4090(bar1_total_bytes=found(256 * MIB), resizable_bar=found(False)))
    finding = finding_of(rig, BAR)
    assert finding.verdict is Verdict.WARN
    assert finding.remedy is not None
    assert "Above 4G Decoding" in finding.remedy.text


def test_it_is_no_setting_of_old_cards_laptops_guests_and_containers() -> None:
    small = full_4090(resizable_bar=found(False))
    guest = desktop_4090(small, host=host(hypervisor=found("KVM")))
    contained = desktop_4090(small, host=in_container())
    for rig in (full_960(), laptop_4090(), wsl_2(), guest, contained):
        assert finding_of(rig, BAR).verdict is Verdict.SKIP


def test_each_card_is_told_of_and_none_without_one() -> None:
    pair = desktop_4090(nvml=nvml(full_4090(0), full_4090(1, "0000:41:00.0")))
    for id_ in (IDENTITY, SMALL, BAR):
        assert [f.subject for f in findings_of(pair, id_)] == ["GPU 0", "GPU 1"]
        assert finding_of(cpu_laptop(), id_).verdict is Verdict.SKIP
