"""Runs in a child: reads the meters on a fixed cadence and sends each sample.

A process of its own, so that neither a driver that crashes nor the work of reading disturbs what
is being watched or shown.
"""

import math
import time
from collections.abc import Iterator
from typing import Any

import msgspec
import psutil

from rigcheck import nvml
from rigcheck.monitor.gpu_reader import GpuReader
from rigcheck.monitor.sample import Sample
from rigcheck.nvml import Refusal
from rigcheck.target.wire import Wire


def run(wire: Wire, arguments: dict[str, Any]) -> None:
    """Sends a `sample` every `period_s` until it is ended, and `no_gpus` where NVML refuses.

    `library` chooses another NVML than the loader's own choice.
    """
    period_s = float(arguments["period_s"])
    library = arguments.get("library", nvml.LIBRARY)
    _read_cpu_percent()  # the first reading has nothing before it to compare with
    with GpuReader(library, lambda why: _send_refusal(wire, why)) as gpus:
        for _ in ticks(period_s):
            wire.send("sample", sample=msgspec.to_builtins(read_sample(gpus, period_s)))


def _send_refusal(wire: Wire, why: Refusal) -> None:
    wire.send("no_gpus", why=msgspec.to_builtins(why))


def ticks(period_s: float) -> Iterator[int]:
    """Sleeps to each point of a grid laid at the start; those it is too late for are left out."""
    start_s = time.monotonic()
    tick = 0
    while True:
        tick = next_tick(tick, time.monotonic() - start_s, period_s)
        time.sleep(max(0.0, start_s + tick * period_s - time.monotonic()))
        yield tick


def next_tick(last: int, elapsed_s: float, period_s: float) -> int:
    """Number of the first point of the grid that is still ahead, and after `last` in any case."""
    return max(last, math.floor(elapsed_s / period_s)) + 1


def read_sample(gpus: GpuReader, period_s: float) -> Sample:
    """All meters now. The GPUs get half the period to answer; then theirs is a gap."""
    time_s = time.monotonic()
    per_core = _read_cpu_percent()
    memory = psutil.virtual_memory()
    return Sample(
        time_s=time_s,
        cpu_percent=sum(per_core) / len(per_core),
        cpu_percent_per_core=per_core,
        memory_used_bytes=memory.total - memory.available,
        gpus=gpus.read(period_s / 2),
    )


def _read_cpu_percent() -> tuple[float, ...]:
    """Each CPU's busy share since the last call. One reading of /proc/stat serves both figures."""
    return tuple(psutil.cpu_percent(percpu=True))
