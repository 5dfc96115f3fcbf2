"""The wire from the target to rigcheck: JSON lines on a file descriptor of its own.

Whatever the target prints goes to its stdout and stderr and cannot disturb the protocol. Times on
the wire are `time.monotonic()` in seconds, which all processes of one machine share. Orders come
the other way, on the target's stdin.
"""

import json
import os
import queue
import threading
from typing import Any, Dict

_MAX_TEXT = 4_000


class Wire:
    """Sends events. Safe to use from several threads: a line is written whole."""

    def __init__(self, fd: int, orders: "queue.SimpleQueue[Dict[str, Any]]") -> None:
        self._fd = fd
        self._orders = orders
        self._lock = threading.Lock()
        # Whatever the target starts must not keep the wire open.
        os.set_inheritable(fd, False)

    def send(self, event: str, **fields: Any) -> None:
        """One event. A NaN or infinity becomes null: JSON has no such numbers."""
        self.send_encoded(_encode(dict(fields, event=event)))

    def send_encoded(self, event: bytes) -> None:
        """One event that is JSON already, without a line break."""
        with self._lock:
            view = memoryview(event + b"\n")
            while view:
                view = view[os.write(self._fd, view) :]

    def next_order(self) -> Dict[str, Any]:
        """Waits for what rigcheck asks of the task next."""
        return self._orders.get()

    def stage(self, name: str, device: str = "") -> None:
        """Announced before it is entered, so that a death names where."""
        self.send("stage", name=name, device=device)

    def error(self, error: BaseException) -> None:
        """An exception: its type, its words, and the end of its traceback."""
        import traceback  # slow to import, and most tasks end without

        trace = "".join(traceback.format_exception(type(error), error, error.__traceback__))
        self.send(
            "error",
            kind=type(error).__name__,
            message=str(error)[:_MAX_TEXT],
            traceback=trace[-_MAX_TEXT:],
        )


def _encode(fields: Any) -> bytes:
    try:
        return json.dumps(fields, allow_nan=False).encode()
    except ValueError:
        return json.dumps(_finite(fields), allow_nan=False).encode()


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if value - value == 0 else None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return value
