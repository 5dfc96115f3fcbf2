"""ecc-or-row-remap, gpu-memory-held-by-others and display-on-compute-gpu."""

from typing import Any

import pytest

from rigcheck.facts import Fact, ProcessKind, RemappedRows
from rigcheck.findings import Verdict
from tests.rules.health_rigs import (
    MIB,
    NOT_SUPPORTED,
    desktop_4090,
    eight_h100,
    full_4090,
    full_h100,
    gb10,
    process,
    wsl_2,
)
from tests.rules.rigs import GIB, cpu_laptop, finding_of, found, kernel_log, xid

MEMORY, HELD, DISPLAY = "ecc-or-row-remap", "gpu-memory-held-by-others", "display-on-compute-gpu"


def rows(*, pending: bool = False, failure: bool = False) -> Fact[RemappedRows]:
    return found(RemappedRows(correctable=0, uncorrectable=3, pending=pending, failure=failure))


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({"remapped_rows": rows(failure=True)}, Verdict.FAIL),
        ({"ecc_uncorrected_volatile": found(1)}, Verdict.FAIL),
        ({"remapped_rows": rows(pending=True)}, Verdict.WARN),
        ({"retired_pages_pending": found(True)}, Verdict.WARN),
        ({"remapped_rows": rows()}, Verdict.PASS),  # replaced: that is what spare rows are for
        ({"ecc_uncorrected_aggregate": found(7)}, Verdict.PASS),  # of another year
        ({"ecc_corrected_volatile": found(90)}, Verdict.PASS),
    ],
)
def test_memory_errors_weigh_what_is_still_wrong(
    facts: dict[str, Fact[Any]], verdict: Verdict
) -> None:
    finding = finding_of(eight_h100(full_h100(0, **facts)), MEMORY)
    assert finding.verdict is verdict


def test_a_geforces_zeros_are_not_called_healthy() -> None:
    finding = finding_of(desktop_4090(), MEMORY)
    assert finding.verdict is Verdict.SKIP
    assert "does not count" in finding.headline


def test_ecc_switched_off_is_not_called_healthy_either() -> None:
    off = full_h100(ecc_enabled=found(False), ecc_uncorrected_volatile=NOT_SUPPORTED)
    assert finding_of(eight_h100(off), MEMORY).verdict is Verdict.SKIP


def test_uncorrected_errors_follow_from_the_xid_that_reported_them() -> None:
    faulty = full_h100(0, ecc_uncorrected_volatile=found(1))
    rig = eight_h100(faulty, kernel_log=kernel_log(xid(48, "0000:1b:00.0")))
    assert finding_of(rig, MEMORY).caused_by == "xid-errors"


def test_another_program_that_computes_holds_memory() -> None:
    busy = full_4090(processes=found((process(9 * GIB),)))
    finding = finding_of(desktop_4090(busy), HELD)
    assert finding.verdict is Verdict.WARN
    assert "9.0 GiB" in finding.headline
    assert any("4711 (python3)" in e.text for e in finding.evidence)


def test_a_context_of_our_own_question_and_a_desktop_are_not_others() -> None:
    asked = full_4090(processes=found((process(600 * MIB), process(3 * GIB, ProcessKind.GRAPHICS))))
    assert finding_of(desktop_4090(asked), HELD).verdict is Verdict.PASS


def test_memory_that_nobody_in_the_list_holds_is_held_all_the_same() -> None:
    hidden = full_h100(memory_used_bytes=found(70 * GIB))
    finding = finding_of(eight_h100(hidden), HELD)
    assert finding.verdict is Verdict.WARN
    assert "does not list" in finding.headline


def test_windows_own_share_and_unified_memory_are_not_judged() -> None:
    assert finding_of(wsl_2(), HELD).verdict is Verdict.PASS
    assert finding_of(gb10(), HELD).verdict is Verdict.SKIP


def test_a_slice_of_a_gpu_is_not_judged_as_a_whole() -> None:
    sliced = full_h100(memory_used_bytes=found(70 * GIB), mig_enabled=found(True))
    assert finding_of(eight_h100(sliced), HELD).verdict is Verdict.SKIP


def test_a_desktop_that_takes_a_fifth_of_a_small_card_is_warned_of() -> None:
    crowded = full_4090(
        memory_total_bytes=found(4096 * MIB),
        processes=found(
            (process(600 * MIB, ProcessKind.GRAPHICS), process(500 * MIB, ProcessKind.GRAPHICS))
        ),
    )
    finding = finding_of(desktop_4090(crowded), DISPLAY)
    assert finding.verdict is Verdict.WARN
    assert "1.1 GiB" in finding.headline


def test_a_desktop_with_room_to_spare_and_a_bare_card_pass() -> None:
    assert finding_of(desktop_4090(), DISPLAY).verdict is Verdict.PASS
    assert finding_of(eight_h100(full_h100()), DISPLAY).verdict is Verdict.PASS


@pytest.mark.parametrize("id_", [MEMORY, HELD, DISPLAY])
def test_without_a_gpu_none_applies(id_: str) -> None:
    assert finding_of(cpu_laptop(), id_).verdict is Verdict.SKIP
