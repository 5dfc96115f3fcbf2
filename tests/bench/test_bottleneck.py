"""Planted bottlenecks, each named; and near misses that are not it."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from rigcheck.bench.bottleneck import bottleneck
from rigcheck.bench.bottleneck_grounds import Grounds
from rigcheck.bench.conclusions import Bottleneck, BottleneckKind
from rigcheck.bench.gpu_grounds import gpu_grounds
from rigcheck.bench.result import Rate, Ratio
from rigcheck.monitor.changes import gpu_changes
from rigcheck.monitor.sample import GpuSample, Sample
from rigcheck.rules.watched import Watched, watched
from tests.rules.health_rigs import desktop_4090, full_4090
from tests.rules.rigs import found


def rate(images_per_s: float, half_width: float = 0.03) -> Rate:
    return Rate(
        images_per_s=images_per_s,
        low_images_per_s=images_per_s * (1 - half_width),
        high_images_per_s=images_per_s * (1 + half_width),
        best_images_per_s=images_per_s * 1.1,
        blocks=40,
    )


CPU = Grounds(
    device="cpu",
    as_written=rate(14_000),
    in_memory=rate(15_900),
    peak=rate(17_000),
    share_of_ceiling=0.12,
    threads=2,
    cores=2,
    cpus=2,
    workers=4,
    others_cpus=0.02,
    page_faults_a_step=160.0,
)
"""A calm machine on which no tier stands out."""
GPU = Grounds(
    device="cuda:0",
    as_written=rate(110_000),
    in_memory=rate(140_000),
    peak=rate(160_000),
    share_of_ceiling=0.01,
    utilization_percent=95.0,
    power_share=0.25,
    threads=8,
    cores=8,
    cpus=16,
)


def named(grounds: Grounds, **changes: Any) -> Bottleneck:
    return bottleneck(replace(grounds, **changes))


def kind(grounds: Grounds, **changes: Any) -> BottleneckKind:
    return named(grounds, **changes).kind


def test_nothing_stands_out() -> None:
    for grounds in (CPU, GPU):
        told = bottleneck(grounds)
        assert told.kind is BottleneckKind.NOT_TOLD
        assert "no tier is far below the next" in told.sentence
        assert len(told.evidence) == 3


def test_missing_tiers_are_said_with_what_would_tell() -> None:
    told = named(CPU, peak=None, as_written=None)
    assert told.kind is BottleneckKind.NOT_TOLD
    assert "lacks the as-written and the peak tier" in told.sentence
    assert "--full" in told.advice
    assert bottleneck(Grounds(device="mps")).kind is BottleneckKind.NOT_TOLD


def test_a_slow_loader() -> None:
    told = named(CPU, as_written=rate(6_342))
    assert told.kind is BottleneckKind.INPUT_PIPELINE
    assert "6.34 k images/s as written, 15.9 k images/s with the data in memory" in told.sentence
    assert told.evidence[0].text == "4 loader processes and 2 threads on 2 cores"
    assert told.advice


def test_a_loader_that_may_be_as_slow_by_chance_is_not_named() -> None:
    assert kind(CPU, as_written=rate(9_000, half_width=0.2)) is BottleneckKind.NOT_TOLD


def test_one_thread_of_two_cores() -> None:
    told = named(CPU, threads=1, as_written=rate(6_000))
    assert told.kind is BottleneckKind.HOST_THREADS
    assert told.sentence == "1 thread computes where 2 cores may be used"
    assert "OMP_NUM_THREADS=2" in told.advice


def test_more_threads_than_cpus() -> None:
    told = named(CPU, threads=64, cores=4, cpus=8)
    assert told.kind is BottleneckKind.HOST_THREADS
    assert told.sentence == "64 threads share 8 CPUs"
    assert "--threads 4" in told.advice


def test_more_threads_than_the_quota_grants_and_as_many() -> None:
    over = named(CPU, threads=8, cores=8, cpus=8, quota_cpus=2.0)
    assert over.sentence == "8 threads share the 2 CPUs that the cgroup grants"
    assert kind(CPU, threads=2, cores=8, cpus=8, quota_cpus=2.0) is BottleneckKind.NOT_TOLD


def test_a_thread_a_core_is_right_though_there_are_more_cpus() -> None:
    assert kind(CPU, threads=8, cores=8, cpus=16) is BottleneckKind.NOT_TOLD


def test_a_busy_neighbour() -> None:
    told = named(CPU, others_cpus=0.9, as_written=rate(6_000))
    assert told.kind is BottleneckKind.OTHER_PROGRAMS
    assert "take 0.9 of 2 CPUs" in told.sentence


def test_a_neighbour_on_cpus_that_nobody_needs_does_no_harm() -> None:
    assert kind(CPU, others_cpus=1.0, threads=8, cores=8, cpus=16) is BottleneckKind.NOT_TOLD
    assert kind(GPU, others_cpus=3.0) is BottleneckKind.NOT_TOLD


def test_another_program_on_the_gpu() -> None:
    told = named(GPU, other_gpu_programs=1, utilization_before_percent=80.0)
    assert told.kind is BottleneckKind.OTHER_PROGRAMS
    assert "busy 80 % of the time" in told.sentence


def test_a_program_that_only_holds_the_gpus_memory_does_no_harm() -> None:
    idle = kind(GPU, other_gpu_programs=1, utilization_before_percent=0.0)
    assert idle is BottleneckKind.NOT_TOLD


def test_memory_that_malloc_gives_back() -> None:
    told = named(CPU, page_faults_a_step=36_095.0)
    assert told.kind is BottleneckKind.PAGE_FAULTS
    assert "MALLOC_TRIM_THRESHOLD_" in told.advice
    assert kind(CPU, page_faults_a_step=211.0) is BottleneckKind.NOT_TOLD


def test_launches() -> None:
    told = named(GPU, peak=rate(900_000), launch_s=5e-6)
    assert told.kind is BottleneckKind.LAUNCHES
    assert "140 k images/s launch by launch, 900 k images/s as one graph" in told.sentence
    assert [e.text for e in told.evidence[:3]] == [
        "time with a kernel running: 95 %",
        "power: 25% of its limit",
        "one launch: 5.0 µs",
    ]


def test_a_step_that_waits_leaves_the_gpu_idle() -> None:
    told = named(GPU, peak=rate(900_000), utilization_percent=30.0)
    assert told.kind is BottleneckKind.LAUNCHES
    assert "idle 70 % of the time" in told.sentence
    assert ".item()" in told.advice


def test_launches_are_not_blamed_on_waits_where_there_are_none() -> None:
    told = named(GPU, peak=rate(900_000), utilization_percent=30.0, waits_in_memory=0.0)
    assert told.kind is BottleneckKind.LAUNCHES
    assert "idle 70 % of the time, launching too slowly: " in told.sentence
    assert "calls that wait for the device: 0 a step" in {e.text for e in told.evidence}
    assert ".item()" not in told.advice


def test_a_step_that_waits_though_it_need_not() -> None:
    told = named(GPU, peak=rate(900_000), waits_in_memory=2.0, waiting=waiting(1.0))
    assert told.kind is BottleneckKind.SYNCS
    assert told.sentence == (
        "each step waits for the device 2 times, with all data on it: 140 k images/s launch by "
        "launch, 900 k images/s as one graph"
    )
    assert "hooks" in told.advice
    once = named(GPU, peak=None, waits_in_memory=1.0)
    assert "waits for the device once, with all" in once.sentence


def test_waits_that_cost_nothing_are_none() -> None:
    assert kind(GPU, waits_in_memory=2.0) is BottleneckKind.NOT_TOLD
    assert kind(CPU, waits_in_memory=2.0, peak=rate(34_000)) is BottleneckKind.OPERATORS


def waiting(ratio: float, half_width: float = 0.02) -> Ratio:
    return Ratio(ratio=ratio, low=ratio - half_width, high=ratio + half_width, turns=15)


def test_a_step_that_waits_as_scripts_write_it() -> None:
    told = named(GPU, as_written=rate(50_000), waiting=waiting(0.4), waits_as_written=4.0)
    assert told.kind is BottleneckKind.SYNCS
    assert told.sentence == (
        "as written, each step waits for the device 4 times: 56.0 k images/s even on batches that "
        "lie ready, 140 k images/s without the waits"
    )
    assert [e.text for e in told.evidence[:2]] == [
        "the waits make a step 2.5× as long",
        "the loader makes it 1.1× as long on top of that",
    ]
    assert "pin_memory=True" in told.advice
    untold = named(GPU, as_written=rate(50_000), waiting=waiting(0.4))
    assert untold.sentence.startswith("as written, each step waits for the device: 56.0 k images/s")


def test_the_larger_of_the_two_losses_is_named() -> None:
    """The loader takes 2.8 times as long, the waits 1.4 times; then the other way round."""
    told = named(GPU, as_written=rate(35_000), waiting=waiting(0.7), waits_as_written=4.0)
    assert told.kind is BottleneckKind.INPUT_PIPELINE
    assert told.evidence[0].text == "as written, on batches that lie ready: 98.0 k images/s"
    assert kind(GPU, as_written=rate(35_000), waiting=waiting(0.4)) is BottleneckKind.SYNCS


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        # As measured on CPUs: 0.97 to 1.02 times.
        ({"as_written": rate(60_000), "waiting": waiting(0.97)}, BottleneckKind.INPUT_PIPELINE),
        ({"as_written": rate(60_000), "waiting": waiting(0.5, 0.5)}, BottleneckKind.INPUT_PIPELINE),
        ({"as_written": rate(120_000), "waiting": waiting(0.5)}, BottleneckKind.NOT_TOLD),
        ({"as_written": None, "waiting": waiting(0.5)}, BottleneckKind.NOT_TOLD),
    ],
)
def test_a_step_that_may_wait_for_nothing_is_not_named(
    changes: dict[str, Any], expected: BottleneckKind
) -> None:
    assert kind(GPU, **changes) is expected


def test_a_cpu_has_nothing_to_wait_for() -> None:
    told = kind(CPU, as_written=rate(5_000), waiting=waiting(0.4), waits_as_written=4.0)
    assert told is BottleneckKind.INPUT_PIPELINE


def test_without_the_graph_the_meters_tell() -> None:
    assert kind(GPU, peak=None) is BottleneckKind.LAUNCHES
    assert kind(GPU, peak=None, power_share=0.8) is BottleneckKind.NOT_TOLD
    assert kind(GPU, peak=None, power_share=None) is BottleneckKind.NOT_TOLD


def test_torchs_operators_on_a_cpu() -> None:
    told = named(CPU, peak=rate(34_000), share_of_ceiling=0.24)
    assert told.kind is BottleneckKind.OPERATORS
    assert told.evidence[0].text == "of the matrix product's rate: 24%"


def test_the_arithmetic_itself() -> None:
    told = named(CPU, share_of_ceiling=0.7)
    assert told.kind is BottleneckKind.ARITHMETIC
    assert "the arithmetic itself is the limit: training uses 70%" in told.sentence
    assert "memory's bandwidth" in named(CPU, memory_share=0.8).sentence
    assert kind(CPU, share_of_ceiling=0.4) is BottleneckKind.NOT_TOLD


def watching(reason: str, clock_mhz: float = 900.0, **facts: Any) -> Watched:
    """A GPU that had a second without that reason and two with it."""
    before = GpuSample(
        gpu="GPU-0",
        utilization_percent=90.0,
        power_w=90.0,
        sm_clock_mhz=clock_mhz,
        clocks_event_reasons=(),
    )
    held = msgspec.structs.replace(before, clocks_event_reasons=(reason,))
    readings = (*[before] * 4, *[held] * 8)
    samples = [Sample(time_s=10 + i / 4, gpus=(reading,)) for i, reading in enumerate(readings)]
    rig = desktop_4090(full_4090(sm_clock_max_mhz=found(3105), **facts))
    seen = watched(rig, gpu_changes(samples)[0], readings)
    assert seen is not None
    return seen


@pytest.mark.parametrize(
    "reason", ["hardware thermal slowdown", "power brake", "application clocks", "0x800"]
)
def test_a_capped_clock_with_its_reason_and_since_when(reason: str) -> None:
    told = named(GPU, peak=rate(900_000), **gpu_grounds(watching(reason)))
    assert told.kind is BottleneckKind.CLOCKS
    assert told.sentence == (
        f"its clocks are held down at 900 of 3105 MHz since second 11 of the run: {reason}"
    )
    assert told.evidence[0].text == f"{reason} in 67% of the samples under load"
    assert told.advice


def test_a_lowered_power_limit_holds_and_the_cards_own_does_not() -> None:
    own = watching("power cap")
    lowered = watching("power cap", power_limit_enforced_w=found(200.0))
    assert kind(GPU, **gpu_grounds(own)) is BottleneckKind.NOT_TOLD
    assert kind(GPU, **gpu_grounds(lowered)) is BottleneckKind.CLOCKS
    assert gpu_grounds(lowered)["power_share"] == pytest.approx(0.45)


def test_the_reason_itself_is_told_and_not_the_word_for_all_of_them() -> None:
    reading = GpuSample(
        gpu="GPU-0",
        utilization_percent=90.0,
        clocks_event_reasons=("hardware slowdown", "power brake"),
    )
    changes = gpu_changes([Sample(time_s=1.0, gpus=(reading,))])[0]
    seen = watched(desktop_4090(), changes, (reading,))
    assert seen is not None
    assert gpu_grounds(seen)["held_by"] == "power brake"


@pytest.mark.parametrize("reason", ["idle", "display clocks", "reliability limit"])
def test_harmless_reasons_are_none(reason: str) -> None:
    assert kind(GPU, **gpu_grounds(watching(reason))) is BottleneckKind.NOT_TOLD


def test_a_clock_near_its_highest_is_not_held_down() -> None:
    fast = gpu_grounds(watching("power brake", clock_mhz=3000.0))
    assert kind(GPU, **fast) is BottleneckKind.NOT_TOLD
