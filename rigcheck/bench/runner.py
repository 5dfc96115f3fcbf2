"""Runs a plan: a worker a device, which train in turns, with the meters beside them."""

import contextlib
import datetime as dt
import functools
import queue
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from typing import TypeAlias

from rigcheck.bench.events import (
    BenchEvent,
    BenchFinished,
    DeviceFinished,
    DeviceStarted,
    GuestRefused,
    JoinChanged,
    PauseChanged,
    SpeedUpsKnown,
)
from rigcheck.bench.guests import Guests
from rigcheck.bench.plan import BenchDevice, BenchPlan
from rigcheck.bench.result import BenchRun, DeviceRun, SpeedUp
from rigcheck.bench.schedule import Step, closing, rounds
from rigcheck.bench.seat import Seat
from rigcheck.bench.sittings import lack_of_room, sittings
from rigcheck.bench.speedups import speed_ups
from rigcheck.bench.watch import Watch
from rigcheck.bench.wire_events import WireEvent
from rigcheck.bench.worker import WorkerEnded
from rigcheck.monitor.sample import Sample

_POLL_S = 0.1
"""How soon `stop` is seen. Waking ten times a second takes nothing from what is measured."""

_FromSeat: TypeAlias = tuple[BenchDevice, WireEvent | WorkerEnded]
_Message: TypeAlias = Sample | _FromSeat


_ONE_AT_A_TIME = "memory is short here: the devices train one after the other"
_TOO_LATE = "the training is over: what is left could not be compared with it"
_OVER = "the run is over"


def run(
    plan: BenchPlan,
    stop: threading.Event,
    pause: threading.Event | None = None,
    guests: Guests | None = None,
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
        guests: further devices to train on as well, from wherever they are asked for. Between two
            rounds of turns the others rest while one gets ready, and from then on it has its own
            time and its own turns beside theirs.
    """
    yield from _Run(plan, stop, pause or threading.Event(), guests or Guests()).events()


class _Run:
    def __init__(
        self, plan: BenchPlan, stop: threading.Event, pause: threading.Event, guests: Guests
    ) -> None:
        self._plan = plan
        self._stop = stop
        self._pause = pause
        self._guests = guests
        self._devices = list(plan.devices)
        self._started_s = time.monotonic()
        self._started_at = dt.datetime.now(dt.timezone.utc).isoformat(timespec="seconds")
        self._inbox = queue.SimpleQueue[_Message]()
        self._watch = Watch(self._started_s, plan.nvml_library, self._inbox.put)
        self._runs: dict[str, DeviceRun] = {}
        self._speed_ups: tuple[SpeedUp, ...] = ()

    def events(self) -> Iterator[BenchEvent]:
        with self._watch:
            in_turn = sittings(self._plan.devices)
            if len(in_turn) > 1:
                yield from self._refuse(_ONE_AT_A_TIME)
            for devices in in_turn:
                if self._stop.is_set():
                    break
                yield from self._sit(devices)
                yield from self._compare()
        yield from self._watch.look()
        yield from self._refuse(_OVER)
        yield BenchFinished(run=self._result())

    def _sit(self, devices: Sequence[BenchDevice]) -> Iterator[BenchEvent]:
        """These devices, all at once."""
        with contextlib.ExitStack() as stack:
            seats = list[Seat]()
            for device in devices:
                if self._stop.is_set():
                    break
                yield from self._begin(device, seats, stack)
            yield from self._listen(seats, lambda: all(map(_is_through, seats)))
            yield from self._obey(rounds(self._plan, seats), seats, stack)
            yield from self._refuse(_TOO_LATE)
            yield from self._obey(closing(self._plan, seats), seats, stack)
            # Who is stopped while it waits for an order must not end as one that is through.
            for seat in () if self._stop.is_set() else seats:
                seat.end()
            yield from self._listen(seats, lambda: all(seat.is_over for seat in seats))

    def _begin(
        self, device: BenchDevice, seats: list[Seat], stack: contextlib.ExitStack
    ) -> Iterator[BenchEvent]:
        yield DeviceStarted(
            device=device.device, label=device.label, name=device.name, identity=device.identity
        )
        seats.append(stack.enter_context(self._seat(device)))

    def _seat(self, device: BenchDevice) -> Seat:
        def tell(message: WireEvent | WorkerEnded) -> None:
            self._inbox.put((device, message))

        return Seat(self._plan, device, self._started_s, self._stop, tell)

    def _obey(
        self, steps: Iterable[Step | None], seats: list[Seat], stack: contextlib.ExitStack
    ) -> Iterator[BenchEvent]:
        for step in steps:
            yield from self._rest(seats)
            if self._stop.is_set():
                return
            if step is None:
                yield from self._let_in(seats, stack)
            else:
                seat, order = step
                seat.order(order)
                yield from self._listen(seats, functools.partial(_is_through, seat))

    def _rest(self, seats: Sequence[Seat]) -> Iterator[BenchEvent]:
        """Waits while it is asked to, between two orders."""
        if not self._pause.is_set() or self._stop.is_set():
            return
        yield PauseChanged(is_paused=True, at_s=self._now_s)
        yield from self._listen(seats, lambda: not self._pause.is_set() or self._stop.is_set())
        yield PauseChanged(is_paused=False, at_s=self._now_s)

    def _let_in(self, seats: list[Seat], stack: contextlib.ExitStack) -> Iterator[BenchEvent]:
        """Whoever waits to join, one after the other; the others rest meanwhile."""
        for device in self._guests.take():
            if self._stop.is_set():
                return
            if device.device in [known.device for known in self._devices]:
                continue
            if why := lack_of_room():
                yield GuestRefused(device=device, why=why)
                continue
            self._devices.append(device)
            yield JoinChanged(device=device, is_joining=True, at_s=self._now_s)
            yield from self._begin(device, seats, stack)
            yield from self._listen(seats, functools.partial(_is_through, seats[-1]))
            yield JoinChanged(device=device, is_joining=False, at_s=self._now_s)

    def _refuse(self, why: str) -> Iterator[GuestRefused]:
        """From now on nobody joins, nor does who waits."""
        for device in self._guests.close(why):
            yield GuestRefused(device=device, why=why)

    def _listen(self, seats: Sequence[Seat], is_enough: Callable[[], bool]) -> Iterator[BenchEvent]:
        """Yields what is said until it is enough."""
        while not is_enough():
            message = self._next()
            if isinstance(message, Sample):
                yield self._watch.take(message)
            elif message is not None:
                yield from _take(seats, *message)
            yield from self._watch.look()
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

    @property
    def _now_s(self) -> float:
        return time.monotonic() - self._started_s

    def _compare(self) -> Iterator[SpeedUpsKnown]:
        self._speed_ups = speed_ups(list(self._runs.values()))
        if self._speed_ups:
            yield SpeedUpsKnown(speed_ups=self._speed_ups)

    def _result(self) -> BenchRun:
        in_order = (self._runs.get(device.device) for device in self._devices)
        watch = self._watch.told
        return BenchRun(
            started_at=self._started_at,
            devices=tuple(run for run in in_order if run is not None),
            speed_ups=self._speed_ups,
            samples=self._watch.samples,
            samples_problem=watch.problem,
            no_gpus=watch.no_gpus,
            sampler_cost=watch.cost,
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


def _is_through(seat: Seat) -> bool:
    return seat.is_idle or seat.is_over
