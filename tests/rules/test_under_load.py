"""Judged from samples under our own load: link, power, heat, fan and errors."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from rigcheck.facts import Fact, Found, Gpu, PciGpu, value_of
from rigcheck.findings import Verdict
from rigcheck.monitor.changes import gpu_changes
from rigcheck.monitor.sample import GpuSample, Sample, XidEvent
from rigcheck.rules.load_errors import judge_errors
from rigcheck.rules.load_heat import judge_fan, judge_heat
from rigcheck.rules.load_link import judge_link
from rigcheck.rules.load_power import judge_brake, judge_cap
from rigcheck.rules.rule import Judgement
from rigcheck.rules.under_load import LOAD_RULES, judgements
from rigcheck.rules.watched import Watched, watched
from tests.rules.health_rigs import desktop_4090, full_4090, gb10
from tests.rules.rigs import card, found, host

GPU = "GPU-0"
BUSY = GpuSample(
    gpu=GPU,
    utilization_percent=97.0,
    pcie_generation=4,
    pcie_width=16,
    sm_clock_mhz=2730.0,
    temperature_c=62.0,
    clocks_event_reasons=("power cap",),
    fan_percent=38.0,
    ecc_uncorrected_errors=0,
)
AT_REST = msgspec.structs.replace(
    BUSY,
    utilization_percent=0.0,
    pcie_generation=1,
    sm_clock_mhz=210.0,
    temperature_c=38.0,
    clocks_event_reasons=("idle",),
    fan_percent=0.0,
)


def train(
    *readings: GpuSample,
    gpu: Gpu | None = None,
    one: PciGpu | None = None,
    hypervisor: str | None = None,
    errors: tuple[int, ...] = (),
) -> Watched:
    """What was seen of the desktop's card at 4 Hz."""
    events = tuple(XidEvent(time_s=1.0, gpu=GPU, xid=code) for code in errors)
    samples = [
        Sample(time_s=index / 4, gpus=(reading,), xids=events if index == 1 else ())
        for index, reading in enumerate(readings)
    ]
    rig = desktop_4090(gpu or full_4090(sm_clock_max_mhz=found(3105)))
    if hypervisor:
        rig = msgspec.structs.replace(rig, host=host(hypervisor=found(hypervisor)))
    if one:
        rig = msgspec.structs.replace(
            rig, pci=msgspec.structs.replace(rig.pci, nvidia_gpus=found((one,)))
        )
    seen = watched(rig, gpu_changes(samples)[0], readings)
    assert seen is not None
    return seen


def busy(**changes: Any) -> GpuSample:
    return msgspec.structs.replace(BUSY, **changes)


def reasons(*words: str) -> GpuSample:
    return busy(clocks_event_reasons=words)


def test_a_healthy_card_in_training_passes_every_rule() -> None:
    seen = train(AT_REST, *[BUSY] * 8, AT_REST)
    assert {judgement.verdict for _, judgement in judgements(seen)} == {Verdict.PASS}


def test_a_card_at_rest_is_not_judged_at_all() -> None:
    seen = train(*[AT_REST] * 20)
    assert {judgement.verdict for _, judgement in judgements(seen)} == {Verdict.SKIP}


def test_a_link_that_wakes_up_under_load_is_healthy() -> None:
    waking = [busy(pcie_generation=generation) for generation in (1, 1, 1, 1, 4, 4)]
    assert judge_link(train(AT_REST, *waking)).verdict is Verdict.PASS


def test_a_link_that_stays_at_generation_1_under_load_is_not() -> None:
    judgement = judge_link(train(*[busy(pcie_generation=1)] * 8))
    assert judgement.verdict is Verdict.WARN
    assert "generation 1 of 4" in judgement.headline


def test_in_a_virtual_machine_the_generation_may_be_made_up() -> None:
    judgement = judge_link(train(*[busy(pcie_generation=1)] * 8, hypervisor="KVM"))
    assert judgement.verdict is Verdict.UNKNOWN
    assert judgement.remedy is not None


