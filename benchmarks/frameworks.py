"""What the answer of each framework costs, beside its bare import.

    python benchmarks/frameworks.py [PYTHON ...]

Paired: each round imports each framework that the interpreter has, and asks it as a check does, in
turn. Printed are the medians of wall and CPU time and of the rounds' ratios, and whether the ratio
of the CPU time is within the goal: on a busy machine it is the one that tells.
"""

import functools
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from rigcheck.facts import Framework, value_of
from rigcheck.probes.frameworks import ask_framework, read_frameworks
from rigcheck.probes.probe import ProbeContext
from rigcheck.probes.torch import read_torch

ROUNDS = 5
GOAL = 1.15
LIMIT_S = 300.0
MODULES = {"tensorflow-cpu": "tensorflow", "onnxruntime-gpu": "onnxruntime"}


class Cost(NamedTuple):
    wall_s: float
    cpu_s: float


def cost(work: Callable[[], object]) -> Cost:
    """Of the children that the work starts and waits for."""
    before, started_s = os.times(), time.perf_counter()
    work()
    after = os.times()
    used_s = after.children_user + after.children_system
    return Cost(
        time.perf_counter() - started_s,
        used_s - before.children_user - before.children_system,
    )


def tell(name: str, rounds: list[tuple[Cost, Cost]]) -> None:
    bare_s = statistics.median(bare.wall_s for bare, _ in rounds)
    asked_s = statistics.median(asked.wall_s for _, asked in rounds)
    wall = statistics.median(asked.wall_s / bare.wall_s for bare, asked in rounds)
    cpu = statistics.median(asked.cpu_s / bare.cpu_s for bare, asked in rounds)
    goal = "within" if cpu <= GOAL else "beyond"
    print(
        f"{name:<22} {bare_s:6.2f} s {asked_s:6.2f} s {wall:6.2f} × {cpu:6.2f} ×  {goal} {GOAL} ×"
    )


class Subject(NamedTuple):
    """What is asked, and what its bare import is."""

    name: str
    module: str
    settings: dict[str, str]
    ask: Callable[[], object]


def subjects(python: str) -> Iterator[Subject]:
    """The frameworks that the interpreter has."""
    context = ProbeContext(python=python, data_dir=Path())
    if value_of(read_torch(context).version) is not None:
        yield Subject("torch, torchvision", "torch", {}, lambda: read_torch(context))
    for framework in value_of(read_frameworks(context).installed) or ():
        unasked = Framework(name=framework.name, backend=framework.backend)
        backend = value_of(framework.backend)
        yield Subject(
            name=framework.title,
            module=MODULES.get(framework.name, framework.name.partition("-")[0]),
            settings={"KERAS_BACKEND": backend} if backend else {},
            ask=functools.partial(_ask, python, unasked),
        )


def _ask(python: str, framework: Framework) -> Framework:
    return ask_framework(python, framework, time.monotonic() + LIMIT_S)


def measure(python: str) -> None:
    print(f"{python}\n{'':<22} {'import':>8} {'asked':>8} {'wall':>8} {'CPU':>8}")
    for subject in subjects(python):
        bare = functools.partial(
            subprocess.run,
            [python, "-c", f"import {subject.module}"],
            env={**os.environ, **subject.settings},
            check=True,
            capture_output=True,
        )
        tell(subject.name, [(cost(bare), cost(subject.ask)) for _ in range(ROUNDS)])


def main() -> None:
    for python in sys.argv[1:] or [sys.executable]:
        measure(python)


if __name__ == "__main__":
    main()
