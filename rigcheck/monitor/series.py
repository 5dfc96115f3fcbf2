"""A bounded series of samples: it covers the whole run, however long, in limited memory."""

from collections.abc import Iterable, Iterator, Sequence
from statistics import fmean

from rigcheck.monitor.sample import GpuSample, Sample


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
            self._samples.append(mean_sample(self._group))
            self._group = []
        if len(self._samples) == self._limit:
            self._samples = [mean_sample(pair) for pair in _pairs(self._samples)]
            self._group_size *= 2

    @property
    def samples(self) -> tuple[Sample, ...]:
        """What is kept; at lower resolution, the newest few readings may still be missing."""
        return tuple(self._samples)


def mean_sample(samples: Sequence[Sample]) -> Sample:
    """Neighbours as one: its time is the last one's, each meter the mean of what was read.

    A meter is a gap only if none of them read it.
    """
    told = [s.cpu_percent_per_core for s in samples if s.cpu_percent_per_core]
    per_core = zip(*told, strict=False)  # a CPU may have come or gone
    return Sample(
        time_s=samples[-1].time_s,
        cpu_percent=_mean(s.cpu_percent for s in samples),
        cpu_percent_per_core=tuple(fmean(core) for core in per_core),
        memory_used_bytes=_whole(_mean(s.memory_used_bytes for s in samples)),
        gpus=tuple(_mean_gpus(samples)),
    )


def _mean_gpus(samples: Sequence[Sample]) -> Iterator[GpuSample]:
    by_identity: dict[str, list[GpuSample]] = {}
    for sample in samples:
        for gpu in sample.gpus:
            by_identity.setdefault(gpu.gpu, []).append(gpu)
    for identity, gpus in by_identity.items():
        yield GpuSample(
            gpu=identity,
            utilization_percent=_mean(g.utilization_percent for g in gpus),
            memory_used_bytes=_whole(_mean(g.memory_used_bytes for g in gpus)),
            power_w=_mean(g.power_w for g in gpus),
            temperature_c=_mean(g.temperature_c for g in gpus),
        )


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def _pairs(samples: list[Sample]) -> Iterator[tuple[Sample, Sample]]:
    return zip(samples[::2], samples[1::2], strict=True)
