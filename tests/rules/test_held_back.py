"""power-or-clock-capped, thermal-throttle and power-brake, by one reading of a card at work."""

from typing import Any

import pytest

from rigcheck.facts import Fact
from rigcheck.findings import Finding, Verdict
from tests.rules.rigs import cpu_laptop, finding_of, found, gpu, nvml, rtx_4090

CAPPED, HOT, BRAKE = "power-or-clock-capped", "thermal-throttle", "power-brake"
AT_WORK: dict[str, Fact[Any]] = {
    "power_w": found(314.0),
    "power_limit_w": found(315.0),
    "power_limit_default_w": found(450.0),
    "clocks_event_reasons": found(("power cap",)),
}


def judged(id_: str, facts: dict[str, Any], name: str = "NVIDIA GeForce RTX 4090") -> Finding:
    return finding_of(rtx_4090(nvml=nvml(gpu(name=name, **facts))), id_)


def test_a_lowered_limit_that_holds_a_working_card_back_is_warned_of() -> None:
    finding = judged(CAPPED, AT_WORK)
    assert finding.verdict is Verdict.WARN
    assert finding.remedy is not None
    assert finding.remedy.commands == ("sudo nvidia-smi -i 0 -pl 450",)


def test_a_card_of_which_only_the_name_is_known_has_its_limit_from_the_table() -> None:
    facts = {name: fact for name, fact in AT_WORK.items() if name != "power_limit_default_w"}
    assert judged(CAPPED, facts, "RTX 4090").verdict is Verdict.WARN


@pytest.mark.parametrize(
    "changes",
    [
        {"power_limit_w": found(450.0), "power_w": found(449.0)},
        {"clocks_event_reasons": found(("idle",)), "power_w": found(20.0)},
        {"power_w": found(120.0)},
    ],
    ids=["at its own limit", "at rest", "far from its limit"],
)
def test_a_power_cap_is_no_fault_by_itself(changes: dict[str, Fact[Any]]) -> None:
    assert judged(CAPPED, {**AT_WORK, **changes}).verdict is Verdict.PASS


def test_a_laptop_sets_its_own_limit() -> None:
    name = "NVIDIA GeForce RTX 4090 Laptop GPU"
    assert judged(CAPPED, AT_WORK, name).verdict is Verdict.SKIP


def test_clocks_that_somebody_set_are_warned_of_while_the_card_works() -> None:
    facts = {
        "sm_clock_mhz": found(1200),
        "sm_clock_max_mhz": found(2520),
        "clocks_event_reasons": found(("application clocks",)),
    }
    assert judged(CAPPED, facts).verdict is Verdict.WARN
    resting = {**facts, "clocks_event_reasons": found(("idle", "application clocks"))}
    assert judged(CAPPED, resting).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("id_", "reason"),
    [
        (HOT, "hardware thermal slowdown"),
        (HOT, "software thermal slowdown"),
        (BRAKE, "power brake"),
    ],
)
def test_heat_and_the_power_brake_are_named_by_the_driver(id_: str, reason: str) -> None:
    assert judged(id_, {"clocks_event_reasons": found((reason,))}).verdict is Verdict.WARN
    assert judged(id_, {"clocks_event_reasons": found(("idle",))}).verdict is Verdict.PASS
    assert judged(id_, {}).verdict is Verdict.SKIP


@pytest.mark.parametrize("id_", [CAPPED, HOT, BRAKE])
def test_without_a_gpu_there_is_nothing_to_hold_back(id_: str) -> None:
    assert finding_of(cpu_laptop(), id_).verdict is Verdict.SKIP
