"""One true worker that trains LeNet on the CPU, as the default benchmark starts it."""

import queue
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rigcheck.bench.orders import Order, Prepare, Train
from rigcheck.bench.plan import BenchDevice, BenchPlan
from rigcheck.bench.result import Block
from rigcheck.bench.seat import Seat
from rigcheck.bench.tier import Tier
from rigcheck.bench.wire_events import WireEvent
from rigcheck.bench.worker import WorkerEnded

START_S = 60.0
CPU = BenchDevice(device="cpu", label="CPU", name="CPU", identity="")


class Training:
    """One worker on all cores, between entering and leaving it."""

    def __init__(self) -> None:
        self._inbox: queue.SimpleQueue[WireEvent | WorkerEnded] = queue.SimpleQueue()
        plan = BenchPlan(python=sys.executable, devices=(CPU,))
        # Its blocks are on the axis of `time.monotonic()`.
        self._seat = Seat(plan, CPU, 0.0, threading.Event(), self._inbox.put)

    def __enter__(self) -> "Training":
        self._seat.__enter__()
        self._wait()
        self.do(Prepare(form=Tier.IN_MEMORY))
        return self

    def __exit__(self, *reason: object) -> None:
        self._seat.__exit__(*reason)

    @property
    def threads(self) -> int | None:
        """Those that it trains on."""
        return self._seat.result().threads

    @property
    def blocks(self) -> list[Block]:
        """Those trained so far; `at_s` is `time.monotonic()`."""
        return self._seat.record.in_memory.blocks

    def do(self, order: Order) -> None:
        """Waits until it is done."""
        self._seat.order(order)
        self._wait()

    def begin(self, duration_s: float) -> None:
        """Trains so long without a pause; `catch_up` learns how far it has come."""
        self._seat.order(Train(form=Tier.IN_MEMORY, turn=0, duration_s=duration_s))

    def catch_up(self, until_s: float) -> None:
        """Learns from the worker until this moment, of `time.monotonic()`."""
        while (left_s := until_s - time.monotonic()) > 0:
            try:
                self._seat.take(self._inbox.get(timeout=left_s))
            except queue.Empty:
                return
            if self._seat.is_over:
                raise RuntimeError(f"the worker has ended: {self._seat.result().error}")

    def _wait(self) -> None:
        while not self._seat.is_idle:
            self._seat.take(self._inbox.get(timeout=START_S))
