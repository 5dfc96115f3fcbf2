"""The process that trains on one device, and the thread that listens to it."""

import dataclasses
import threading
from collections.abc import Callable
from typing import Any

import msgspec

from rigcheck.bench.failures import Failure, failure_of, no_start, nonsense
from rigcheck.bench.orders import Order
from rigcheck.bench.plan import BATCH_SIZE, BenchDevice, BenchPlan
from rigcheck.bench.wire_events import WireEvent, decode
from rigcheck.child import Child

_TASK = "rigcheck.target.training"
_JOIN_S = 10.0


@dataclasses.dataclass(frozen=True)
class WorkerEnded:
    """The last thing heard of a worker."""

    failure: Failure | None
    """None where it did all it was asked for."""


class Worker:
    """Trains between entering and leaving it; on leaving it is ended, and no process stays."""

    def __init__(
        self,
        plan: BenchPlan,
        device: BenchDevice,
        tell: Callable[[WireEvent | WorkerEnded], None],
    ) -> None:
        """Nothing starts yet.

        Args:
            plan: what is asked for.
            device: where.
            tell: called from the listening thread with all that the worker says; `WorkerEnded`
                comes last, once.
        """
        self._python = plan.python
        self._arguments = _arguments(plan, device)
        self._tell = tell
        self._child: Child | None = None
        self._started = threading.Event()
        # The kernel ends a child with the thread that started it: so the listening one starts it.
        self._thread = threading.Thread(
            target=self._listen, name=f"worker {device.device}", daemon=True
        )

    def __enter__(self) -> "Worker":
        self._thread.start()
        self._started.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        # A limit, for a child that not even the kernel can end: it waits inside the driver.
        self._thread.join(_JOIN_S)
        # And no word of such a child may be taken for the next one's.
        self._tell = _say_nothing

    def order(self, order: Order) -> None:
        """Asks for something; `Ready` answers it."""
        if self._child is not None:
            self._child.order(msgspec.to_builtins(order))

    def stop(self) -> None:
        """Ends the process at once. What it has said until then still comes."""
        if self._child is not None:
            self._child.stop(grace_s=0.0)

    def _listen(self) -> None:
        try:
            self._child = Child(self._python, _TASK, self._arguments)
        except OSError as error:
            self._tell(WorkerEnded(no_start(self._python, error)))
            return
        finally:
            self._started.set()
        with self._child as child:
            self._tell(WorkerEnded(self._hear(child)))

    def _hear(self, child: Child) -> Failure | None:
        try:
            for event in child.events():
                self._tell(decode(event))
        except msgspec.ValidationError as error:
            return nonsense(error)
        return failure_of(child.death) if child.death is not None else None


def _say_nothing(_: WireEvent | WorkerEnded) -> None:
    pass


def _arguments(plan: BenchPlan, device: BenchDevice) -> dict[str, Any]:
    """As `rigcheck.target.wish.Wish` names them."""
    return {
        "device": device.device,
        "epochs": plan.epochs,
        "batch_size": BATCH_SIZE,
        "seed": plan.seed,
        "threads": plan.threads,
        "data_dir": None if plan.data_dir is None else str(plan.data_dir.absolute()),
        "download": plan.download,
    }
