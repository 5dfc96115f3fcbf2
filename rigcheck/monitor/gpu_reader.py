"""Reads the GPUs' meters, in a thread of its own.

A driver that is slow to start, or stops answering, so leaves gaps in the GPUs' series and none in
the CPU's.
"""

import collections
import contextlib
import queue
import threading
import time
from collections.abc import Callable, Iterable
from statistics import median
from typing import TypeAlias, final

from rigcheck import nvml
from rigcheck.facts import Found, value_of
from rigcheck.gpu import driver, identity
from rigcheck.gpu.driver import Handle
from rigcheck.monitor.gpu_meters import GpuMeters
from rigcheck.monitor.sample import GpuSample, XidEvent
from rigcheck.monitor.xid_watch import XidWatch
from rigcheck.nvml_refusal import Refusal

_TIMES_KEPT = 64
_Answer: TypeAlias = tuple[GpuSample, ...] | BaseException


@final
class GpuReader:
    """The GPUs that could be opened. Use as a context manager: leaving it shuts NVML down."""

    def __init__(
        self, library: str, dear_every: int, on_refusal: Callable[[Refusal], None]
    ) -> None:
        """Starts opening them.

        Args:
            library: NVML's file.
            dear_every: every so many readings of a GPU the dear meters are read, too.
            on_refusal: called from the thread, once, if there is nothing to be read.
        """
        self._library = library
        self._dear_every = dear_every
        self._on_refusal = on_refusal
        self._gpus: dict[str, GpuMeters] = {}
        self._xids: XidWatch | None = None
        self._read_s = collections.deque[float](maxlen=_TIMES_KEPT)
        self._dear_read_s = collections.deque[float](maxlen=_TIMES_KEPT)
        self._turn = 0
        self._nvml = contextlib.ExitStack()
        # Two queues cost a third of what an executor's futures do, several times a second.
        self._orders = queue.SimpleQueue[bool]()
        self._answers = queue.SimpleQueue[_Answer]()
        self._is_owed = True
        self._is_open = False
        # A daemon: a driver that never answers must not keep the process from ending.
        threading.Thread(target=self._work, name="gpus", daemon=True).start()

    def __enter__(self) -> "GpuReader":
        return self

    def __exit__(self, *_: object) -> None:
        self._orders.put(item=False)

    def read(self, timeout_s: float) -> tuple[GpuSample, ...]:
        """What they say now: gaps if that takes longer, or if they still owe the last answer."""
        gaps = tuple(GpuSample(gpu=name) for name in self._gpus)
        if self._is_owed and self._receive(0.0) is None:
            return gaps
        if not self._gpus:
            return ()
        self._orders.put(item=True)
        self._is_owed = True
        return self._receive(timeout_s) or gaps

    def take_xids(self) -> tuple[XidEvent, ...] | None:
        """What the driver reported since the last time; None while it tells us nothing."""
        return None if self._xids is None else self._xids.take()

    @property
    def is_opening(self) -> bool:
        """The driver has not been started yet."""
        return not self._is_open

    @property
    def median_read_s(self) -> float | None:
        """How long the GPUs took of late, the dear meters apart; None before the first answer."""
        return _median(self._read_s)

    @property
    def median_dear_read_s(self) -> float | None:
        """How long they took where one of them was asked for its dear meters, too."""
        return _median(self._dear_read_s)

    def _receive(self, timeout_s: float) -> tuple[GpuSample, ...] | None:
        """The answer that is owed; raises what went wrong, which no driver can cause."""
        try:
            answer = self._answers.get(timeout=timeout_s)
        except queue.Empty:
            return None
        self._is_owed = False
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def _work(self) -> None:
        """The thread: answers each order, and the start as the first."""
        try:
            with self._nvml:
                self._open()
                self._is_open = True
                self._answers.put(())
                while self._orders.get():
                    self._answers.put(self._read())
        except BaseException as error:  # noqa: BLE001 -- it is raised where the answer is taken
            self._answers.put(error)

    def _open(self) -> None:
        refusal = nvml.load(self._library) or self._nvml.enter_context(nvml.initialised())
        if refusal is None:
            count = driver.gpu_count()
            if isinstance(count, Found):
                self._watch(open_gpus(count.value))
                return
            refusal = count
        self._on_refusal(refusal)

    def _watch(self, handles: dict[str, Handle]) -> None:
        self._xids = XidWatch(handles)
        self._nvml.callback(self._xids.close)
        self._gpus = {name: GpuMeters(name, handle) for name, handle in handles.items()}

    def _read(self) -> tuple[GpuSample, ...]:
        started_s = time.monotonic()
        dear = [self._is_dear(place) for place in range(len(self._gpus))]
        samples = tuple(
            meters.read(with_dear=is_dear)
            for meters, is_dear in zip(self._gpus.values(), dear, strict=True)
        )
        self._turn += 1
        times_s = self._dear_read_s if any(dear) else self._read_s
        times_s.append(time.monotonic() - started_s)
        return samples

    def _is_dear(self, place: int) -> bool:
        """One GPU after the other, so that no turn is long; at the first turns at once."""
        if self._turn < len(self._gpus):
            return self._turn == place
        return (self._turn - place) % max(self._dear_every, len(self._gpus)) == 0


def _median(times: Iterable[float]) -> float | None:
    told = tuple(times)
    return median(told) if told else None


def open_gpus(count: int) -> dict[str, Handle]:
    """Those that answer, by identity: the index is none, it may change between boots."""
    gpus = {}
    for index in range(count):
        handle = driver.gpu_handle(index)
        if isinstance(handle, Found):
            name = read_identity(handle.value)
            if name is not None:
                gpus[name] = handle.value
    return gpus


def read_identity(gpu: Handle) -> str | None:
    """UUID, else PCI bus id."""
    return value_of(identity.uuid(gpu)) or value_of(identity.pci_bus_id(gpu))
