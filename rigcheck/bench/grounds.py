"""What is known of one device's training, put together from the run and the rig."""

import dataclasses
import statistics
from collections.abc import Sequence

from rigcheck.bench.bottleneck_grounds import Grounds
from rigcheck.bench.ceiling import launch_s
from rigcheck.bench.gpu_grounds import gpu_grounds
from rigcheck.bench.result import BenchRun, Block, DeviceRun, Rate
from rigcheck.bench.stretches import longest, samples_within, stretches
from rigcheck.bench.tier import Tier
from rigcheck.facts import ProcessKind, Rig, value_of
from rigcheck.monitor.changes import gpu_changes
from rigcheck.rules.watched import Watched, watched
from rigcheck.target.forms.workers import WORKERS

_BEFORE_S = 1.0
"""After the run's start: our own workers still import torch, and no kernel of ours runs yet."""


def grounds_of(rig: Rig, bench: BenchRun, run: DeviceRun) -> Grounds:
    """What the bottleneck of that device is found from. What was not measured is None."""
    cpu, waits = rig.cpu, run.waits
    grounds = Grounds(
        device=run.device,
        as_written=rate_in(run, Tier.AS_WRITTEN),
        in_memory=run.rate,
        peak=rate_in(run, Tier.PEAK),
        share_of_ceiling=_best_share(run),
        others_cpus=_others(run.blocks),
        threads=run.threads,
        cores=value_of(cpu.usable_cores),
        cpus=value_of(cpu.usable_threads),
        quota_cpus=value_of(cpu.quota_cpus),
        workers=WORKERS if run.blocks_in(Tier.AS_WRITTEN) else None,
        page_faults_a_step=_faults_a_step(run.blocks),
        waiting=waits.of_in_memory if waits else None,
        waits_as_written=waits.as_written_a_step if waits else None,
        waits_in_memory=waits.in_memory_a_step if waits else None,
    )
    seen = _watched_long(rig, bench, run)
    if seen is None:
        return grounds
    return dataclasses.replace(
        grounds,
        launch_s=launch_s(run.ceilings),
        other_gpu_programs=_other_programs(seen),
        utilization_before_percent=_utilization_before(bench, run),
        **gpu_grounds(seen),
    )


def rate_in(run: DeviceRun, tier: Tier) -> Rate | None:
    """The rate in that form; None where it was not measured."""
    if tier is Tier.IN_MEMORY:
        return run.rate
    return next((other.rate for other in run.tiers if other.tier is tier), None)


def _best_share(run: DeviceRun) -> float | None:
    shares = [run.ceiling_share, *(tier.ceiling_share for tier in run.tiers)]
    return max((share.share for share in shares if share is not None), default=None)


def _others(blocks: Sequence[Block]) -> float | None:
    told = [block.cores_of_others for block in blocks if block.cores_of_others is not None]
    return statistics.median(told) if told else None


def _faults_a_step(blocks: Sequence[Block]) -> float | None:
    told = [(b.page_faults, b.steps) for b in blocks if b.page_faults is not None and b.steps]
    return sum(faults for faults, _ in told) / sum(steps for _, steps in told) if told else None


def _watched_long(rig: Rig, bench: BenchRun, run: DeviceRun) -> Watched | None:
    """The GPU in its longest stretch, the only one that meters with a window tell the truth of."""
    during = samples_within(bench.samples, longest(stretches(run.blocks)))
    changes = next((c for c in gpu_changes(during) if c.gpu == run.identity), None)
    if changes is None:
        return None
    readings = tuple(gpu for sample in during for gpu in sample.gpus if gpu.gpu == run.identity)
    return watched(rig, changes, readings)


def _other_programs(seen: Watched) -> int | None:
    """Those that the check found, before ours was started."""
    processes = value_of(seen.gpu.processes)
    if processes is None:
        return None
    return sum(process.kind is not ProcessKind.GRAPHICS for process in processes)


def _utilization_before(bench: BenchRun, run: DeviceRun) -> float | None:
    told = [
        gpu.utilization_percent
        for sample in bench.samples
        if sample.time_s < _BEFORE_S
        for gpu in sample.gpus
        if gpu.gpu == run.identity and gpu.utilization_percent is not None
    ]
    return statistics.fmean(told) if told else None
