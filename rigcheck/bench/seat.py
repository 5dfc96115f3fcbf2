"""One device's place in a run: its worker, what is known of it, and how it ended."""

import threading
from collections.abc import Callable

from rigcheck.bench.events import BenchEvent
from rigcheck.bench.failures import Failure
from rigcheck.bench.orders import End, Order
from rigcheck.bench.plan import BenchDevice, BenchPlan
from rigcheck.bench.record import DeviceRecord
from rigcheck.bench.result import DeviceRun, Outcome
from rigcheck.bench.vigil import Vigil
from rigcheck.bench.wire_events import Ready, WireEvent
from rigcheck.bench.worker import Worker, WorkerEnded


class Seat:
    """Trains between entering and leaving it, one order at a time.

    Attributes:
        record: what its worker has told.
        is_idle: True while the worker waits for an order.
        is_over: True once the worker has ended, or does not end though it should.
    """

    def __init__(
        self,
        plan: BenchPlan,
        device: BenchDevice,
        run_started_s: float,
        stop: threading.Event,
        tell: Callable[[WireEvent | WorkerEnded], None],
    ) -> None:
        """Nothing starts yet. `tell` is called from another thread with what the worker says."""
        self.device = device
        self.record = DeviceRecord(plan, device, run_started_s)
        self.is_idle = False
        self.is_over = False
        self._worker = Worker(plan, device, tell)
        self._vigil = Vigil(self._worker, stop)
        self._ended: WorkerEnded | None = None

    def __enter__(self) -> "Seat":
        self._worker.__enter__()
        return self

    def __exit__(self, *reason: object) -> None:
        self._worker.__exit__(*reason)

    def order(self, order: Order) -> None:
        """Sets the worker to it; it is idle again when it is through."""
        self.is_idle = False
        self._vigil.heard()
        self._worker.order(order)

    def end(self) -> None:
        """No more orders: the worker ends."""
        self.order(End())

    def take(self, message: WireEvent | WorkerEnded) -> BenchEvent | None:
        """Learns from the worker; returns what a watcher should know, if anything."""
        self._vigil.heard()
        if isinstance(message, WorkerEnded):
            self._ended, self.is_over = message, True
            return None
        if isinstance(message, Ready):
            self.is_idle = True
        return self.record.take(message)

    def look(self) -> None:
        """To be called a few times a second: ends a worker that is told to stop, or is silent."""
        if self.is_idle:
            self._vigil.heard()
        self._vigil.look(self.record.stage)
        self.is_over = self.is_over or self._vigil.in_vain

    def result(self) -> DeviceRun:
        """What came of it, as far as it got."""
        return self.record.finish(*self._outcome())

    def _outcome(self) -> tuple[Outcome, Failure | None]:
        known = self._vigil.failure or self.record.failure
        if known is not None:
            return Outcome.FAILED, known
        failure = self._ended.failure if self._ended is not None else None
        if self._ended is not None and failure is None:
            return Outcome.DONE, None
        return (Outcome.CANCELLED, None) if self._vigil.over else (Outcome.FAILED, failure)
