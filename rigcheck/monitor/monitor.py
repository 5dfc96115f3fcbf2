"""Watches the machine while something runs on it: the parent's side of the sampler."""

import sys
import threading
from collections.abc import Callable
from typing import Any, final

import msgspec

from rigcheck.child import Child
from rigcheck.facts import Absent, Failed
from rigcheck.monitor.sample import Sample, SamplerCost

_TASK = "rigcheck.monitor.sampler"
_PERIOD_S = 0.25
_JOIN_S = 10.0


@final
class Monitor:
    """Samples between entering and leaving it, and hands each to a function.

    Attributes:
        problem: why no more samples come, or "".
        no_gpus: why no GPU is in them, where there is a reason; the CPU is sampled all the same.
        cost: what watching has cost so far; None for the first moments.
    """

    def __init__(
        self,
        on_sample: Callable[[Sample], None],
        *,
        period_s: float = _PERIOD_S,
        nvml_library: str | None = None,
    ) -> None:
        """Nothing starts yet.

        Args:
            on_sample: called from a thread of the monitor's. It must not wait for the thread that
                leaves the monitor, which waits for it.
            period_s: from one sample to the next.
            nvml_library: NVML's file; None for the loader's choice.
        """
        self.problem = ""
        self.no_gpus: Absent | Failed | None = None
        self.cost: SamplerCost | None = None
        self._on_sample = on_sample
        self._arguments = {"period_s": period_s, "library": nvml_library}
        self._child: Child | None = None
        self._started = threading.Event()
        # The kernel ends a child with the thread that started it: the one that reads starts it.
        self._thread = threading.Thread(target=self._watch, name="monitor", daemon=True)

    def __enter__(self) -> "Monitor":
        self._thread.start()
        self._started.wait()
        return self

    def __exit__(self, *_: object) -> None:
        if self._child is not None:
            self._child.stop()
        # A limit, for a child that not even the kernel can end: it waits inside the driver.
        self._thread.join(_JOIN_S)

    def _watch(self) -> None:
        try:
            self._child = Child(sys.executable, _TASK, self._arguments)
        except OSError as error:
            self.problem = f"sampler: cannot start {sys.executable}: {error.strerror}"
            return
        finally:
            self._started.set()
        with self._child as child:
            for event in child.events():
                self._take(event)
            if child.death is not None and not child.stopped:
                self.problem = f"sampler: {child.death.reason}"

    def _take(self, event: dict[str, Any]) -> None:
        if event["event"] == "sample":
            self._on_sample(msgspec.convert(event["sample"], Sample))
        elif event["event"] == "cost":
            self.cost = msgspec.convert(event["cost"], SamplerCost)
        elif event["event"] == "no_gpus":
            self.no_gpus = msgspec.convert(event["why"], Absent | Failed)
