from dataclasses import replace
from typing import Any

import pytest

from rigcheck.bench.bottleneck_grounds import Grounds
from rigcheck.bench.result import Ratio
from rigcheck.bench.tier_findings import judge_against_cpu, judge_tiers
from rigcheck.findings import Finding, Verdict
from tests.bench.test_bottleneck import CPU, GPU, rate


def judged(grounds: Grounds, **changes: Any) -> dict[str, Finding]:
    return {f.id: f for f in judge_tiers("GPU 0", replace(grounds, **changes))}


def test_healthy_machines_pass_all_of_it() -> None:
    """LeNet as scripts train it: slow by its loader, and by launches, everywhere."""
    cpu = judged(CPU, as_written=rate(6_342))
    gpu = judged(GPU, as_written=rate(25_000), peak=rate(900_000), launch_s=6e-6)
    assert set(cpu) == {"slow-input-pipeline", "cpu-threads-oversubscribed"}
    assert set(gpu) == {"slow-input-pipeline", "launch-bound"}
    assert {f.verdict for f in (*cpu.values(), *gpu.values())} == {Verdict.PASS}
    assert (
        gpu["launch-bound"].headline
        == "GPU 0 trains LeNet 6.4× as fast without the host's launches"
    )


def test_a_loader_that_feeds_a_twentieth_starves_the_gpu() -> None:
    starved = judged(GPU, as_written=rate(7_000))["slow-input-pipeline"]
    assert starved.verdict is Verdict.WARN
    assert (
        starved.headline == "the data loader starves GPU 0: it feeds 5% of what could be trained on"
    )
    assert starved.remedy is not None


def test_a_loader_is_held_against_what_could_be_trained_on_without_it() -> None:
    """A fourteenth of the in-memory rate, but a sixth of what the waits leave of it."""
    waits = Ratio(ratio=0.4, low=0.38, high=0.42, turns=15)
    fed = judged(GPU, as_written=rate(10_000), waiting=waits)["slow-input-pipeline"]
    assert fed.verdict is Verdict.PASS
    assert fed.headline == "the data loader feeds GPU 0 18% of what it could train on"
    assert "on batches that lie ready: 56.0 k images/s" in {e.text for e in fed.evidence}


def test_a_loader_that_may_feed_a_tenth_does_not() -> None:
    near = judged(GPU, as_written=rate(13_500, half_width=0.05))["slow-input-pipeline"]
    assert near.verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("launch_s", "verdict"), [(60e-6, Verdict.WARN), (20e-6, Verdict.PASS), (None, Verdict.PASS)]
)
def test_launches_are_wrong_only_where_each_takes_far_too_long(
    launch_s: float | None, verdict: Verdict
) -> None:
    bound = judged(GPU, peak=rate(900_000), launch_s=launch_s)["launch-bound"]
    assert bound.verdict is verdict


def test_slow_launches_that_nothing_waits_for_do_no_harm() -> None:
    bound = judged(GPU, peak=rate(141_000), launch_s=60e-6)["launch-bound"]
    assert bound.verdict is Verdict.PASS


def test_a_tier_that_was_not_measured_is_not_judged() -> None:
    assert judged(Grounds(device="cuda:0", in_memory=rate(1_000))) == {}


@pytest.mark.parametrize(("threads", "verdict"), [(3, Verdict.WARN), (2, Verdict.PASS)])
def test_threads_that_the_user_asked_for_may_be_too_many(threads: int, verdict: Verdict) -> None:
    finding = judged(CPU, threads=threads)["cpu-threads-oversubscribed"]
    assert finding.verdict is verdict
    assert (finding.remedy is not None) is (verdict is Verdict.WARN)


@pytest.mark.parametrize(("quota", "verdict"), [(1.0, Verdict.WARN), (1.5, Verdict.PASS)])
def test_a_quota_that_the_threads_use_up(quota: float, verdict: Verdict) -> None:
    assert judged(CPU, quota_cpus=quota)["cgroup-limits-cpu"].verdict is verdict


@pytest.mark.parametrize(
    ("gpu", "verdict"),
    [(9_000, Verdict.WARN), (15_800, Verdict.PASS), (140_000, Verdict.PASS)],
)
def test_a_gpu_that_is_slower_than_the_cpu(gpu: float, verdict: Verdict) -> None:
    (finding,) = judge_against_cpu("GPU 0", rate(gpu), rate(16_000))
    assert (finding.id, finding.verdict) == ("gpu-slower-than-cpu", verdict)


def test_without_both_rates_nothing_is_compared() -> None:
    assert judge_against_cpu("GPU 0", None, rate(1.0)) == ()
    assert judge_against_cpu("GPU 0", rate(1.0), None) == ()
