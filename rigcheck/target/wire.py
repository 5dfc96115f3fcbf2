"""The wire from the target to rigcheck: JSON lines on a file descriptor of its own.

Whatever the target prints goes to its stdout and stderr and cannot disturb the protocol. Times on
the wire are `time.monotonic()` in seconds, which all processes of one machine share. Orders come
the other way, on the target's stdin.
"""

from __future__ import annotations

import _thread
import os

from rigcheck.target.wire_json import encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MAX_TEXT = 4_000
_READ_BYTES = 65_536


class Wire:
    """Sends events. Safe to use from several threads: a line is written whole."""

    def __init__(self, fd: int, orders_fd: int) -> None:
        self._fd = fd
        self._orders_fd = orders_fd
        self._orders = b""
        self._lock = _thread.allocate_lock()
        # Whatever the target starts must not keep the wire open.
        os.set_inheritable(fd, False)

    def send(self, event: str, **fields: Any) -> None:
        """One event. A NaN or infinity becomes null: JSON has no such numbers."""
        self.send_encoded(encode(dict(fields, event=event)).encode())

    def send_encoded(self, event: bytes) -> None:
        """One event that is JSON already, without a line break."""
        with self._lock:
            view = memoryview(event + b"\n")
            while view:
                view = view[os.write(self._fd, view) :]

    def next_order(self) -> dict[str, Any]:
        """Waits for what rigcheck asks of the task next. For one thread."""
        import json  # most tasks get no orders: see `rigcheck.target`

        while b"\n" not in self._orders:
            self._orders += os.read(self._orders_fd, _READ_BYTES)
        line, _, self._orders = self._orders.partition(b"\n")
        order: dict[str, Any] = json.loads(line.decode())
        return order

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
