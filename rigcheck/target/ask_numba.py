"""Numba: the devices it sees, LLVM's code on the CPU, and numbers to each GPU and back.

Its own compiler takes longer for one line than its import: it is tried on demand
(`compile_numba`). What is tried here is the half of it that can meet a CPU or a driver it was not
made for.
"""

import ctypes
import importlib
import os
from typing import Any, List

from rigcheck.target.facts_wire import FactSender
from rigcheck.target.stages import Stages, wrong

_COUNT = 64
_DRIVER = "libcuda.so.1"
_PLACES = ("/usr/lib/", "/usr/lib64/", "")
"""As numba.cuda.cudadrv.driver looks for it; in the last, where the loader does."""
# 0 + 1 + … + (count - 1), as Clang writes it.
_LOOP = """
define i64 @add_up(i64 %count) {
entry:
  br label %loop
loop:
  %number = phi i64 [0, %entry], [%next, %loop]
  %before = phi i64 [0, %entry], [%total, %loop]
  %total = add i64 %before, %number
  %next = add i64 %number, 1
  %goes_on = icmp slt i64 %next, %count
  br i1 %goes_on, label %loop, label %end
end:
  ret i64 %total
}
"""


def ask(facts: FactSender, stages: Stages) -> None:
    """Sends what it tells."""
    with stages.importing("numba"):
        importlib.import_module("numba")
    devices = _tell_devices(facts, stages)
    stages.attempt("LLVM's code", "cpu", _run_by_llvm)
    for device in devices:
        stages.attempt("copy", device, lambda device=device: _copy(device))  # type: ignore[misc]


def _tell_devices(facts: FactSender, stages: Stages) -> List[str]:
    """Sends the facts `sees_gpu` and `devices`; the GPUs."""
    problem = "" if os.environ.get("NUMBA_CUDA_DRIVER") else _why_no_driver()
    if problem:
        # Numba would say the same, after a third of the time that its import takes.
        facts.failed("sees_gpu", problem, "dlopen " + _DRIVER)
        facts.found("devices", ["cpu"], "dlopen " + _DRIVER)
        return []
    source = "numba.cuda.gpus"
    with stages.enter("device count"):
        facts.ask("sees_gpu", source, lambda: len(_gpus()) > 0)
        facts.ask("devices", source, lambda: ["cpu", *devices_seen()])
    return devices_seen()


def _why_no_driver() -> str:
    """The loader's words where it finds no driver in any place where Numba looks; else ""."""
    problems = [_problem_of(place + _DRIVER) for place in _PLACES]
    return problems[-1] if all(problems) else ""


def _problem_of(library: str) -> str:
    try:
        ctypes.CDLL(library)
    except OSError as error:
        return "OSError: {}".format(error)
    return ""


def _gpus() -> List[Any]:
    return list(importlib.import_module("numba.cuda").gpus)


def devices_seen() -> List[str]:
    """`cuda:0`, …; none where they cannot be told."""
    try:
        return ["cuda:{}".format(index) for index in range(len(_gpus()))]
    except Exception:  # noqa: BLE001 -- told already, as the failure of the fact `sees_gpu`
        return []


def _run_by_llvm() -> str:
    """The loop, made machine code for this very CPU by the LLVM that Numba compiles with."""
    llvm = importlib.import_module("llvmlite.binding")
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_default_triple().create_target_machine(cpu=llvm.get_host_cpu_name())
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(_LOOP), machine)
    engine.finalize_object()
    add_up = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64)(engine.get_function_address("add_up"))
    return wrong(add_up(_COUNT), _COUNT * (_COUNT - 1) // 2)


def _copy(device: str) -> str:
    cuda, numpy = importlib.import_module("numba.cuda"), importlib.import_module("numpy")
    with cuda.gpus[int(device.rpartition(":")[2])]:
        there = cuda.to_device(numpy.arange(_COUNT))
        return wrong(int(there.copy_to_host().sum()), _COUNT * (_COUNT - 1) // 2)
