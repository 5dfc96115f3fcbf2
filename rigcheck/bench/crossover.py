"""From which batch size on a device is faster than the CPU, and where each is fastest."""

from collections.abc import Iterator, Sequence

from rigcheck.bench.result import DeviceRun, SweepPoint
from rigcheck.units import rate_text


def crossover_sentences(runs: Sequence[DeviceRun]) -> Iterator[str]:
    """One for each device whose batch sizes were swept beside the CPU's; none without the CPU."""
    cpu = next((run for run in runs if run.device == "cpu" and run.batch_sizes), None)
    for run in runs:
        if cpu is not None and run is not cpu and run.batch_sizes:
            yield f"{_wins(run, cpu)}; best {_best(run)}, CPU {_best(cpu)}"


def wins_from(device: Sequence[SweepPoint], cpu: Sequence[SweepPoint]) -> int | None:
    """The smallest batch from which on the device is always the faster; None where it is not.

    Batches that only one of the two could train are left out.
    """
    cpu_rates = {point.value: point.images_per_s for point in cpu}
    common = sorted(
        (point for point in device if point.value in cpu_rates), key=lambda p: p.value, reverse=True
    )
    first: int | None = None
    for point in common:
        if point.images_per_s <= cpu_rates[point.value]:
            break
        first = point.value
    return first


def _wins(run: DeviceRun, cpu: DeviceRun) -> str:
    first = wins_from(run.batch_sizes, cpu.batch_sizes)
    if first is None:
        return f"{run.label} is not faster than the CPU at large batches"
    return f"{run.label} is faster than the CPU from batch {first:,} on"


def _best(run: DeviceRun) -> str:
    best = max(run.batch_sizes, key=lambda point: point.images_per_s)
    return f"{rate_text(best.images_per_s)} images/s at batch {best.value:,}"
