"""What follows from a benchmark: conclusions into the run itself, findings about the machine."""

from collections.abc import Iterator

import msgspec

from rigcheck.bench.agreement import judge_agreement
from rigcheck.bench.before import judge_before
from rigcheck.bench.bottleneck import bottleneck
from rigcheck.bench.conclusions import Energy
from rigcheck.bench.energy import cpu_energy, gpu_energy
from rigcheck.bench.findings import judge_bench
from rigcheck.bench.grounds import grounds_of
from rigcheck.bench.health import judge_health
from rigcheck.bench.published import judge_products, judge_published
from rigcheck.bench.result import BenchRun, DeviceRun
from rigcheck.bench.stretches import longest, samples_within, stretches
from rigcheck.bench.tier_findings import judge_against_cpu, judge_tiers
from rigcheck.facts import Rig
from rigcheck.findings import Finding


def concluded(rig: Rig, bench: BenchRun) -> BenchRun:
    """The same run with each device's bottleneck and energy."""
    devices = tuple(_conclude(rig, bench, run) for run in bench.devices)
    return msgspec.structs.replace(bench, devices=devices)


def judge_run(rig: Rig, bench: BenchRun) -> tuple[Finding, ...]:
    """The findings of each device, then of its health, then of what it was compared with."""
    own = (*judge_bench(bench), *judge_agreement(bench), *judge_health(rig, bench))
    return (
        *own,
        *(finding for run in bench.devices for finding in judge_before(run, own)),
        *(finding for run in bench.devices if run.rate for finding in _measured(rig, bench, run)),
    )


def _conclude(rig: Rig, bench: BenchRun, run: DeviceRun) -> DeviceRun:
    if run.rate is None:
        return run
    return msgspec.structs.replace(
        run, bottleneck=bottleneck(grounds_of(rig, bench, run)), energy=_energy(bench, run)
    )


def _energy(bench: BenchRun, run: DeviceRun) -> Energy | None:
    """Of the longest turn: in the short ones the device also waits for the others."""
    during = samples_within(bench.samples, longest(stretches(run.blocks)))
    if run.identity:
        return gpu_energy(run.identity, during, run.blocks)
    return cpu_energy(during, run.blocks)


def _measured(rig: Rig, bench: BenchRun, run: DeviceRun) -> Iterator[Finding]:
    yield from judge_tiers(run.label, grounds_of(rig, bench, run))
    yield from judge_products(run, run.ceilings)
    cpu = next((other for other in bench.devices if other.device == "cpu"), None)
    if run.device == "cpu":
        return
    during = samples_within(bench.samples, run.ceilings_at)
    yield from judge_published(rig, run, run.ceilings, during)
    yield from judge_against_cpu(run.label, run.rate, cpu.rate if cpu else None)
