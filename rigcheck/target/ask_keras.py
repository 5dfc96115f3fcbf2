"""Keras: the backend it computes with, and a matrix product on the device it takes by itself."""

import importlib
from typing import Any

from rigcheck.target.facts_wire import FactSender
from rigcheck.target.small_matrix import check_square, rows
from rigcheck.target.stages import Stages


def ask(facts: FactSender, stages: Stages) -> None:
    """Sends what it tells. KERAS_BACKEND names the backend."""
    with stages.importing("keras"):
        keras = importlib.import_module("keras")
    facts.ask("backend", "keras.config.backend()", keras.config.backend)
    source = "keras.distribution.list_devices()"
    with stages.enter("device count"):
        facts.ask("devices", source, keras.distribution.list_devices)
        facts.ask("sees_gpu", source, lambda: _sees_gpu(keras))
    stages.attempt("BLAS", "", lambda: _square(keras))


def _sees_gpu(keras: Any) -> bool:
    return any("gpu" in device.lower() for device in keras.distribution.list_devices())


def _square(keras: Any) -> str:
    matrix = keras.ops.convert_to_tensor(rows(), dtype="float32")
    return check_square(keras.ops.convert_to_numpy(keras.ops.matmul(matrix, matrix)))
