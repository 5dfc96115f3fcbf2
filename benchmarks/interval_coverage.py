"""How often the interval that a benchmark reports holds the speed of the long run.

Runs the default benchmark of the CPU again and again. The long-run speed, to which each run's
interval is held, is the median of all blocks of all other runs.

    python benchmarks/interval_coverage.py [--runs 20]
"""

import argparse
import statistics
import sys
import threading

from rigcheck.bench.events import BenchFinished
from rigcheck.bench.plan import BenchDevice, BenchPlan
from rigcheck.bench.result import DeviceRun
from rigcheck.bench.runner import run

CPU = BenchDevice(device="cpu", label="CPU", name="CPU", identity="")


def bench() -> DeviceRun:
    plan = BenchPlan(python=sys.executable, devices=(CPU,))
    events = run(plan, threading.Event())
    return next(event.run for event in events if isinstance(event, BenchFinished)).devices[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=20)
    runs = []
    for _ in range(parser.parse_args().runs):
        runs.append(bench())
        rate = runs[-1].rate
        print(f"run {len(runs)}: {rate.images_per_s:,.0f} images/s", file=sys.stderr, flush=True)
    held = 0
    for one in runs:
        others = (other for other in runs if other is not one)
        long_run = statistics.median(b.images_per_s for other in others for b in other.blocks)
        low, high = one.rate.low_images_per_s, one.rate.high_images_per_s
        is_held = low <= long_run <= high
        held += is_held
        print(
            f"{one.rate.images_per_s:8,.0f} ({low:,.0f}-{high:,.0f}), {one.rate.blocks} blocks; "
            f"long run {long_run:,.0f} {'held' if is_held else 'MISSED'}",
            flush=True,
        )
    print(f"{held} of {len(runs)} intervals held the long-run speed")


if __name__ == "__main__":
    main()
