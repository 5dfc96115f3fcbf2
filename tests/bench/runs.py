"""Runs of the benchmark for tests: real plans, real workers."""

import contextlib
import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

from rigcheck.bench.events import BenchEvent, BenchFinished
from rigcheck.bench.plan import BenchDevice, BenchPlan
from rigcheck.bench.result import BenchRun, DeviceRun
from rigcheck.bench.runner import run
from rigcheck.bench.tier import Tier

CPU = BenchDevice(device="cpu", label="CPU", name="a CPU", identity="")


def make_plan(**fields: Any) -> BenchPlan:
    """On the CPU, on one thread: two wait for each other where something else has a core."""
    defaults = {
        "python": sys.executable,
        "devices": (CPU,),
        "tiers": (Tier.IN_MEMORY,),
        "training_s": 0.5,
        "threads": 1,
    }
    return BenchPlan(**{**defaults, **fields})


def images_trained(run: DeviceRun) -> int:
    """In all blocks, in memory."""
    return sum(block.images for block in run.blocks)


def events_of(plan: BenchPlan, stop: threading.Event | None = None) -> list[BenchEvent]:
    """All events; no process may be left after the last."""
    before = psutil.Process().children()
    events = list(run(plan, stop or threading.Event()))
    assert psutil.Process().children() == before
    return events


def result_of(plan: BenchPlan) -> BenchRun:
    """The result of a whole run."""
    return finished(events_of(plan))


def finished(events: list[BenchEvent]) -> BenchRun:
    """The result in the last event, which is the only one of its kind."""
    assert [isinstance(event, BenchFinished) for event in events].count(True) == 1
    last = events[-1]
    assert isinstance(last, BenchFinished)
    return last.run


def worker_process() -> psutil.Process:
    """The worker that is at work."""
    (worker,) = (
        process
        for process in psutil.Process().children()
        if "rigcheck.target.training" in _command_line(process)
    )
    return worker


def interpreter(folder: Path, preparation: str) -> str:
    """An executable that prepares something in the interpreter, then runs what it is given."""
    script = folder / "python"
    script.write_text(
        f"#!{sys.executable}\n{textwrap.dedent(preparation)}\n"
        "import runpy, sys\n"
        "del sys.argv[0]\n"
        "runpy.run_path(sys.argv[0], run_name='__main__')\n"
    )
    script.chmod(0o755)
    return str(script)


@contextlib.contextmanager
def running(plan: BenchPlan, stop: threading.Event) -> Iterator[Iterator[BenchEvent]]:
    """A run that may be left before its end."""
    with contextlib.closing(run(plan, stop)) as events:
        yield events


def _command_line(process: psutil.Process) -> list[str]:
    with contextlib.suppress(psutil.NoSuchProcess):
        return list(process.cmdline())
    return []
