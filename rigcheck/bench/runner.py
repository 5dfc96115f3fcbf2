"""Runs a plan: a worker a device, which train in turns, with the meters beside them."""

import contextlib
import datetime as dt
import functools
import queue
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import TypeAlias

import msgspec

from rigcheck.bench.events import (
    BenchEvent,
    BenchFinished,
    DeviceFinished,
    DeviceStarted,
    PauseChanged,
    SampleTaken,
    SpeedUpsKnown,
    WatchChanged,
)
from rigcheck.bench.plan import BenchDevice, BenchPlan
from rigcheck.bench.result import BenchRun, DeviceRun, SpeedUp
from rigcheck.bench.schedule import schedule
from rigcheck.bench.seat import Seat
from rigcheck.bench.sittings import sittings
from rigcheck.bench.speedups import speed_ups
from rigcheck.bench.wire_events import WireEvent
from rigcheck.bench.worker import WorkerEnded
from rigcheck.monitor.monitor import Monitor
from rigcheck.monitor.sample import Sample
from rigcheck.monitor.series import SampleSeries

_POLL_S = 0.1
"""How soon `stop` is seen. Waking ten times a second takes nothing from what is measured."""

_FromSeat: TypeAlias = tuple[BenchDevice, WireEvent | WorkerEnded]
_Message: TypeAlias = Sample | _FromSeat


def run(
    plan: BenchPlan, stop: threading.Event, pause: threading.Event | None = None
) -> Generator[BenchEvent, None, None]:
    """Trains on each device of the plan and yields what happens, as it happens.

    A device that fails does not keep the others from their turn. Leaves no process behind,
    whether it runs to its end or is closed before: `contextlib.closing` closes it at once.

    Args:
        plan: what to run.
        stop: set it from any thread to end the run at once; what was measured until then is in
            the result.
        pause: while it is set, no device is given anything further to do. What it is at then, half
            a second of training in most cases, it ends. The meters go on.
    """
    yield from _Run(plan, stop, pause or threading.Event()).events()


class _Run:
    def __init__(self, plan: BenchPlan, stop: threading.Event, pause: threading.Event) -> None:
        self._plan = plan
        self._stop = stop
        self._pause = pause
        self._started_s = time.monotonic()
        self._started_at = dt.datetime.now(dt.timezone.utc).isoformat(timespec="seconds")
        self._inbox = queue.SimpleQueue[_Message]()
        self._monitor = Monitor(self._inbox.put, nvml_library=plan.nvml_library)
        self._samples = SampleSeries()
        self._runs: dict[str, DeviceRun] = {}
        self._speed_ups: tuple[SpeedUp, ...] = ()
        self._watch = WatchChanged()

    def events(self) -> Iterator[BenchEvent]:
        with self._monitor:
            for devices in sittings(self._plan.devices):
                if self._stop.is_set():
                    break
                yield from self._sit(devices)
                yield from self._compare()
        yield from self._look_at_meters()
        yield BenchFinished(run=self._result())

    def _sit(self, devices: Sequence[BenchDevice]) -> Iterator[BenchEvent]:
        """These devices, all at once."""
        with contextlib.ExitStack() as stack:
            seats = list[Seat]()
            for device in devices:
                if self._stop.is_set():
                    break
                yield DeviceStarted(
                    device=device.device,
                    label=device.label,
                    name=device.name,
                    identity=device.identity,
                )
                seats.append(stack.enter_context(self._seat(device)))
            yield from self._listen(seats, lambda: all(map(_is_through, seats)))
            yield from self._take_turns(seats)
            # Who is stopped while it waits for an order must not end as one that is through.
            for seat in () if self._stop.is_set() else seats:
                seat.end()
            yield from self._listen(seats, lambda: all(seat.is_over for seat in seats))

    def _seat(self, device: BenchDevice) -> Seat:
        def tell(message: WireEvent | WorkerEnded) -> None:
            self._inbox.put((device, message))

        return Seat(self._plan, device, self._started_s, self._stop, tell)

    def _take_turns(self, seats: Sequence[Seat]) -> Iterator[BenchEvent]:
        for seat, order in schedule(self._plan, seats):
            yield from self._rest(seats)
            if self._stop.is_set():
                return
            seat.order(order)
            yield from self._listen(seats, functools.partial(_is_through, seat))

    def _rest(self, seats: Sequence[Seat]) -> Iterator[BenchEvent]:
        """Waits while it is asked to, between two orders."""
        if not self._pause.is_set() or self._stop.is_set():
            return
        yield PauseChanged(is_paused=True, at_s=time.monotonic() - self._started_s)
        yield from self._listen(seats, lambda: not self._pause.is_set() or self._stop.is_set())
        yield PauseChanged(is_paused=False, at_s=time.monotonic() - self._started_s)

    def _listen(self, seats: Sequence[Seat], is_enough: Callable[[], bool]) -> Iterator[BenchEvent]:
        """Yields what is said until it is enough."""
        while not is_enough():
            message = self._next()
            if isinstance(message, Sample):
                yield self._take_sample(message)
            elif message is not None:
                yield from _take(seats, *message)
            yield from self._look_at_meters()
            for seat in seats:
                seat.look()
                yield from self._finish(seat)

    def _finish(self, seat: Seat) -> Iterator[DeviceFinished]:
        if seat.is_over and seat.device.device not in self._runs:
            self._runs[seat.device.device] = seat.result()
            yield DeviceFinished(run=self._runs[seat.device.device])

    def _next(self) -> _Message | None:
        try:
            return self._inbox.get(timeout=_POLL_S)
        except queue.Empty:
            return None

    def _take_sample(self, sample: Sample) -> SampleTaken:
        on_axis = _moved(sample, -self._started_s)
        self._samples.add(on_axis)
        return SampleTaken(sample=on_axis)

    def _look_at_meters(self) -> Iterator[WatchChanged]:
        monitor = self._monitor
        now = WatchChanged(cost=monitor.cost, no_gpus=monitor.no_gpus, problem=monitor.problem)
        if now != self._watch:
            self._watch = now
            yield now

    def _compare(self) -> Iterator[SpeedUpsKnown]:
        self._speed_ups = speed_ups(list(self._runs.values()))
        if self._speed_ups:
            yield SpeedUpsKnown(speed_ups=self._speed_ups)

    def _result(self) -> BenchRun:
        in_order = (self._runs.get(device.device) for device in self._plan.devices)
        return BenchRun(
            started_at=self._started_at,
            devices=tuple(run for run in in_order if run is not None),
            speed_ups=self._speed_ups,
            samples=self._samples.samples,
            samples_problem=self._watch.problem,
            no_gpus=self._watch.no_gpus,
            sampler_cost=self._watch.cost,
        )


def _take(
    seats: Sequence[Seat], device: BenchDevice, said: WireEvent | WorkerEnded
) -> Iterator[BenchEvent]:
    # A worker of an earlier sitting that did not end may still speak: its seat is not among these.
    for seat in seats:
        if seat.device == device:
            event = seat.take(said)
            if event is not None:
                yield event


def _moved(sample: Sample, by_s: float) -> Sample:
    xids = sample.xids
    if xids:
        xids = tuple(msgspec.structs.replace(x, time_s=x.time_s + by_s) for x in xids)
    return msgspec.structs.replace(sample, time_s=sample.time_s + by_s, xids=xids)


def _is_through(seat: Seat) -> bool:
    return seat.is_idle or seat.is_over
