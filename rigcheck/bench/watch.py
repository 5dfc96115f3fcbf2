"""The meters beside a run: their readings on its axis of time, and what watching costs."""

from collections.abc import Callable, Iterator
from types import TracebackType

import msgspec

from rigcheck.bench.events import SampleTaken, WatchChanged
from rigcheck.monitor.monitor import Monitor
from rigcheck.monitor.sample import Sample
from rigcheck.monitor.series import SampleSeries


class Watch:
    """Samples between entering and leaving it."""

    def __init__(
        self, run_started_s: float, nvml_library: str | None, tell: Callable[[Sample], None]
    ) -> None:
        """Nothing starts yet. `tell` is called from another thread with each reading."""
        self._run_started_s = run_started_s
        self._monitor = Monitor(tell, nvml_library=nvml_library)
        self._samples = SampleSeries()
        self.told = WatchChanged()
        """The last that was told of it."""

    def __enter__(self) -> "Watch":
        self._monitor.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._monitor.__exit__(kind, error, trace)

    @property
    def samples(self) -> tuple[Sample, ...]:
        """Those taken so far, on the run's axis."""
        return self._samples.samples

    def take(self, sample: Sample) -> SampleTaken:
        """Learns from a reading."""
        on_axis = _moved(sample, -self._run_started_s)
        self._samples.add(on_axis)
        return SampleTaken(sample=on_axis)

    def look(self) -> Iterator[WatchChanged]:
        """To be called a few times a second: what has changed about the watching itself."""
        monitor = self._monitor
        now = WatchChanged(cost=monitor.cost, no_gpus=monitor.no_gpus, problem=monitor.problem)
        if now != self.told:
            self.told = now
            yield now


def _moved(sample: Sample, by_s: float) -> Sample:
    xids = sample.xids
    if xids:
        xids = tuple(msgspec.structs.replace(x, time_s=x.time_s + by_s) for x in xids)
    return msgspec.structs.replace(sample, time_s=sample.time_s + by_s, xids=xids)