def test_an_older_slots_generation_is_the_best_there_is() -> None:
    slot = full_4090(pcie_generation_max=found(3), pcie_generation_card_max=found(4))
    seen = train(*[busy(pcie_generation=3)] * 8, gpu=slot)
    assert judge_link(seen).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("width", "slot_width", "verdict"),
    [
        (4, 16, Verdict.WARN),  # bad contact, dirt, riser
        (4, 4, Verdict.WARN),  # wired so
        (8, 8, Verdict.PASS),  # two cards share the processor's lanes
    ],
)
def test_four_lanes_for_a_card_of_sixteen_are_few(
    width: int, slot_width: int, verdict: Verdict
) -> None:
    wide = msgspec.structs.replace(card(), card_width_max=found(16))
    gpu = full_4090(pcie_width_max=found(slot_width))
    seen = train(*[busy(pcie_width=width)] * 8, gpu=gpu, one=wide)
    assert judge_link(seen).verdict is verdict


def test_a_card_built_for_eight_lanes_has_all_of_them() -> None:
    narrow = msgspec.structs.replace(card(), card_width_max=found(8))
    gpu = full_4090(pcie_width_max=found(8))
    seen = train(*[busy(pcie_width=8)] * 8, gpu=gpu, one=narrow)
    assert judge_link(seen).verdict is Verdict.PASS


def test_a_gpu_on_the_processors_own_chip_has_no_link_to_judge() -> None:
    (spark,) = value_of(gb10().nvml.gpus) or ()
    seen = train(*[busy(pcie_width=1, pcie_generation=1)] * 8, gpu=spark)
    assert judge_link(seen).verdict is Verdict.SKIP


def copying(seen: Watched, gb_per_s: float) -> Watched:
    return msgspec.structs.replace(seen, pinned_bytes_per_s=gb_per_s * 1e9)


@pytest.mark.parametrize(
    ("gb_per_s", "verdict"),
    [
        (26.0, Verdict.PASS),
        (16.0, Verdict.PASS),  # the half of 31.5 that an old processor's memory may leave
        (12.0, Verdict.WARN),  # half the lanes, or generation 3
    ],
)
def test_copies_show_a_link_that_only_claims_to_be_fast(gb_per_s: float, verdict: Verdict) -> None:
    judgement = judge_link(copying(train(*[BUSY] * 8), gb_per_s))
    assert judgement.verdict is verdict
    assert any(f"{gb_per_s:.1f} GB/s" in e.text for e in judgement.evidence)


@pytest.mark.parametrize(
    ("gb_per_s", "verdict"),
    [(26.0, Verdict.PASS), (12.0, Verdict.UNKNOWN), (3.0, Verdict.WARN)],
)
def test_in_a_virtual_machine_copies_tell_what_the_generation_cannot(
    gb_per_s: float, verdict: Verdict
) -> None:
    guest = train(*[busy(pcie_generation=1)] * 8, hypervisor="KVM")
    assert judge_link(copying(guest, gb_per_s)).verdict is verdict


def test_the_power_cap_at_the_cards_own_limit_is_normal() -> None:
    assert judge_cap(train(*[reasons("power cap")] * 8)).verdict is Verdict.PASS


def test_the_power_cap_at_a_lowered_limit_is_told() -> None:
    lowered = full_4090(power_limit_enforced_w=found(300.0))
    judgement = judge_cap(train(*[reasons("power cap")] * 8, gpu=lowered))
    assert judgement.verdict is Verdict.WARN
    assert judgement.remedy is not None
    assert judgement.remedy.commands == ("sudo nvidia-smi -i 0 -pl 450",)


def test_a_lowered_limit_that_is_never_reached_holds_nothing_back() -> None:
    lowered = full_4090(power_limit_enforced_w=found(300.0))
    assert judge_cap(train(*[reasons()] * 8, gpu=lowered)).verdict is Verdict.PASS


