"""How long LeNet keeps one waiting: from the start of a process to its first measured step.

Beside it, what no training in torch can do without: starting Python and importing torch. Prints
the median and the range of N rounds, each of which takes both in turn.

    python benchmarks/lenet_cold_start.py [--rounds N] [--data-dir MNIST]
"""

import argparse
import contextlib
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

from rigcheck.bench.events import BlockMeasured, DeviceStarted, StageEntered
from rigcheck.bench.plan import BenchDevice, BenchPlan
from rigcheck.bench.runner import run

CPU = BenchDevice(device="cpu", label="CPU", name="", identity="")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--data-dir", type=Path, help="MNIST; else the built-in digits")
    options = parser.parse_args()
    plan = BenchPlan(python=sys.executable, devices=(CPU,), data_dir=options.data_dir)
    times_s: dict[str, list[float]] = {}
    for _ in range(options.rounds):
        times_s.setdefault("python -c 'import torch'", []).append(import_time_s())
        for stage, time_s in stage_times_s(plan).items():
            times_s.setdefault(f"rigcheck, {stage}", []).append(time_s)
    for what, values in times_s.items():
        print(
            f"{what:<34}{statistics.median(values):6.2f} s  ({min(values):.2f}–{max(values):.2f})"
        )


def import_time_s() -> float:
    started_s = time.monotonic()
    subprocess.run([sys.executable, "-c", "import torch"], check=True)
    return time.monotonic() - started_s


def stage_times_s(plan: BenchPlan) -> dict[str, float]:
    """Seconds from the start of the worker's process to each stage and to the first block's end."""
    started_s = 0.0
    times_s: dict[str, float] = {}
    with contextlib.closing(run(plan, threading.Event())) as events:
        for event in events:
            if isinstance(event, DeviceStarted):
                started_s = time.monotonic()
            elif isinstance(event, StageEntered):
                times_s[f"{event.stage} begins"] = time.monotonic() - started_s
            elif isinstance(event, BlockMeasured):
                times_s["first block ends"] = time.monotonic() - started_s
                break
    return times_s


if __name__ == "__main__":
    main()
