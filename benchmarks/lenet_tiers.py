"""LeNet in every form beside what the machine's arithmetic allows, on one thread and on all.

Paired: within a run the forms take turns of half a second, so that a machine that changes its speed
changes it for all; `×` is the median ratio of turns that lie side by side. The ceiling is the
fastest block of a matrix product in the format that training uses.

    python benchmarks/lenet_tiers.py [--seconds 20] [--data-dir DIR]
"""

import argparse
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from rigcheck.bench.ceiling import Ceiling, CeilingShare
from rigcheck.bench.events import BenchFinished
from rigcheck.bench.plan import BenchDevice, BenchPlan
from rigcheck.bench.result import BenchRun, DeviceRun, Evaluation, Rate
from rigcheck.bench.runner import run
from rigcheck.bench.tier import Tier
from rigcheck.target.threads import chosen_threads

CPU = BenchDevice(device="cpu", label="CPU", name="CPU", identity="")


def bench(threads: int, options: argparse.Namespace) -> BenchRun:
    plan = BenchPlan(
        python=sys.executable,
        devices=(CPU,),
        tiers=tuple(Tier),
        training_s=options.seconds,
        data_dir=options.data_dir,
        threads=threads,
    )
    events = run(plan, threading.Event())
    return next(event.run for event in events if isinstance(event, BenchFinished))


def rows(device: DeviceRun) -> Iterator[tuple[str, ...]]:
    yield "form", "images/s", "95 % interval", "× in memory", "of ceiling", "accuracy"
    yield row(Tier.IN_MEMORY, device.rate, 1.0, device.ceiling_share, device.evaluation)
    for tier in device.tiers:
        ratio = tier.of_in_memory.ratio if tier.of_in_memory else None
        yield row(tier.tier, tier.rate, ratio, tier.ceiling_share, tier.evaluation)


def row(
    tier: Tier,
    rate: Rate | None,
    ratio: float | None,
    share: CeilingShare | None,
    evaluation: Evaluation | None,
) -> tuple[str, ...]:
    return (
        tier.value,
        f"{rate.images_per_s:,.0f}" if rate else "-",
        interval(rate),
        f"{ratio:.2f}" if ratio else "-",
        f"{share.share:.1%}" if share else "-",
        f"{evaluation.accuracy:.1%}" if evaluation else "-",
    )


def interval(rate: Rate | None) -> str:
    return f"{rate.low_images_per_s:,.0f}-{rate.high_images_per_s:,.0f}" if rate else "-"


def ceiling_line(ceiling: Ceiling) -> str:
    what = f"{ceiling.name.value} {ceiling.variant}{ceiling.dtype}"
    if ceiling.flop_per_s and ceiling.best_flop_per_s:
        rate = f"{ceiling.flop_per_s / 1e9:.1f} GFLOP/s, best {ceiling.best_flop_per_s / 1e9:.1f}"
    elif ceiling.bytes_per_s and ceiling.best_bytes_per_s:
        rate = f"{ceiling.bytes_per_s / 1e9:.1f} GB/s, best {ceiling.best_bytes_per_s / 1e9:.1f}"
    else:
        rate = ceiling.problem
    return f"  {what}: {rate}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=20.0, help="of training in memory")
    parser.add_argument("--data-dir", type=Path, help="MNIST's; else the built-in digits")
    options = parser.parse_args()
    for threads in sorted({1, chosen_threads()[0]}):
        device = bench(threads, options).devices[0]
        print(f"\n{threads} threads, torch {device.torch_version}")
        for cells in rows(device):
            print("  " + "".join(f"{cell:>16}" for cell in cells))
        for ceiling in device.ceilings:
            print(ceiling_line(ceiling))


if __name__ == "__main__":
    main()
