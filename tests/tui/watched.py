"""A benchmark of which the training is made up, and everything else real.

NVML is asked by the real probe and the real sampler; on a machine without GPUs the tests' own
library answers. So the screens show what true meters would tell of true cards.
"""

import queue
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from rigcheck.bench import events
from rigcheck.bench.events import BenchEvent
from rigcheck.bench.plan import BenchDevice, BenchPlan
from rigcheck.bench.result import BenchRun, Block
from rigcheck.check import check
from rigcheck.facts import Rig, value_of
from rigcheck.monitor.monitor import Monitor
from rigcheck.monitor.sample import Sample
from rigcheck.probes.probe import ProbeContext
from rigcheck.terminal import Terminal
from rigcheck.tui.session import Options
from tests.tui.streams import device, device_run, started

_IMAGES_PER_S = 16_000
_BLOCK_S = 0.5


def options(terminal: Terminal, training_s: float) -> Options:
    """The check asks NVML alone; each GPU that it finds trains so long."""
    context = ProbeContext(python=sys.executable, data_dir=Path())
    return Options(
        terminal=terminal,
        check=lambda: check(context, parts=frozenset({"nvml"})),
        make_plan=lambda rig: _plan(rig, training_s),
        bench=_events,
    )


def _plan(rig: Rig, training_s: float) -> BenchPlan:
    gpus = tuple(
        BenchDevice(
            device=f"cuda:{gpu.index}",
            label=f"GPU {gpu.index}",
            name=value_of(gpu.name) or "",
            identity=value_of(gpu.uuid) or "",
        )
        for gpu in value_of(rig.nvml.gpus) or ()
    )
    return BenchPlan(python="py", devices=(device(), *gpus), training_s=training_s)


def _events(plan: BenchPlan, stop: threading.Event) -> Iterator[BenchEvent]:
    inbox: queue.SimpleQueue[Sample] = queue.SimpleQueue()
    began_s = time.monotonic()
    runs = []
    with Monitor(inbox.put) as monitor:
        for on in plan.devices:
            yield started(on)
            for n in range(round(plan.training_s / _BLOCK_S)):
                if stop.is_set():
                    break
                yield _block(on, plan, n, time.monotonic() - began_s)
                yield from _samples(inbox, began_s)
                yield events.WatchChanged(
                    cost=monitor.cost, no_gpus=monitor.no_gpus, problem=monitor.problem
                )
            runs.append(device_run(on))
            yield events.DeviceFinished(run=runs[-1])
    run = BenchRun(started_at="", devices=tuple(runs), speed_ups=(), samples=())
    yield events.BenchFinished(run=run)


def _block(on: BenchDevice, plan: BenchPlan, number: int, start_at_s: float) -> BenchEvent:
    images = int(_IMAGES_PER_S * _BLOCK_S * (1 if on.device == "cpu" else 6))
    ended = Block(
        start_at_s=start_at_s,
        end_at_s=start_at_s + _BLOCK_S,
        images=images + 100 * (number % 3),
        epoch=1,
        loss=1 / (number + 1),
    )
    progress = (number + 1) * _BLOCK_S / plan.training_s
    return events.BlockMeasured(device=on.device, block=ended, progress=progress)


def _samples(inbox: "queue.SimpleQueue[Sample]", began_s: float) -> Iterator[BenchEvent]:
    """Those of the time that a block takes."""
    end_s = time.monotonic() + _BLOCK_S
    while (left_s := end_s - time.monotonic()) > 0:
        try:
            told = inbox.get(timeout=left_s)
        except queue.Empty:
            return
        xids = tuple(msgspec.structs.replace(x, time_s=x.time_s - began_s) for x in told.xids or ())
        on_axis = msgspec.structs.replace(told, time_s=told.time_s - began_s, xids=xids)
        yield events.SampleTaken(sample=on_axis)
