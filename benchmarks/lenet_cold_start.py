"""How long LeNet keeps one waiting: from the start of a process to its first measured step.

Beside it, two processes that do what no training in torch can do without, and no more: they import
torch, make LeNet, and take one step on one batch of noise, which lies there. One updates the
weights as rigcheck does, by an update that is written out; the other by `torch.optim.SGD`, as
scripts do, whose first object imports much more of torch. What rigcheck does besides is in its own
time: starting under supervision, reading or drawing 60,000 images, 20 steps to warm up.

Prints the median and the range of N rounds, each of which takes all in turn, and of each round's
ratios.

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
STEP = """
import torch
from torch import nn
model = nn.Sequential(
    nn.Conv2d(1, 6, 3, padding=1), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10),
)
images, labels = torch.rand(100, 1, 28, 28), torch.randint(0, 10, (100,))
loss = nn.functional.cross_entropy(model(images), labels, reduction="sum")
"""
WRITTEN_OUT = """
parameters = list(model.parameters())
gradients = torch.autograd.grad(loss, parameters)
with torch.no_grad():
    torch._foreach_add_(parameters, gradients, alpha=-1e-3)
"""
OPTIMIZER = """
optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
loss.backward()
optimizer.step()
"""
LEAST = {
    "import torch, LeNet, one step": STEP + WRITTEN_OUT,
    "the same by torch.optim.SGD": STEP + OPTIMIZER,
}
FIRST_STEP = "rigcheck, training begins"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--data-dir", type=Path, help="MNIST; else the built-in digits")
    options = parser.parse_args()
    plan = BenchPlan(python=sys.executable, devices=(CPU,), data_dir=options.data_dir)
    rounds = [one_round(plan) for _ in range(options.rounds)]
    for what in rounds[0]:
        show(what, [times_s[what] for times_s in rounds], " s")
    for least in LEAST:
        ratios = [times_s[FIRST_STEP] / times_s[least] for times_s in rounds]
        show(f"first measured step ÷ {least}", ratios, "×")


def one_round(plan: BenchPlan) -> dict[str, float]:
    least = {what: code_time_s(code) for what, code in LEAST.items()}
    return least | {f"rigcheck, {what}": time_s for what, time_s in stage_times_s(plan).items()}


def show(what: str, values: list[float], unit: str) -> None:
    middle = f"{statistics.median(values):.2f}{unit}"
    print(f"{what:<54}{middle:>8}  ({min(values):.2f}–{max(values):.2f})")


def code_time_s(code: str) -> float:
    """Seconds from the start of a process until it has run this; its end is not waited for."""
    started_s = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-c", code + "\nprint(flush=True)"], stdout=subprocess.PIPE
    ) as process:
        said = process.stdout.readline() if process.stdout else b""
        time_s = time.monotonic() - started_s
    if not said:
        raise RuntimeError("the reference did not run to its end")
    return time_s


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
