"""Drives a generator of events in a thread, so that neither it nor the screen waits for the other.

A stalled line stops the screen for seconds at a time; the events then wait here.
"""

import contextlib
import queue
import threading
from collections.abc import Callable, Generator, Iterator
from typing import Generic, TypeVar

E = TypeVar("E")


class Engine(Generic[E]):
    """One run of one generator. It starts at once."""

    def __init__(self, name: str, start: Callable[[threading.Event], Iterator[E]]) -> None:
        """Starts it.

        Args:
            name: the thread's.
            start: makes the generator; the event it gets is set when the run is to end.
        """
        self.error: Exception | None = None
        """What the generator raised; to be read once `running` is false."""
        self._stop = threading.Event()
        self._events: queue.SimpleQueue[E] = queue.SimpleQueue()
        # A daemon: a probe stuck in the kernel must not keep rigcheck from ending.
        self._thread = threading.Thread(target=self._run, args=(start,), name=name, daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        """True until the generator has ended; then every event is there to be taken."""
        return self._thread.is_alive()

    def take(self) -> Iterator[E]:
        """The events that have come since the last call."""
        with contextlib.suppress(queue.Empty):
            while True:
                yield self._events.get_nowait()

    def stop(self) -> None:
        """Asks it to end; does not wait."""
        self._stop.set()

    def join(self, timeout_s: float) -> bool:
        """Waits for its end; false if it goes on."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self, start: Callable[[threading.Event], Iterator[E]]) -> None:
        try:
            for event in start(self._stop):
                self._events.put(event)
        except Exception as error:  # noqa: BLE001 -- told on the screen, whatever it is
            self.error = error


def until_stopped(events: Iterator[E], stop: threading.Event) -> Generator[E, None, None]:
    """For a generator that does not watch `stop` itself: ends it between two of its events."""
    try:
        for event in events:
            yield event
            if stop.is_set():
                return
    finally:
        if isinstance(events, Generator):
            events.close()
