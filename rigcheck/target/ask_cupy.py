"""CuPy: build, devices, a kernel and a matrix product on each."""

import importlib
from typing import Any, Optional

from rigcheck.target.facts_wire import FactSender
from rigcheck.target.small_matrix import check_square, rows
from rigcheck.target.stages import Stages, wrong

_COUNT = 64


def ask(facts: FactSender, stages: Stages) -> None:
    """Sends what it tells."""
    with stages.importing("cupy"):
        cupy = importlib.import_module("cupy")
    source = "cupy.cuda.driver.get_build_version()"
    facts.ask(
        "cuda_built_version", source, lambda: _cuda_text(cupy.cuda.driver.get_build_version())
    )
    source = "cupy.cuda.runtime.getDeviceCount()"
    with stages.enter("device count"):
        facts.ask("sees_gpu", source, lambda: cupy.cuda.runtime.getDeviceCount() > 0)
        facts.ask("devices", source, lambda: ["cuda:{}".format(i) for i in range(_count(cupy))])
    for index in range(_count(cupy)):
        device = "cuda:{}".format(index)
        with cupy.cuda.Device(index):
            if stages.attempt("first kernel", device, lambda: _sum(cupy)):
                stages.attempt("BLAS", device, lambda: _square(cupy))


def _count(cupy: Any) -> int:
    try:
        return int(cupy.cuda.runtime.getDeviceCount())
    except Exception:  # noqa: BLE001 -- told already, as the failure of the fact `sees_gpu`
        return 0


def _cuda_text(encoded: int) -> Optional[str]:
    """`12090` → `12.9`."""
    return "{}.{}".format(encoded // 1000, encoded % 1000 // 10) if encoded else None


def _sum(cupy: Any) -> str:
    return wrong(int(cupy.arange(_COUNT).sum()), _COUNT * (_COUNT - 1) // 2)


def _square(cupy: Any) -> str:
    matrix = cupy.asarray(rows(), dtype="float32")
    return check_square(cupy.asnumpy(matrix @ matrix))
