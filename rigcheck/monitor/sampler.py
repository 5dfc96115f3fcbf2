"""Runs in a child: reads the meters on a fixed cadence and sends each sample.

A process of its own, so that neither a driver that crashes nor the work of reading disturbs what
is being watched or shown.
"""

import math
import time
from collections.abc import Iterator
from statistics import fmean
from typing import Any, final

import msgspec

from rigcheck.monitor.cpu_energy import CpuEnergy
from rigcheck.monitor.cpu_reader import CpuReader
from rigcheck.monitor.gpu_reader import GpuReader
from rigcheck.monitor.sample import Sample, SamplerCost
from rigcheck.nvml_library import LIBRARY
from rigcheck.nvml_refusal import Refusal
from rigcheck.target.wire import Wire

_DEAR_PERIOD_S = 5.0
"""From one reading of the dear meters to the next."""
_COST_EVERY = 4
_ENCODER = msgspec.json.Encoder()


class _Taken(msgspec.Struct, tag_field="event", tag="sample"):
    sample: Sample


class _Counted(msgspec.Struct, tag_field="event", tag="cost"):
    cost: SamplerCost


def run(wire: Wire, arguments: dict[str, Any]) -> None:
    """Sends a `sample` every `period_s` until it is ended, and `no_gpus` where NVML refuses.

    Every few samples follows a `cost`. `library` chooses another NVML than the loader's choice.
    """
    period_s = float(arguments["period_s"])
    dear_every = max(1, round(_DEAR_PERIOD_S / period_s))
    library = arguments.get("library") or LIBRARY
    with GpuReader(library, dear_every, lambda why: _send_refusal(wire, why)) as gpus:
        sampler = _Sampler(gpus, period_s, dear_every)
        for tick in ticks(period_s):
            wire.send_encoded(_ENCODER.encode(_Taken(sample=sampler.read(tick))))
            if sampler.is_cost_due:
                wire.send_encoded(_ENCODER.encode(_Counted(cost=sampler.cost())))


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


@final
class _Sampler:
    def __init__(self, gpus: GpuReader, period_s: float, dear_every: int) -> None:
        self._gpus = gpus
        self._cpu = CpuReader()
        self._cpu_energy = CpuEnergy()
        self._timeout_s = period_s / 2
        self._dear_every = dear_every
        self._samples = 0
        self._last_tick = 0
        self._started = _now()

    @property
    def is_dear(self) -> bool:
        """Whether the last sample had the dear meters of the processor."""
        return self._samples % self._dear_every == 1 % self._dear_every

    @property
    def is_cost_due(self) -> bool:
        """Every few samples."""
        return self._samples % _COST_EVERY == 0

    def read(self, tick: int) -> Sample:
        """All meters now. The GPUs get half the period to answer; then theirs is a gap."""
        if self._gpus.is_opening:
            self._started = _now()
        self._samples += 1
        self._last_tick = tick
        time_s = time.monotonic()
        per_core = self._cpu.busy_percent()
        return Sample(
            time_s=time_s,
            cpu_percent=fmean(per_core) if per_core else None,
            cpu_percent_per_core=per_core,
            cpu_frequency_mhz=self._cpu.frequency_mhz() if self.is_dear else None,
            cpu_temperature_c=self._cpu.temperature_c() if self.is_dear else None,
            cpu_energy_j=self._cpu_energy.consumed_j(),
            memory_used_bytes=self._cpu.memory_used_bytes(),
            gpus=self._gpus.read(self._timeout_s),
            xids=self._gpus.take_xids(),
        )

    def cost(self) -> SamplerCost:
        """Of the readings until now, not of the start."""
        (began_s, began_cpu_s), (now_s, now_cpu_s) = self._started, _now()
        return SamplerCost(
            cpu_share=(now_cpu_s - began_cpu_s) / (now_s - began_s),
            samples=self._samples,
            missed=self._last_tick - self._samples,
            gpu_read_s=self._gpus.median_read_s,
            gpu_dear_read_s=self._gpus.median_dear_read_s,
        )


def _now() -> tuple[float, float]:
    """The clock, and the CPU time of this process."""
    return time.monotonic(), time.process_time()
