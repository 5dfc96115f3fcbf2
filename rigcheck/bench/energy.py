"""Images a joule: what a device learned from, for what it consumed in the same time."""

import itertools
from collections.abc import Sequence

from rigcheck.bench.conclusions import Energy, EnergySource
from rigcheck.bench.result import Block
from rigcheck.monitor.changes import increase
from rigcheck.monitor.sample import GpuSample, Sample

_SHORTEST_S = 1.0
"""Over less time a counter that moves in steps says nothing."""


def gpu_energy(identity: str, samples: Sequence[Sample], blocks: Sequence[Block]) -> Energy | None:
    """By the counter, else by the power; None where neither was read for a second or more.

    Args:
        identity: of the GPU.
        samples: in order of time, those while it trained.
        blocks: its training.
    """
    own = [(s.time_s, gpu) for s in samples for gpu in s.gpus if gpu.gpu == identity]
    counted = [(time_s, gpu.energy_j) for time_s, gpu in own if gpu.energy_j is not None]
    energy_j = increase(value for _, value in counted)
    if energy_j:
        return _energy(energy_j, [t for t, _ in counted], blocks, EnergySource.GPU_COUNTER)
    return _by_power(own, blocks)


def cpu_energy(samples: Sequence[Sample], blocks: Sequence[Block]) -> Energy | None:
    """By RAPL; None where it was not read. Why not, `rigcheck.monitor.cpu_energy` tells."""
    counted = [(s.time_s, s.cpu_energy_j) for s in samples if s.cpu_energy_j is not None]
    energy_j = increase(value for _, value in counted)
    if not energy_j:
        return None
    return _energy(energy_j, [time_s for time_s, _ in counted], blocks, EnergySource.CPU_COUNTER)


def _by_power(
    readings: Sequence[tuple[float, GpuSample]], blocks: Sequence[Block]
) -> Energy | None:
    """The trapezoids between the readings."""
    told = [(time_s, gpu.power_w) for time_s, gpu in readings if gpu.power_w is not None]
    energy_j = sum((t2 - t1) * (p1 + p2) / 2 for (t1, p1), (t2, p2) in itertools.pairwise(told))
    if not energy_j:
        return None
    return _energy(energy_j, [time_s for time_s, _ in told], blocks, EnergySource.GPU_POWER)


def _energy(
    energy_j: float, times_s: Sequence[float], blocks: Sequence[Block], source: EnergySource
) -> Energy | None:
    start_s, end_s = times_s[0], times_s[-1]
    duration_s = end_s - start_s
    parts = [(_overlap_s(block, start_s, end_s), block) for block in blocks]
    images = sum(overlap_s * block.images_per_s for overlap_s, block in parts)
    if duration_s < _SHORTEST_S or not images:
        return None
    return Energy(
        images_per_j=images / energy_j,
        energy_j=energy_j,
        duration_s=duration_s,
        images=images,
        mean_power_w=energy_j / duration_s,
        active_share=min(1.0, sum(overlap_s for overlap_s, _ in parts) / duration_s),
        source=source,
    )


def _overlap_s(block: Block, start_s: float, end_s: float) -> float:
    return max(0.0, min(block.end_at_s, end_s) - max(block.start_at_s, start_s))
