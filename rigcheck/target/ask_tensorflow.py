"""TensorFlow: build, devices, a matrix product on each."""

import importlib
from typing import Any, Dict, Optional

from rigcheck.target.facts_wire import FactSender
from rigcheck.target.small_matrix import check_square, rows
from rigcheck.target.stages import Stages


def ask(facts: FactSender, stages: Stages) -> None:
    """Sends what it tells."""
    with stages.importing("tensorflow"):
        tf = importlib.import_module("tensorflow")
    source = "tf.sysconfig.get_build_info()"
    info = dict(tf.sysconfig.get_build_info())
    facts.ask("cuda_built_version", source, lambda: _text(info, "cuda_version"))
    facts.ask("cudnn_built_version", source, lambda: _text(info, "cudnn_version"))
    source = "tf.config.list_logical_devices()"
    with stages.enter("device count"):
        facts.ask("devices", source, lambda: _devices(tf))
        facts.ask("sees_gpu", source, lambda: any("GPU" in device for device in _devices(tf)))
    for device in _devices(tf):
        stages.attempt("BLAS", device, lambda device=device: _square(tf, device))  # type: ignore[misc]


def _text(info: Dict[str, Any], name: str) -> Optional[str]:
    value = info.get(name)
    return str(value) if value else None


def _devices(tf: Any) -> "list[str]":
    """`CPU:0`, `GPU:0`."""
    return [device.name.rpartition("device:")[2] for device in tf.config.list_logical_devices()]


def _square(tf: Any, device: str) -> str:
    with tf.device("/" + device):
        matrix = tf.constant(rows())
        product = tf.linalg.matmul(matrix, matrix)
    return check_square(product.numpy())
