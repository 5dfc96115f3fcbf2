"""below-published-speed: what fires it, what explains it, and what is only a modest card."""

from typing import Any

import msgspec
import pytest

from rigcheck.facts import ProcessKind
from rigcheck.findings import Evidence, Verdict
from rigcheck.monitor.changes import gpu_changes
from rigcheck.monitor.sample import GpuSample, Sample
from rigcheck.rules.load_speed import Reached, judge_speed
from rigcheck.rules.watched import Watched, watched
from tests.rules.health_rigs import desktop_4090, full_4090, full_h100, process
from tests.rules.rigs import GIB, found

BUSY = GpuSample(
    gpu="GPU-0", utilization_percent=99.0, sm_clock_mhz=2700.0, clocks_event_reasons=("power cap",)
)


def seen(reading: GpuSample = BUSY, **facts: Any) -> Watched:
    card = full_4090(sm_clock_max_mhz=found(3105), **facts)
    samples = [Sample(time_s=index / 4, gpus=(reading,)) for index in range(8)]
    watching = watched(desktop_4090(card), gpu_changes(samples)[0], (reading,) * 8)
    assert watching is not None
    return watching


def busy(**changes: Any) -> GpuSample:
    return msgspec.structs.replace(BUSY, **changes)


def products(share: float) -> Reached:
    return Reached(
        what="16-bit products",
        share=share,
        healthy_share=0.35,
        usual_share=0.6,
        evidence=(Evidence(f"{share:.0%}", "measured"),),
    )


@pytest.mark.parametrize("share", [0.37, 0.51, 0.87, 1.02])
def test_what_healthy_cards_reach_passes(share: float) -> None:
    assert judge_speed([products(share)], seen()).verdict is Verdict.PASS


def test_what_no_healthy_card_is_as_slow_as_is_told_without_a_reason_too() -> None:
    for watching in (seen(), None):
        judgement = judge_speed([products(0.2)], watching)
        assert judgement.verdict is Verdict.WARN
        assert "16-bit products reach 20%" in judgement.headline
        assert not judgement.follows
        assert judgement.remedy is not None


def test_a_lowered_power_limit_is_the_reason() -> None:
    lowered = seen(power_limit_enforced_w=found(200.0))
    judgement = judge_speed([products(0.45)], lowered)
    assert judgement.verdict is Verdict.WARN
    assert judgement.follows == ("power-or-clock-capped",)
    assert "200 W" in judgement.headline


def test_the_power_cap_at_the_cards_own_limit_is_no_reason() -> None:
    assert judge_speed([products(0.45)], seen()).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("reason", "finding_id"),
    [
        ("hardware thermal slowdown", "thermal-throttle"),
        ("software thermal slowdown", "thermal-throttle"),
        ("power brake", "power-brake"),
    ],
)
def test_heat_and_the_supply_are_reasons(reason: str, finding_id: str) -> None:
    held = seen(busy(clocks_event_reasons=(reason,)))
    assert judge_speed([products(0.45)], held).follows == (finding_id,)


def test_a_reason_alone_is_nothing_where_the_speed_is_as_usual() -> None:
    held = seen(busy(clocks_event_reasons=("power brake",)))
    assert judge_speed([products(0.8)], held).verdict is Verdict.PASS


def test_another_program_on_the_gpu_is_a_reason_and_a_desktop_is_none() -> None:
    shared = seen(processes=found((process(2 * GIB),)))
    judgement = judge_speed([products(0.45)], shared)
    assert "another program has the GPU, too: python3 (4711)" in judgement.headline
    drawn = seen(processes=found((process(2 * GIB, ProcessKind.GRAPHICS),)))
    assert judge_speed([products(0.45)], drawn).verdict is Verdict.PASS


def test_a_clock_that_stayed_low_is_told_without_the_drivers_reason() -> None:
    judgement = judge_speed(
        [products(0.2)], seen(busy(sm_clock_mhz=300.0, clocks_event_reasons=()))
    )
    assert "its clock stayed at 300 of 3105 MHz" in judgement.headline


def test_the_slowest_of_several_leads() -> None:
    copies = changed(products(0.1), what="copies in its memory")
    assert "copies in its memory" in judge_speed([products(0.2), copies], None).headline


def test_ecc_is_evidence() -> None:
    card = full_h100(sm_clock_max_mhz=found(1980))
    watching = watched(
        desktop_4090(card), gpu_changes([Sample(time_s=0.0, gpus=(BUSY,))])[0], (BUSY,)
    )
    assert watching is not None
    texts = [e.text for e in judge_speed([products(0.8)], watching).evidence]
    assert "ECC is on and takes part of the bandwidth" in texts


def test_an_unknown_model_is_not_judged() -> None:
    assert judge_speed([], seen()).verdict is Verdict.SKIP


def changed(reached: Reached, **changes: Any) -> Reached:
    return msgspec.structs.replace(reached, **changes)
