"""Runs a plan: one worker a device, one after the other, with the meters beside them."""

import datetime as dt
import queue
import threading
import time
from collections.abc import Generator, Iterator
from typing import TypeAlias

import msgspec

from rigcheck.bench.events import (
    BenchEvent,
    BenchFinished,
    DeviceFinished,
    DeviceStarted,
    SampleTaken,
    SpeedUpsKnown,
    WatchChanged,
)
from rigcheck.bench.failures import Failure
from rigcheck.bench.plan import BenchDevice, BenchPlan
from rigcheck.bench.record import DeviceRecord
from rigcheck.bench.result import BenchRun, DeviceRun, Outcome, SpeedUp
from rigcheck.bench.speedups import speed_ups
from rigcheck.bench.vigil import Vigil
from rigcheck.bench.wire_events import WireEvent
from rigcheck.bench.worker import Worker, WorkerEnded
from rigcheck.monitor.monitor import Monitor
from rigcheck.monitor.sample import Sample
from rigcheck.monitor.series import SampleSeries

_POLL_S = 0.1
"""How soon `stop` is seen. Waking ten times a second takes nothing from what is measured."""

_Message: TypeAlias = Sample | WireEvent | WorkerEnded


def run(plan: BenchPlan, stop: threading.Event) -> Generator[BenchEvent, None, None]:
    """Trains on each device of the plan and yields what happens, as it happens.

    A device that fails does not keep the others from their turn. Leaves no process behind,
    whether it runs to its end or is closed before: `contextlib.closing` closes it at once.

    Args:
        plan: what to run, in the order of its devices.
        stop: set it from any thread to end the run at once; what was measured until then is in
            the result.
    """
    yield from _Run(plan, stop).events()


class _Run:
    def __init__(self, plan: BenchPlan, stop: threading.Event) -> None:
        self._plan = plan
        self._stop = stop
        self._started_s = time.monotonic()
        self._started_at = dt.datetime.now(dt.timezone.utc).isoformat(timespec="seconds")
        self._samples = SampleSeries()
        self._runs: list[DeviceRun] = []
        self._speed_ups: tuple[SpeedUp, ...] = ()
        self._watch = WatchChanged()

    def events(self) -> Iterator[BenchEvent]:
        inbox = queue.SimpleQueue[_Message]()
        with Monitor(inbox.put, nvml_library=self._plan.nvml_library) as monitor:
            for device in self._plan.devices:
                if self._stop.is_set():
                    break
                yield from self._train_on(device, inbox, monitor)
                yield from self._compare()
        yield from self._look_at(monitor)
        yield BenchFinished(run=self._result())

    def _train_on(
        self, device: BenchDevice, inbox: "queue.SimpleQueue[_Message]", monitor: Monitor
    ) -> Iterator[BenchEvent]:
        yield DeviceStarted(
            device=device.device,
            label=device.label,
            name=device.name,
            identity=device.identity,
        )
        record = DeviceRecord(self._plan, device, self._started_s)
        with Worker(self._plan, device, inbox.put) as worker:
            outcome, failure = yield from self._listen(worker, record, inbox, monitor)
        self._runs.append(record.finish(outcome, failure))
        yield DeviceFinished(run=self._runs[-1])

    def _listen(
        self,
        worker: Worker,
        record: DeviceRecord,
        inbox: "queue.SimpleQueue[_Message]",
        monitor: Monitor,
    ) -> Generator[BenchEvent, None, tuple[Outcome, Failure | None]]:
        """Yields what is said until the worker has ended; returns how it did."""
        vigil = Vigil(worker, self._stop)
        ended: WorkerEnded | None = None
        while ended is None and not vigil.in_vain:
            message = _next(inbox)
            if isinstance(message, WorkerEnded):
                ended = message
            elif isinstance(message, Sample):
                yield self._take_sample(message)
            elif message is not None:
                vigil.heard()
                event = record.take(message)
                if event is not None:
                    yield event
            yield from self._look_at(monitor)
            vigil.look(record.stage)
        return _outcome(ended, vigil.failure or record.failure, cancelled=vigil.over)

    def _take_sample(self, sample: Sample) -> SampleTaken:
        on_axis = _moved(sample, -self._started_s)
        self._samples.add(on_axis)
        return SampleTaken(sample=on_axis)

    def _look_at(self, monitor: Monitor) -> Iterator[WatchChanged]:
        now = WatchChanged(cost=monitor.cost, no_gpus=monitor.no_gpus, problem=monitor.problem)
        if now != self._watch:
            self._watch = now
            yield now

    def _compare(self) -> Iterator[SpeedUpsKnown]:
        self._speed_ups = speed_ups(self._runs)
        if self._speed_ups:
            yield SpeedUpsKnown(speed_ups=self._speed_ups)

    def _result(self) -> BenchRun:
        return BenchRun(
            started_at=self._started_at,
            devices=tuple(self._runs),
            speed_ups=self._speed_ups,
            samples=self._samples.samples,
            samples_problem=self._watch.problem,
            no_gpus=self._watch.no_gpus,
            sampler_cost=self._watch.cost,
        )


def _moved(sample: Sample, by_s: float) -> Sample:
    xids = sample.xids
    if xids:
        xids = tuple(msgspec.structs.replace(x, time_s=x.time_s + by_s) for x in xids)
    return msgspec.structs.replace(sample, time_s=sample.time_s + by_s, xids=xids)


def _next(inbox: "queue.SimpleQueue[_Message]") -> _Message | None:
    try:
        return inbox.get(timeout=_POLL_S)
    except queue.Empty:
        return None


def _outcome(
    ended: WorkerEnded | None, known: Failure | None, *, cancelled: bool
) -> tuple[Outcome, Failure | None]:
    """How a worker ended. `known`: what was wrong according to itself or to who watched it."""
    if known is not None:
        return Outcome.FAILED, known
    failure = ended.failure if ended is not None else None
    if ended is not None and failure is None:
        return Outcome.DONE, None
    return (Outcome.CANCELLED, None) if cancelled else (Outcome.FAILED, failure)
