"""JAX: build, devices, a matrix product on each."""

import importlib
from typing import Any, List, Optional

from rigcheck.target.facts_wire import FactSender
from rigcheck.target.small_matrix import check_square, rows
from rigcheck.target.stages import Stages

_GPUS = ("gpu", "cuda", "rocm")


def ask(facts: FactSender, stages: Stages) -> None:
    """Sends what it tells."""
    with stages.importing("jax"):
        jax = importlib.import_module("jax")
    facts.ask("cuda_built_version", "jax_plugins", _built_for)
    with stages.enter("device count"):
        facts.ask("devices", "jax.devices()", lambda: [str(d) for d in _devices(jax)])
        facts.ask(
            "sees_gpu",
            "jax.devices()",
            lambda: any(device.platform in _GPUS for device in jax.devices()),
        )
    for device in _devices(jax):
        stages.attempt("BLAS", str(device), lambda device=device: _square(jax, device))  # type: ignore[misc]


def _devices(jax: Any) -> List[Any]:
    """Those of the backend it prefers, and the CPU."""
    devices = list(jax.devices())
    if all(device.platform != "cpu" for device in devices):
        devices += jax.devices("cpu")
    return devices


def _built_for() -> Optional[str]:
    """`13`: the CUDA of the plugin that is installed; None where it has none, for the CPU only."""
    from importlib.metadata import PackageNotFoundError, version

    for major in ("13", "12"):
        try:
            version("jax-cuda{}-plugin".format(major))
        except PackageNotFoundError:
            continue
        return major
    return None


def _square(jax: Any, device: Any) -> str:
    numpy = importlib.import_module("numpy")
    matrix = jax.device_put(numpy.array(rows(), dtype="float32"), device)
    # A GPU's default precision rounds the numbers to fewer bits than these have.
    with jax.default_matmul_precision("highest"):
        return check_square(numpy.asarray(matrix @ matrix))
