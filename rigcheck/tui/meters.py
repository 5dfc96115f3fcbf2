"""The meters' readings as lines to plot, by device and metric; knows no Textual."""

import dataclasses
import enum
from collections.abc import Iterator

from rigcheck.monitor.sample import GpuSample, Sample
from rigcheck.tui.plot.spans import Span, Spans

_MAX_HELD_S = 3.0
"""A reading older than this says nothing of now: the meters have stopped."""
_GIB = 1 << 30
CPU = ""
"""The identity of the CPU, as in `BenchDevice.identity`."""


class Metric(enum.Enum):
    """What can be plotted below the throughput."""

    BUSY = "busy"
    MEMORY = "memory used"
    POWER = "power"
    TEMPERATURE = "temperature"


UNITS = {Metric.BUSY: "%", Metric.MEMORY: "GiB", Metric.POWER: "W", Metric.TEMPERATURE: "°C"}
OF_A_CPU = (Metric.BUSY, Metric.MEMORY)
OF_A_GPU = (Metric.BUSY, Metric.POWER, Metric.MEMORY, Metric.TEMPERATURE)


@dataclasses.dataclass(frozen=True)
class MeterLine:
    """One meter's readings and what it is called."""

    name: str
    spans: Spans


class Meters:
    """Readings of one run, bounded in number."""

    def __init__(self) -> None:
        self._spans: dict[tuple[str, str], Spans] = {}
        self._before_s: float | None = None

    def take(self, sample: Sample) -> None:
        """Learns from one reading: each value holds for the time since the reading before."""
        before_s, self._before_s = self._before_s, sample.time_s
        if before_s is None or sample.time_s - before_s > _MAX_HELD_S:
            return
        for identity, name, value in _values(sample):
            if value is not None:
                spans = self._spans.setdefault((identity, name), Spans())
                spans.add(Span(before_s, sample.time_s, value))

    def lines(self, identity: str, metric: Metric) -> tuple[MeterLine, ...]:
        """What there is to plot for a device, the one that matters last (on top)."""
        if identity == CPU:
            busiest = [self._line("busiest core", CPU, "busiest")] if metric is Metric.BUSY else []
            return (*busiest, self._line("CPU", CPU, metric.value))
        # Beside the GPU the host that feeds it: a GPU at rest under a busy CPU waits for it.
        host = [self._line("CPU", CPU, metric.value)] if metric is Metric.BUSY else []
        return (*host, self._line("GPU", identity, metric.value))

    def _line(self, name: str, identity: str, key: str) -> MeterLine:
        return MeterLine(name, self._spans.get((identity, key), Spans()))


def _values(sample: Sample) -> Iterator[tuple[str, str, float | None]]:
    yield CPU, Metric.BUSY.value, sample.cpu_percent
    yield CPU, "busiest", max(sample.cpu_percent_per_core, default=None)
    yield CPU, Metric.MEMORY.value, _gib(sample.memory_used_bytes)
    for gpu in sample.gpus:
        yield from _gpu_values(gpu)


def _gpu_values(gpu: GpuSample) -> Iterator[tuple[str, str, float | None]]:
    yield gpu.gpu, Metric.BUSY.value, gpu.utilization_percent
    yield gpu.gpu, Metric.MEMORY.value, _gib(gpu.memory_used_bytes)
    yield gpu.gpu, Metric.POWER.value, gpu.power_w
    yield gpu.gpu, Metric.TEMPERATURE.value, gpu.temperature_c


def _gib(n_bytes: int | None) -> float | None:
    return None if n_bytes is None else n_bytes / _GIB
