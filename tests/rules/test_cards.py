"""card-identity-mismatch, vram-too-small and resizable-bar-off."""

import pytest

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
from tests.rules.rigs import GIB, cpu_laptop, finding_of, findings_of, found, gpu, host, nvml

IDENTITY, SMALL, BAR = "card-identity-mismatch", "vram-too-small", "resizable-bar-off"


def test_a_fermi_that_calls_itself_a_gtx_1050_ti_is_found_out() -> None:
    fake = gpu(name="GeForce GTX 1050 Ti", capability="2.1")
    finding = finding_of(desktop_4090(fake), IDENTITY)
    assert finding.verdict is Verdict.FAIL
    assert "2.1" in finding.headline


def test_less_memory_than_the_name_promises_is_found_out() -> None:
    short = full_h100(memory_total_bytes=found(40 * GIB))
    assert finding_of(eight_h100(short), IDENTITY).verdict is Verdict.FAIL


def test_more_memory_than_the_table_has_is_another_board_of_the_model() -> None:
    """4 GB on a GTX 960, whose row is of 2 GB; 12 GB on an RTX 2060, whose row is of 6."""
    assert finding_of(full_960(), IDENTITY).verdict is Verdict.PASS
    big = gpu(name="NVIDIA GeForce RTX 2060", capability="7.5", memory_total_bytes=found(12 * GIB))
    assert finding_of(desktop_4090(big), IDENTITY).verdict is Verdict.PASS


def test_less_memory_than_the_table_has_is_another_board_too() -> None:
    small = gpu(name="NVIDIA GeForce GTX 1060", capability="6.1", memory_total_bytes=found(3 * GIB))
    assert finding_of(desktop_4090(small), IDENTITY).verdict is Verdict.PASS


def test_what_the_driver_reserves_is_not_missing_from_the_name() -> None:
    v100 = gpu(
        name="Tesla V100-SXM2-32GB", capability="7.0", memory_total_bytes=found(32_510 * MIB)
    )
    assert finding_of(desktop_4090(v100), IDENTITY).verdict is Verdict.PASS


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
