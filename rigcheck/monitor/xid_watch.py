"""Hears of the errors (Xids) that the driver reports while we watch; earlier ones are in its log.

nvml.h of `nvmlEventSetWait_v2`: on Linux every one is told.
"""

import collections
import ctypes
import threading
import time
from collections.abc import Mapping
from typing import Any, final

from rigcheck import nvml
from rigcheck.facts import Found
from rigcheck.gpu import numbers
from rigcheck.gpu.driver import Handle
from rigcheck.monitor.sample import XidEvent
from rigcheck.nvml import ask, unchanged

_WAIT_MS = 2_000
_PAUSE_S = 1.0
_KEPT = 64
"""Between two samples; a failing card may report thousands."""


@final
class XidWatch:
    """Waits for them in a thread of its own."""

    def __init__(self, gpus: Mapping[str, Handle]) -> None:
        """Begins to watch these GPUs, by identity."""
        self._names = {nvml.address(handle): identity for identity, handle in gpus.items()}
        self._heard: collections.deque[XidEvent] = collections.deque(maxlen=_KEPT)
        self._stop = threading.Event()
        self._set = _subscribe(gpus)
        self._thread = threading.Thread(target=self._listen, name="xids", daemon=True)
        if self._set is not None:
            self._thread.start()

    def take(self) -> tuple[XidEvent, ...] | None:
        """Those heard since the last time; None where no GPU reports any to us."""
        if self._set is None:
            return None
        return tuple(self._heard.popleft() for _ in range(len(self._heard)))

    def close(self) -> None:
        """To be called before NVML is shut down."""
        self._stop.set()
        if self._set is not None:
            self._thread.join(_WAIT_MS / 1000 + _PAUSE_S)
            ask("nvmlEventSetFree", self._set, take=unchanged)

    def _listen(self) -> None:
        event = nvml.event_answer()
        wait = nvml.bind(
            "nvmlEventSetWait_v2", self._set, ctypes.byref(event), ctypes.c_uint(_WAIT_MS)
        )
        while wait is not None and not self._stop.is_set():
            code = wait()
            if code == nvml.SUCCESS:
                self._heard.append(self._named(event))
            elif code != nvml.TIMEOUT:
                # It may fail at once each time, as when a GPU is lost.
                self._stop.wait(_PAUSE_S)

    def _named(self, event: Any) -> XidEvent:
        identity = self._names.get(nvml.address(event.device), "")
        return XidEvent(time_s=time.monotonic(), gpu=identity, xid=int(event.eventData))


def _subscribe(gpus: Mapping[str, Handle]) -> Any | None:
    """The set of events that at least one of the GPUs reports to."""
    created = ask("nvmlEventSetCreate", take=unchanged)
    if not isinstance(created, Found):
        return None
    events = created.value
    answers = [
        ask("nvmlDeviceRegisterEvents", handle, numbers.XID_EVENTS, events, take=unchanged)
        for handle in gpus.values()
    ]
    return events if any(isinstance(answer, Found) for answer in answers) else None
