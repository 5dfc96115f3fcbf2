"""Ends a worker that is told to stop, or that says nothing for too long."""

import threading
import time
from collections.abc import Callable

from rigcheck.bench.failures import Failure, silence
from rigcheck.bench.worker import Worker

_LIMIT_S = 300.0
"""A worker speaks several times a second while it trains; only an import can take minutes."""
_LIMITS_S = {"download": 3_600.0}
_END_S = 10.0
"""A killed process is gone at once, unless it waits inside the kernel."""
_LONGEST_LOOK_S = 1.0
"""From one look to the next. Where it was longer, we were stopped ourselves (Ctrl-Z), and what the
worker has said meanwhile is still to be read."""


class Vigil:
    """Watches over one worker. `look` is to be called a few times a second.

    Attributes:
        failure: that the worker was silent for too long, if it was.
    """

    def __init__(
        self, worker: Worker, stop: threading.Event, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.failure: Failure | None = None
        self._worker = worker
        self._stop = stop
        self._clock = clock
        self._looked_s = clock()
        self._awake_s = 0.0
        """Time in which we could have heard something; the two below are moments of it."""
        self._heard_s = 0.0
        self._stopped_s: float | None = None

    def heard(self) -> None:
        """The worker said something."""
        self._heard_s = self._awake_s

    def look(self, stage: str) -> None:
        """Ends the worker where it is time. `stage` is where it is at work."""
        before_s, self._looked_s = self._looked_s, self._clock()
        self._awake_s += min(self._looked_s - before_s, _LONGEST_LOOK_S)
        if self.over:
            return
        limit_s = _LIMITS_S.get(stage, _LIMIT_S)
        if self._awake_s - self._heard_s > limit_s:
            self.failure = silence(stage, limit_s)
        if self.failure is not None or self._stop.is_set():
            self._stopped_s = self._awake_s
            self._worker.stop()

    @property
    def over(self) -> bool:
        """True once the worker was ended."""
        return self._stopped_s is not None

    @property
    def in_vain(self) -> bool:
        """True when it was ended and yet does not end."""
        return self._stopped_s is not None and self._awake_s - self._stopped_s > _END_S
