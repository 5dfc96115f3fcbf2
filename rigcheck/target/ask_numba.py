"""Numba: a compiled loop on the CPU and a kernel on each GPU."""

import importlib
from typing import Any, List

from rigcheck.target.facts_wire import FactSender
from rigcheck.target.stages import Stages, wrong

_COUNT = 64


def ask(facts: FactSender, stages: Stages) -> None:
    """Sends what it tells."""
    with stages.enter("import numba"):
        numba = importlib.import_module("numba")
    source = "numba.cuda.gpus"
    with stages.enter("device count"):
        facts.ask("sees_gpu", source, lambda: len(_gpus()) > 0)
        facts.ask("devices", source, lambda: ["cpu", *_devices()])
    stages.attempt("compiled loop", "cpu", lambda: _loop(numba))
    for device in _devices():
        stages.attempt("first kernel", device, lambda device=device: _kernel(device))  # type: ignore[misc]


def _gpus() -> List[Any]:
    return list(importlib.import_module("numba.cuda").gpus)


def _devices() -> List[str]:
    try:
        return ["cuda:{}".format(index) for index in range(len(_gpus()))]
    except Exception:  # noqa: BLE001 -- told already, as the failure of the fact `sees_gpu`
        return []


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
