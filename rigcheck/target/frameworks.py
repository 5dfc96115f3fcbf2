"""Task: one framework beside torch, asked whether it sees a GPU."""

import importlib
import os
import warnings
from typing import Any, Callable, Dict, Optional

from rigcheck.target.facts_wire import FactSender
from rigcheck.target.wire import Wire


def run(wire: Wire, arguments: Dict[str, Any]) -> None:
    """Sends the facts of `rigcheck.facts.Framework`; `arguments["name"]` is pip's name of it."""
    name = str(arguments["name"])
    facts = FactSender(wire)
    question = _QUESTIONS.get(name.split("-", maxsplit=1)[0])
    if question is None:
        return
    # They would take most of a GPU's memory, or fill the log.
    os.environ["XLA_PYTHON_CLIENT_PREALLOCATE"] = "false"
    os.environ["TF_FORCE_GPU_ALLOW_GROWTH"] = "true"
    wire.stage("import " + name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        question(facts)


def _ask_tensorflow(facts: FactSender) -> None:
    tf = importlib.import_module("tensorflow")

    info = dict(tf.sysconfig.get_build_info())
    facts.ask("cuda_built_version", "tf.sysconfig.get_build_info()", lambda: _text(info, "cuda"))
    facts.ask("cudnn_built_version", "tf.sysconfig.get_build_info()", lambda: _text(info, "cudnn"))
    facts.ask(
        "sees_gpu",
        "tf.config.list_physical_devices('GPU')",
        lambda: bool(tf.config.list_physical_devices("GPU")),
    )


def _text(info: Dict[str, Any], name: str) -> Optional[str]:
    value = info.get(name + "_version")
    return str(value) if value else None


def _ask_jax(facts: FactSender) -> None:
    jax = importlib.import_module("jax")

    facts.ask(
        "sees_gpu",
        "jax.devices()",
        lambda: any(device.platform in ("gpu", "cuda") for device in jax.devices()),
    )


def _ask_cupy(facts: FactSender) -> None:
    cupy = importlib.import_module("cupy")

    facts.ask(
        "sees_gpu",
        "cupy.cuda.runtime.getDeviceCount()",
        lambda: cupy.cuda.runtime.getDeviceCount() > 0,
    )


def _ask_onnxruntime(facts: FactSender) -> None:
    onnxruntime = importlib.import_module("onnxruntime")

    facts.ask(
        "sees_gpu",
        "onnxruntime.get_available_providers()",
        lambda: "CUDAExecutionProvider" in onnxruntime.get_available_providers(),
    )


_QUESTIONS: Dict[str, Callable[[FactSender], None]] = {
    "tensorflow": _ask_tensorflow,
    "jax": _ask_jax,
    "cupy": _ask_cupy,
    "onnxruntime": _ask_onnxruntime,
}
