"""Reads the GPUs' meters, in a thread of its own.

A driver that is slow to start, or stops answering, so leaves gaps in the GPUs' series and none in
the CPU's.
"""

import collections
import contextlib
import time
from collections.abc import Callable
from concurrent import futures
from statistics import median
from typing import final

from rigcheck import nvml
from rigcheck.facts import Found, value_of
from rigcheck.gpu import driver, identity
from rigcheck.gpu.driver import Handle
from rigcheck.monitor.gpu_meters import GpuMeters
from rigcheck.monitor.sample import GpuSample, XidEvent
from rigcheck.monitor.xid_watch import XidWatch
from rigcheck.nvml import Refusal

_TIMES_KEPT = 64


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
        self._turn = 0
        self._nvml = contextlib.ExitStack()
        self._thread = futures.ThreadPoolExecutor(max_workers=1)
        self._pending = self._thread.submit(self._open)

    def __enter__(self) -> "GpuReader":
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.submit(self._nvml.close)
        self._thread.shutdown(wait=False)

    def read(self, timeout_s: float) -> tuple[GpuSample, ...]:
        """What they say now: gaps if that takes longer, or if they still owe the last answer."""
        gaps = tuple(GpuSample(gpu=name) for name in self._gpus)
        if not self._pending.done():
            return gaps
        self._pending.result()  # raises what went wrong, which no driver can cause
        if not gaps:
            return gaps
        self._pending = self._thread.submit(self._read)
        futures.wait([self._pending], timeout_s)
        return self._pending.result() if self._pending.done() else gaps

    def take_xids(self) -> tuple[XidEvent, ...] | None:
        """What the driver reported since the last time; None while it tells us nothing."""
        return None if self._xids is None else self._xids.take()

    @property
    def median_read_s(self) -> float | None:
        """How long the GPUs took of late; None before the first answer."""
        times = tuple(self._read_s)
        return median(times) if times else None

    def _open(self) -> tuple[GpuSample, ...]:
        refusal = nvml.load(self._library) or self._nvml.enter_context(nvml.initialised())
        if refusal is None:
            count = driver.gpu_count()
            if isinstance(count, Found):
                self._watch(open_gpus(count.value))
                return ()
            refusal = count
        self._on_refusal(refusal)
        return ()

    def _watch(self, handles: dict[str, Handle]) -> None:
        self._xids = XidWatch(handles)
        self._nvml.callback(self._xids.close)
        self._gpus = {name: GpuMeters(name, handle) for name, handle in handles.items()}

    def _read(self) -> tuple[GpuSample, ...]:
        started_s = time.monotonic()
        samples = tuple(
            meters.read(with_dear=self._is_dear(place))
            for place, meters in enumerate(self._gpus.values())
        )
        self._turn += 1
        self._read_s.append(time.monotonic() - started_s)
        return samples

    def _is_dear(self, place: int) -> bool:
        """One GPU after the other, so that no turn is long; at the first turns at once."""
        if self._turn < len(self._gpus):
            return self._turn == place
        return (self._turn - place) % max(self._dear_every, len(self._gpus)) == 0


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