def test_clocks_that_somebody_set_are_told_where_they_are_low() -> None:
    low = busy(clocks_event_reasons=("application clocks",), sm_clock_mhz=1200.0)
    assert judge_cap(train(*[low] * 8)).verdict is Verdict.WARN
    high = busy(clocks_event_reasons=("application clocks",), sm_clock_mhz=3000.0)
    assert judge_cap(train(*[high] * 8)).verdict is Verdict.PASS


def test_the_power_brake_points_to_the_supply() -> None:
    braked = reasons("power cap", "hardware slowdown", "power brake")
    assert judge_brake(train(*[BUSY] * 4, *[braked] * 4)).verdict is Verdict.FAIL


def test_one_sample_of_it_or_a_laptops_is_only_a_warning() -> None:
    braked = reasons("power brake")
    assert judge_brake(train(*[BUSY] * 7, braked)).verdict is Verdict.WARN
    mobile = full_4090(name=found("NVIDIA GeForce RTX 4090 Laptop GPU"))
    assert judge_brake(train(*[braked] * 8, gpu=mobile)).verdict is Verdict.WARN


@pytest.mark.parametrize(
    ("throttled", "count", "verdict"),
    [
        ("hardware thermal slowdown", 1, Verdict.FAIL),
        ("software thermal slowdown", 4, Verdict.WARN),
        ("software thermal slowdown", 1, Verdict.PASS),
        ("reliability limit", 8, Verdict.PASS),
        ("0x800", 8, Verdict.PASS),
    ],
)
def test_heat_is_judged_by_who_slowed_the_card_and_how_long(
    throttled: str, count: int, verdict: Verdict
) -> None:
    seen = train(*[BUSY] * (8 - count), *[reasons(throttled)] * count)
    assert judge_heat(seen).verdict is verdict


@pytest.mark.parametrize(
    ("fan", "temperature_c", "verdict"),
    [
        (0.0, 84.0, Verdict.FAIL),
        (0.0, 55.0, Verdict.PASS),  # cool cards stop their fans
        (70.0, 84.0, Verdict.PASS),
        (None, 84.0, Verdict.SKIP),  # passive boards have none
    ],
)
def test_fans_that_stand_still_on_a_hot_card_are_a_fault(
    fan: float | None, temperature_c: float, verdict: Verdict
) -> None:
    seen = train(*[busy(fan_percent=fan, temperature_c=temperature_c)] * 8)
    assert judge_fan(seen).verdict is verdict


@pytest.mark.parametrize(
    ("codes", "verdict"), [((48,), Verdict.FAIL), ((13,), Verdict.WARN), ((), Verdict.PASS)]
)
def test_errors_while_we_train_are_ours_to_explain(
    codes: tuple[int, ...], verdict: Verdict
) -> None:
    assert judge_errors(train(*[BUSY] * 8, errors=codes)).verdict is verdict


def test_memory_errors_count_by_their_growth() -> None:
    grown = [busy(ecc_uncorrected_errors=count) for count in (3, 3, 3, 5)]
    old = [busy(ecc_uncorrected_errors=3)] * 4
    assert judge_errors(train(*grown)).verdict is Verdict.FAIL
    assert judge_errors(train(*old)).verdict is Verdict.PASS


def test_a_gpu_that_nobody_knows_is_not_judged() -> None:
    samples = [Sample(time_s=0.0, gpus=(GpuSample(gpu="GPU-9", utilization_percent=99.0),))]
    assert watched(desktop_4090(), gpu_changes(samples)[0], ()) is None


@pytest.mark.parametrize("judge", [rule.judge for rule in LOAD_RULES], ids=lambda j: j.__name__)
def test_a_driver_that_tells_only_the_load_is_not_accused(
    judge: Callable[[Watched], Judgement],
) -> None:
    told: Fact[str] = Found(GPU, "NVML")
    bare = Gpu(index=0, uuid=told)
    seen = train(*[GpuSample(gpu=GPU, utilization_percent=99.0)] * 8, gpu=bare)
    assert judge(seen).verdict in (Verdict.PASS, Verdict.SKIP)
