"""What a GPU went through while it was watched: the extremes, the changes, and what held it back.

Counters are judged by their change in that time, the link and the clocks only under load: at rest
a healthy card runs slow to save power.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from rigcheck.monitor.sample import GpuSample, Sample, XidEvent

LOAD_PERCENT = 20.0
"""Utilization from which a GPU counts as loaded: a desktop at rest stays below, LeNet does not."""


class Throttle(msgspec.Struct, frozen=True, kw_only=True):
    """One reason for which the clocks were not higher."""

    reason: str
    """As in `GpuSample.clocks_event_reasons`."""
    first_s: float
    """Time of the first sample under load with it."""
    share: float
    """Of the samples under load that told any reason or none, 0 to 1."""


class GpuChanges(msgspec.Struct, frozen=True, kw_only=True):
    """One GPU's time under watch.

    None: it was never told, or, where load is needed, the GPU was never under load.
    """

    gpu: str
    """Its identity: UUID, else PCI bus id."""
    samples: int
    """In which it answered at all."""
    samples_under_load: int
    """In which it was busy for `LOAD_PERCENT` of the driver's sample period or more."""
    pcie_generation_max: int | None = None
    """The highest seen under load."""
    pcie_width_max: int | None = None
    """The widest seen under load."""
    sm_clock_max_mhz: float | None = None
    """The highest seen under load."""
    power_max_w: float | None = None
    """The highest seen."""
    temperature_max_c: float | None = None
    """Of the chip, the highest seen."""
    memory_temperature_max_c: float | None = None
    """Of the memory, the highest seen."""
    energy_j: float | None = None
    """Consumed between the first and the last sample that told it."""
    ecc_corrected_errors: int | None = None
    """New ones, between the first and the last sample that told the counter; as the two below."""
    ecc_uncorrected_errors: int | None = None
    pcie_replays: int | None = None
    throttles: tuple[Throttle, ...] = ()
    """In order of the first time; the harmless reasons too."""
    xids: tuple[int, ...] | None = None
    """The errors that the driver reported, in order."""


def gpu_changes(samples: Iterable[Sample]) -> tuple[GpuChanges, ...]:
    """What each GPU went through, in the order in which they appear.

    Args:
        samples: in order of time.
    """
    readings: dict[str, list[tuple[float, GpuSample]]] = {}
    xids: list[XidEvent] | None = None
    for sample in samples:
        if sample.xids is not None:
            xids = [*(xids or ()), *sample.xids]
        for gpu in sample.gpus:
            readings.setdefault(gpu.gpu, []).append((sample.time_s, gpu))
    return tuple(_changes(name, told, xids) for name, told in readings.items())


def increase(readings: Iterable[float | None]) -> float | None:
    """How much a counter grew; one that falls has begun anew. None without two readings.

    As Prometheus' `increase`, without its extrapolation.
    """
    told = [reading for reading in readings if reading is not None]
    steps = [now - before if now >= before else now for before, now in itertools.pairwise(told)]
    return sum(steps) if steps else None


def _changes(
    identity: str, readings: Sequence[tuple[float, GpuSample]], xids: Sequence[XidEvent] | None
) -> GpuChanges:
    answered = [(time_s, gpu) for time_s, gpu in readings if gpu != GpuSample(gpu=identity)]
    loaded = [(time_s, gpu) for time_s, gpu in answered if _is_loaded(gpu)]
    own = None if xids is None else tuple(event.xid for event in xids if event.gpu == identity)
    return GpuChanges(
        gpu=identity,
        samples=len(answered),
        samples_under_load=len(loaded),
        pcie_generation_max=_highest(loaded, "pcie_generation"),
        pcie_width_max=_highest(loaded, "pcie_width"),
        sm_clock_max_mhz=_highest(loaded, "sm_clock_mhz"),
        power_max_w=_highest(answered, "power_w"),
        temperature_max_c=_highest(answered, "temperature_c"),
        memory_temperature_max_c=_highest(answered, "memory_temperature_c"),
        energy_j=_growth(answered, "energy_j"),
        ecc_corrected_errors=_growth(answered, "ecc_corrected_errors"),
        ecc_uncorrected_errors=_growth(answered, "ecc_uncorrected_errors"),
        pcie_replays=_growth(answered, "pcie_replays"),
        throttles=tuple(_throttles(loaded)),
        xids=own,
    )


def _is_loaded(gpu: GpuSample) -> bool:
    return gpu.utilization_percent is not None and gpu.utilization_percent >= LOAD_PERCENT


def _highest(readings: Iterable[tuple[float, GpuSample]], field: str) -> Any:
    told = (getattr(gpu, field) for _, gpu in readings)
    return max((value for value in told if value is not None), default=None)


def _growth(readings: Iterable[tuple[float, GpuSample]], field: str) -> Any:
    return increase(getattr(gpu, field) for _, gpu in readings)


def _throttles(loaded: Sequence[tuple[float, GpuSample]]) -> Iterator[Throttle]:
    told = [(t, gpu.clocks_event_reasons) for t, gpu in loaded]
    known = [(t, reasons) for t, reasons in told if reasons is not None]
    times: dict[str, list[float]] = {}
    for time_s, reasons in known:
        for reason in reasons:
            times.setdefault(reason, []).append(time_s)
    for reason, seen in times.items():
        yield Throttle(reason=reason, first_s=seen[0], share=len(seen) / len(known))
