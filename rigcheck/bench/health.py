"""What a benchmark says of the GPUs' health, from the samples taken while each of them trained."""

from collections.abc import Iterator

from rigcheck.bench.ceiling import pinned_bytes_per_s
from rigcheck.bench.result import BenchRun, DeviceRun
from rigcheck.facts import Rig
from rigcheck.findings import Finding
from rigcheck.monitor.changes import GpuChanges, gpu_changes
from rigcheck.monitor.sample import Sample
from rigcheck.rules.load_twins import Trained, judge_twins
from rigcheck.rules.rule import Judgement
from rigcheck.rules.twins import gpu_outlier
from rigcheck.rules.under_load import judgements
from rigcheck.rules.watched import watched


def judge_health(rig: Rig, bench: BenchRun) -> tuple[Finding, ...]:
    """The findings of each GPU that trained, in the order of the runs, then those of twins."""
    own = (finding for run in bench.devices for finding in _judge_run(rig, bench, run))
    return (*own, *_judge_all_twins(bench))


def samples_during(run: DeviceRun, samples: tuple[Sample, ...]) -> tuple[Sample, ...]:
    """Those between the run's first and its last block: warm-up and other devices' time are out."""
    if not run.blocks:
        return ()
    start_s, end_s = run.blocks[0].start_at_s, run.blocks[-1].end_at_s
    return tuple(sample for sample in samples if start_s <= sample.time_s <= end_s)


def _judge_run(rig: Rig, bench: BenchRun, run: DeviceRun) -> Iterator[Finding]:
    during = samples_during(run, bench.samples)
    changes = _changes_of(run, during)
    readings = tuple(g for sample in during for g in sample.gpus if g.gpu == run.identity)
    copied = pinned_bytes_per_s(run.ceilings)
    seen = watched(rig, changes, readings, copied) if changes is not None else None
    if seen is not None:
        for rule, judgement in judgements(seen):
            yield _finding(run.label, rule.id, rule.link, judgement)


def _judge_all_twins(bench: BenchRun) -> Iterator[Finding]:
    gpus = [run for run in bench.devices if run.identity]
    for name in dict.fromkeys(run.name for run in gpus):
        twins = [_trained(run, bench) for run in gpus if run.name == name]
        for judgement in judge_twins([twin for twin in twins if twin is not None]):
            yield _finding(judgement.subject, gpu_outlier.id, gpu_outlier.link, judgement)


def _trained(run: DeviceRun, bench: BenchRun) -> Trained | None:
    if run.rate is None:
        return None
    changes = _changes_of(run, samples_during(run, bench.samples))
    return Trained(
        subject=run.label,
        images_per_s=run.rate.images_per_s,
        high_images_per_s=run.rate.high_images_per_s,
        sm_clock_max_mhz=None if changes is None else changes.sm_clock_max_mhz,
    )


def _changes_of(run: DeviceRun, samples: tuple[Sample, ...]) -> GpuChanges | None:
    return next((c for c in gpu_changes(samples) if c.gpu == run.identity), None)


def _finding(subject: str, id_: str, link: str, judgement: Judgement) -> Finding:
    return Finding(
        id=id_,
        verdict=judgement.verdict,
        headline=judgement.headline,
        group="benchmark",
        subject=subject,
        evidence=judgement.evidence,
        remedy=judgement.remedy,
        link=link,
    )
