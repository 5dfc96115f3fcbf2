"""A bounded series of samples: it covers the whole run, however long, in limited memory."""

from collections.abc import Iterable, Iterator, Sequence
from statistics import fmean
from typing import Any

from rigcheck.monitor.sample import GpuSample, Sample, XidEvent

_COUNTERS = ("energy_j", "pcie_replays", "ecc_corrected_errors", "ecc_uncorrected_errors")
_LINK = ("pcie_generation", "pcie_width")
_MEANS = (
    "utilization_percent",
    "power_w",
    "temperature_c",
    "memory_temperature_c",
    "sm_clock_mhz",
    "memory_clock_mhz",
    "fan_percent",
    "pcie_sent_bytes_per_s",
    "pcie_received_bytes_per_s",
)
_XIDS_KEPT = 64


class SampleSeries:
    """Samples in order of time. When they are too many, each two neighbours become one."""

    def __init__(self, limit: int = 4096) -> None:
        """Starts empty.

        Args:
            limit: samples kept at most, an even number; 4096 are 17 minutes at 4 Hz.
        """
        self._limit = limit
        self._samples: list[Sample] = []
        self._group_size = 1
        self._group: list[Sample] = []

    def add(self, sample: Sample) -> None:
        """Takes the next sample."""
        self._group.append(sample)
        if len(self._group) == self._group_size:
            alone = self._group_size == 1
            self._samples.append(sample if alone else mean_sample(self._group))
            self._group = []
        if len(self._samples) == self._limit:
            self._samples = [mean_sample(pair) for pair in _pairs(self._samples)]
            self._group_size *= 2

    @property
    def samples(self) -> tuple[Sample, ...]:
        """What is kept; at lower resolution, the newest few readings may still be missing."""
        return tuple(self._samples)


def mean_sample(samples: Sequence[Sample]) -> Sample:
    """Neighbours as one: its time is the last one's.

    Of each meter it has the mean of what was read, of a counter the last reading, of the link the
    best, of reasons and errors all. A meter is a gap only if none of them read it.
    """
    told = [s.cpu_percent_per_core for s in samples if s.cpu_percent_per_core]
    per_core = zip(*told, strict=False)  # a CPU may have come or gone
    return Sample(
        time_s=samples[-1].time_s,
        cpu_percent=_mean(s.cpu_percent for s in samples),
        cpu_percent_per_core=tuple(fmean(core) for core in per_core),
        cpu_frequency_mhz=_mean(s.cpu_frequency_mhz for s in samples),
        cpu_temperature_c=_mean(s.cpu_temperature_c for s in samples),
        cpu_energy_j=_last(s.cpu_energy_j for s in samples),
        memory_used_bytes=_whole(_mean(s.memory_used_bytes for s in samples)),
        xids=_all(s.xids for s in samples),
        gpus=tuple(_mean_gpus(samples)),
    )


def _mean_gpus(samples: Sequence[Sample]) -> Iterator[GpuSample]:
    by_identity: dict[str, list[GpuSample]] = {}
    for sample in samples:
        for gpu in sample.gpus:
            by_identity.setdefault(gpu.gpu, []).append(gpu)
    for gpus in by_identity.values():
        yield mean_gpu(gpus)


def mean_gpu(samples: Sequence[GpuSample]) -> GpuSample:
    """One GPU's neighbours as one."""
    told = {name: _told(samples, name) for name in GpuSample.__struct_fields__[1:]}
    figures: dict[str, Any] = {name: _mean(told[name]) for name in _MEANS}
    figures |= {name: told[name][-1] if told[name] else None for name in _COUNTERS}
    figures |= {name: max(told[name], default=None) for name in _LINK}
    return GpuSample(
        gpu=samples[0].gpu,
        memory_used_bytes=_whole(_mean(told["memory_used_bytes"])),
        clocks_event_reasons=_united(told["clocks_event_reasons"]),
        **figures,
    )


def _told(samples: Sequence[GpuSample], name: str) -> list[Any]:
    values = (getattr(sample, name) for sample in samples)
    return [value for value in values if value is not None]


def _united(reasons: Iterable[tuple[str, ...]]) -> tuple[str, ...] | None:
    lists = list(reasons)
    return tuple(dict.fromkeys(word for words in lists for word in words)) if lists else None


def _all(xids: Iterable[tuple[XidEvent, ...] | None]) -> tuple[XidEvent, ...] | None:
    """Bounded as everything here: of a flood the first ones."""
    told = [events for events in xids if events is not None]
    return tuple(event for events in told for event in events)[:_XIDS_KEPT] if told else None


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None


def _last(values: Iterable[float | None]) -> float | None:
    return next((value for value in reversed(list(values)) if value is not None), None)


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def _pairs(samples: list[Sample]) -> Iterator[tuple[Sample, Sample]]:
    return zip(samples[::2], samples[1::2], strict=True)
