"""Reads the GPUs' meters, in a thread of its own.

A driver that is slow to start, or stops answering, so leaves gaps in the GPUs' series and none in
the CPU's.
"""

import contextlib
from collections.abc import Callable
from concurrent import futures
from typing import final

from rigcheck import nvml, nvml_calls
from rigcheck.facts import Found, value_of
from rigcheck.monitor.sample import GpuSample
from rigcheck.nvml import Refusal
from rigcheck.nvml_calls import Handle


@final
class GpuReader:
    """The GPUs that could be opened. Use as a context manager: leaving it shuts NVML down."""

    def __init__(self, library: str, on_refusal: Callable[[Refusal], None]) -> None:
        """Starts opening them.

        Args:
            library: NVML's file.
            on_refusal: called from the thread, once, if there is nothing to be read.
        """
        self._library = library
        self._on_refusal = on_refusal
        self._gpus: dict[str, Handle] = {}
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
        gaps = tuple(GpuSample(gpu=identity) for identity in self._gpus)
        if not self._pending.done():
            return gaps
        self._pending.result()  # raises what went wrong, which no driver can cause
        if not gaps:
            return gaps
        self._pending = self._thread.submit(self._read)
        futures.wait([self._pending], timeout_s)
        return self._pending.result() if self._pending.done() else gaps

    def _open(self) -> tuple[GpuSample, ...]:
        refusal = nvml.load(self._library) or self._nvml.enter_context(nvml.initialised())
        if refusal is None:
            count = nvml_calls.gpu_count()
            if isinstance(count, Found):
                self._gpus = open_gpus(count.value)
                return ()
            refusal = count
        self._on_refusal(refusal)
        return ()

    def _read(self) -> tuple[GpuSample, ...]:
        return tuple(read_gpu(identity, handle) for identity, handle in self._gpus.items())


def open_gpus(count: int) -> dict[str, Handle]:
    """Those that answer, by identity: the index is none, it may change between boots."""
    gpus = {}
    for index in range(count):
        handle = nvml_calls.gpu_handle(index)
        if isinstance(handle, Found):
            identity = read_identity(handle.value)
            if identity is not None:
                gpus[identity] = handle.value
    return gpus


def read_identity(gpu: Handle) -> str | None:
    """UUID, else PCI bus id."""
    return value_of(nvml_calls.uuid(gpu)) or value_of(nvml_calls.pci_bus_id(gpu))


def read_gpu(identity: str, gpu: Handle) -> GpuSample:
    """One GPU's meters; each that it does not tell is a gap."""
    return GpuSample(
        gpu=identity,
        utilization_percent=value_of(nvml_calls.utilization_percent(gpu)),
        memory_used_bytes=value_of(nvml_calls.memory(gpu).used),
        power_w=value_of(nvml_calls.power_w(gpu)),
        temperature_c=value_of(nvml_calls.temperature_c(gpu)),
    )
