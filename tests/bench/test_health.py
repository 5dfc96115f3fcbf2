"""Health of the GPUs that trained, from the samples of their own time."""

import msgspec

from rigcheck.bench.health import judge_health, samples_during
from rigcheck.bench.result import BenchRun, Block, DeviceRun, Outcome
from rigcheck.findings import Verdict
from rigcheck.monitor.sample import GpuSample, Sample
from tests.rules.health_rigs import desktop_4090

GPU = "GPU-0"


def run(identity: str, start_at_s: float, end_at_s: float) -> DeviceRun:
    block = Block(start_at_s=start_at_s, end_at_s=end_at_s, images=100, epoch=1, loss=0.1)
    return DeviceRun(
        device="cuda:0" if identity else "cpu",
        label="GPU 0" if identity else "CPU",
        name="NVIDIA GeForce RTX 4090" if identity else "CPU",
        identity=identity,
        outcome=Outcome.DONE,
        error="",
        hint="",
        stage="evaluation",
        python="python3",
        torch_version="2.15.0",
        threads=None,
        batch_size=100,
        data=None,
        warm_up_s=None,
        rate=None,
        epoch_s=None,
        blocks=(block,),
        epochs=(),
        evaluation=None,
    )


def sample(time_s: float, generation: int) -> Sample:
    reading = GpuSample(
        gpu=GPU, utilization_percent=99.0, pcie_generation=generation, pcie_width=16
    )
    return Sample(time_s=time_s, gpus=(reading,))


def bench(*samples: Sample) -> BenchRun:
    return BenchRun(
        started_at="2026-11-23T01:00:00Z",
        devices=(run("", 0.0, 5.0), run(GPU, 6.0, 9.0)),
        speed_ups=(),
        samples=samples,
    )


def link_verdict(measured: BenchRun) -> Verdict:
    findings = judge_health(desktop_4090(), measured)
    assert {finding.subject for finding in findings} == {"GPU 0"}
    return next(f.verdict for f in findings if f.id == "pcie-link-degraded")


def test_only_the_gpus_own_time_counts() -> None:
    others = [sample(t / 4, 1) for t in range(20)]  # somebody else's work, while the CPU trained
    own = [sample(6 + t / 4, 4) for t in range(12)]
    assert link_verdict(bench(*others, *own)) is Verdict.PASS


def test_a_link_that_was_fast_only_before_our_run_is_degraded_in_it() -> None:
    others = [sample(t / 4, 4) for t in range(20)]
    own = [sample(6 + t / 4, 1) for t in range(12)]
    assert link_verdict(bench(*others, *own)) is Verdict.WARN


def test_each_finding_is_well_formed() -> None:
    findings = judge_health(desktop_4090(), bench(*[sample(6 + t / 4, 1) for t in range(12)]))
    for finding in findings:
        assert finding.link.startswith("https://")
        assert finding.verdict is Verdict.SKIP or finding.evidence
        assert finding.verdict is not Verdict.WARN or finding.remedy is not None


def test_a_run_without_blocks_has_no_time_of_its_own() -> None:
    whole = run(GPU, 0.0, 1.0)
    failed = msgspec.structs.replace(whole, blocks=())
    assert samples_during(whole, (sample(0.5, 4),))
    assert not samples_during(failed, (sample(0.5, 4),))
