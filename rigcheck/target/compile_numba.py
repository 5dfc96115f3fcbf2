"""Numba's compiler: a loop on the CPU and a kernel on each GPU."""

import importlib
from typing import Any, Container

from rigcheck.target.ask_numba import devices_seen
from rigcheck.target.compiling import attempt_compiled
from rigcheck.target.facts_wire import FactSender
from rigcheck.target.stages import Stages, wrong

_COUNT = 64


def try_out(_facts: FactSender, stages: Stages, skip: Container[str]) -> None:
    """Each device but those to skip."""
    with stages.importing("numba"):
        numba = importlib.import_module("numba")
    if "cpu" not in skip:
        attempt_compiled(stages, "compiled loop", "cpu", lambda: _loop(numba))
    for device in devices_seen():
        if device not in skip:
            _try_on(stages, device)


def _try_on(stages: Stages, device: str) -> None:
    attempt_compiled(stages, "compiled kernel", device, lambda: _kernel(device))


def _loop(numba: Any) -> str:
    def add_up(count: int) -> int:
        total = 0
        for number in range(count):
            total += number
        return total

    compiled = numba.njit("int64(int64)")(add_up)
    return wrong(compiled(_COUNT), add_up(_COUNT))


def _kernel(device: str) -> str:
    cuda = importlib.import_module("numba.cuda")
    numpy = importlib.import_module("numpy")

    def double(numbers: Any) -> None:
        index = cuda.grid(1)
        if index < numbers.size:
            numbers[index] *= 2

    with cuda.gpus[int(device.rpartition(":")[2])]:
        there = cuda.to_device(numpy.arange(_COUNT))
        cuda.jit(double)[1, _COUNT](there)
        return wrong(int(there.copy_to_host().sum()), _COUNT * (_COUNT - 1))
