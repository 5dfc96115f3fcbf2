"""The meters' readings as lines to plot, by device and metric; knows no Textual."""

import dataclasses
import itertools
from statistics import fmean

from rigcheck.monitor.sample import GpuSample, Sample
from rigcheck.tui.marks import Marks
from rigcheck.tui.metrics import GPU_METERS, HOST_METERS, Meter, Metric
from rigcheck.tui.plot.mark_rows import Mark
from rigcheck.tui.plot.shades import Lane
from rigcheck.tui.plot.spans import Span, Spans

_MAX_HELD_S = 3.0
"""A reading older than this says nothing of now: the meters have stopped."""
_MAX_NOW_S = 1.0
"""The same of what is told as the newest value."""
_MAX_DEAR_HELD_S = 12.0
"""The same of a meter that is read every few seconds: one reading may be missed."""
_MAX_CORE_LANES = 32
"""Lines kept of the cores; of more cores, neighbours share one."""
_SPANS_A_CORE = 240
CPU = ""
"""The identity of the CPU, as in `BenchDevice.identity`."""


@dataclasses.dataclass(frozen=True)
class MeterLine:
    """One meter's readings and what it is called."""

    name: str
    spans: Spans
    now: float | None
    """The newest value, if it still holds."""


class Meters:
    """Readings of one run, bounded in number."""

    def __init__(self) -> None:
        self._spans: dict[tuple[str, str], Spans] = {}
        self._read_s: dict[tuple[str, str], float] = {}
        """When each dear meter was last read."""
        self._marks = Marks()
        self._before_s: float | None = None
        self._n_cores = 0
        self.cores: tuple[Lane, ...] = ()
        """The busy share of each core, or of a few neighbours; empty before the first reading."""

    def take(self, sample: Sample) -> None:
        """Learns from one reading: each value holds for the time since the reading before."""
        before_s, self._before_s = self._before_s, sample.time_s
        if before_s is None or sample.time_s - before_s > _MAX_HELD_S:
            self._read_s.clear()
            return
        self._take_readings(CPU, HOST_METERS, sample, before_s, sample.time_s)
        self._take_cores(sample, before_s)
        for gpu in sample.gpus:
            self._take_gpu(gpu, before_s, sample.time_s)
        self._marks.take(sample, before_s)

    def lines(self, identity: str, metric: Metric) -> tuple[MeterLine, ...]:
        """What there is to plot for a device, the one that matters last (on top)."""
        return tuple(self._line(identity, meter) for meter in metric.meters)

    def _line(self, identity: str, meter: Meter) -> MeterLine:
        key = (CPU if meter.of_host else identity, meter.field)
        spans = self._spans.get(key, Spans())
        held_s = _MAX_DEAR_HELD_S if meter.is_dear and key in self._read_s else _MAX_NOW_S
        now_s = self._before_s or 0.0
        holds = spans.last_end_s is not None and now_s - spans.last_end_s <= held_s
        return MeterLine(meter.name, spans, spans.last if holds else None)

    def marks(self, identity: str) -> tuple[Mark, ...]:
        """What held this GPU back, and the errors of all GPUs."""
        return self._marks.of(identity)

    def _take_gpu(self, gpu: GpuSample, before_s: float, time_s: float) -> None:
        if gpu == GpuSample(gpu=gpu.gpu):
            # It does not answer: no old value holds over that.
            for meter in GPU_METERS:
                self._read_s.pop((gpu.gpu, meter.field), None)
        self._take_readings(gpu.gpu, GPU_METERS, gpu, before_s, time_s)

    def _take_readings(
        self,
        identity: str,
        meters: tuple[Meter, ...],
        sample: Sample | GpuSample,
        before_s: float,
        time_s: float,
    ) -> None:
        for meter in meters:
            value = meter.value(sample)
            if value is None:
                continue
            key = (identity, meter.field)
            start_s = before_s
            if meter.is_dear:
                read_s, self._read_s[key] = self._read_s.get(key, before_s), time_s
                start_s = read_s if time_s - read_s <= _MAX_DEAR_HELD_S else before_s
            self._spans.setdefault(key, Spans()).add(Span(start_s, time_s, value))

    def _take_cores(self, sample: Sample, before_s: float) -> None:
        shares = sample.cpu_percent_per_core
        if len(shares) > self._n_cores:
            # At the start, or a core has come.
            self._n_cores = len(shares)
            self.cores = _lanes(self._n_cores)
        for lane in self.cores:
            told = shares[lane.first : lane.last + 1]
            if told:
                lane.spans.add(Span(before_s, sample.time_s, fmean(told)))


def _lanes(n_cores: int) -> tuple[Lane, ...]:
    """One a core; of more than can be kept, neighbours share one."""
    n_lanes = min(n_cores, _MAX_CORE_LANES)
    starts = [i * n_cores // n_lanes for i in range(n_lanes + 1)]
    return tuple(
        Lane(first=first, last=after - 1, spans=Spans(_SPANS_A_CORE))
        for first, after in itertools.pairwise(starts)
    )
