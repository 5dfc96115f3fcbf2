"""Facts on the wire: found, absent or failed, each with its source, one event a fact."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from rigcheck.target.wire import Wire


class FactSender:
    """Sends the facts of one part of the rig, each the moment it is known."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def found(self, name: str, value: Any, source: str) -> None:
        """A value; its type is checked by the parent."""
        self._send(name, {"state": "found", "value": value, "source": source})

    def absent(self, name: str, reason: str, source: str, detail: str = "") -> None:
        """No value; `reason` is a value of `rigcheck.facts.Reason`."""
        self._send(name, {"state": "absent", "reason": reason, "source": source, "detail": detail})

    def failed(self, name: str, error: str, source: str) -> None:
        """Reading went wrong."""
        self._send(name, {"state": "failed", "error": error, "source": source})

    def ask(self, name: str, source: str, question: Callable[[], Any]) -> None:
        """Found what `question` returns, not there when it is None, failed when it raises."""
        try:
            value = question()
        except Exception as error:  # noqa: BLE001 -- any failure of the probed package is the fact
            self.failed(name, error_text(error), source)
            return
        if value is None:
            self.absent(name, "not there", source)
        else:
            self.found(name, value, source)

    def _send(self, name: str, fact: Any) -> None:
        self._wire.send("fact", name=name, fact=fact)


def error_text(error: BaseException) -> str:
    """`RuntimeError: operator torchvision::nms does not exist`."""
    return "{}: {}".format(type(error).__name__, error)
