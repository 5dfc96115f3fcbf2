"""What a benchmark says of the GPUs' health, from the samples taken while each of them trained."""

from collections.abc import Iterator

from rigcheck.bench.result import BenchRun, DeviceRun
from rigcheck.facts import Rig
from rigcheck.findings import Finding
from rigcheck.monitor.changes import gpu_changes
from rigcheck.monitor.sample import Sample
from rigcheck.rules.rule import Judgement
from rigcheck.rules.under_load import LoadRule, judgements
from rigcheck.rules.watched import watched


def judge_health(rig: Rig, bench: BenchRun) -> tuple[Finding, ...]:
    """The findings of each GPU that trained, in the order of the runs."""
    return tuple(finding for run in bench.devices for finding in _judge_run(rig, bench, run))


def samples_during(run: DeviceRun, samples: tuple[Sample, ...]) -> tuple[Sample, ...]:
    """Those between the run's first and its last block: warm-up and other devices' time are out."""
    if not run.blocks:
        return ()
    start_s, end_s = run.blocks[0].start_at_s, run.blocks[-1].end_at_s
    return tuple(sample for sample in samples if start_s <= sample.time_s <= end_s)


def _judge_run(rig: Rig, bench: BenchRun, run: DeviceRun) -> Iterator[Finding]:
    during = samples_during(run, bench.samples)
    for changes in gpu_changes(during):
        if changes.gpu != run.identity:
            continue
        readings = tuple(g for sample in during for g in sample.gpus if g.gpu == run.identity)
        seen = watched(rig, changes, readings)
        if seen is not None:
            yield from (_finding(run, rule, judgement) for rule, judgement in judgements(seen))


def _finding(run: DeviceRun, rule: LoadRule, judgement: Judgement) -> Finding:
    return Finding(
        id=rule.id,
        verdict=judgement.verdict,
        headline=judgement.headline,
        group="benchmark",
        subject=run.label,
        evidence=judgement.evidence,
        remedy=judgement.remedy,
        link=rule.link,
    )
