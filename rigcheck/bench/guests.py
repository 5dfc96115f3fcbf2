"""Devices that are to join a run which is at work: asked for anywhere, taken by the runner."""

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the interface's first frame needs none
    from rigcheck.bench.plan import BenchDevice


class Guests:
    """The way from whoever watches a run into it; every method may be called from any thread."""

    def __init__(self) -> None:
        """Open, and nobody waits."""
        self._lock = threading.Lock()
        self._waiting: list[BenchDevice] = []
        self._why_closed = ""

    def open(self) -> None:
        """Another run begins: it takes guests, and those of the one before are forgotten."""
        with self._lock:
            self._waiting.clear()
            self._why_closed = ""

    def ask(self, device: "BenchDevice") -> str:
        """Has a device join; returns "", or why none can any more."""
        with self._lock:
            if not self._why_closed and device not in self._waiting:
                self._waiting.append(device)
            return self._why_closed

    @property
    def waiting(self) -> "tuple[BenchDevice, ...]":
        """Those that nobody has taken yet."""
        with self._lock:
            return tuple(self._waiting)

    def take(self) -> "tuple[BenchDevice, ...]":
        """Those that wait; they no longer do."""
        with self._lock:
            taken = tuple(self._waiting)
            self._waiting.clear()
            return taken

    def close(self, why: str) -> "tuple[BenchDevice, ...]":
        """No more from now on; returns those that had not been taken by then."""
        with self._lock:
            self._why_closed = self._why_closed or why
        return self.take()
