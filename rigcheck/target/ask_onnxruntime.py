"""ONNX Runtime: build, providers, a matrix product with each that computes here."""

import importlib
from typing import Any, List, Optional, Tuple, Union

from rigcheck.target.facts_wire import FactSender
from rigcheck.target.small_matrix import SIDE, check_square, rows
from rigcheck.target.stages import Stages

_TRIED = ("CPUExecutionProvider", "CUDAExecutionProvider", "ROCMExecutionProvider")
_GPUS = _TRIED[1:]
_QUIET = 4
"""Fatal errors only: what else it would log is the fact itself."""
_Field = Tuple[int, Union[int, bytes, str]]


def ask(facts: FactSender, stages: Stages) -> None:
    """Sends what it tells. That a provider is compiled in does not mean that it finds a GPU."""
    with stages.importing("onnxruntime"):
        runtime = importlib.import_module("onnxruntime")
    runtime.set_default_logger_severity(_QUIET)
    source = "onnxruntime.capi.build_and_package_info"
    facts.ask("cuda_built_version", source, lambda: _built("cuda_version"))
    facts.ask("cudnn_built_version", source, lambda: _built("cudnn_version"))
    source = "onnxruntime.get_available_providers()"
    providers = [p for p in runtime.get_available_providers() if p in _TRIED]
    facts.found("devices", providers, source)
    worked = {
        name: stages.attempt("BLAS", name, lambda name=name: _square(runtime, name))  # type: ignore[misc]
        for name in providers
    }
    facts.found("sees_gpu", any(worked.get(name) for name in _GPUS), source)


def _built(name: str) -> Optional[str]:
    info = importlib.import_module("onnxruntime.capi.build_and_package_info")
    return getattr(info, name, None) or None


def _square(runtime: Any, provider: str) -> str:
    numpy = importlib.import_module("numpy")
    session = runtime.InferenceSession(square_model(), providers=[provider])
    if session.get_providers()[0] != provider:
        return "it fell back to {}".format(session.get_providers()[0])
    (product,) = session.run(None, {"x": numpy.array(rows(), dtype="float32")})
    return check_square(product)


def square_model() -> bytes:
    """An ONNX model of y = x · x, without the package that is made to write such.

    Source of the field numbers: onnx/onnx, onnx/onnx.proto.
    """
    node = _message((1, "x"), (1, "x"), (2, "y"), (4, "MatMul"))
    graph = _message((1, node), (2, "square"), (11, _matrix_called("x")), (12, _matrix_called("y")))
    operators = _message((1, ""), (2, 13))
    return _message((1, 7), (7, graph), (8, operators))


def _matrix_called(name: str) -> bytes:
    side = _message((1, SIDE))
    shape = _message((1, side), (1, side))
    single_precision = 1
    tensor = _message((1, single_precision), (2, shape))
    return _message((1, name), (2, _message((1, tensor))))


def _message(*fields: _Field) -> bytes:
    """In protobuf's encoding: whole numbers and nested messages, none longer than 127 bytes."""
    encoded: List[bytes] = []
    for number, value in fields:
        if isinstance(value, int):
            encoded.append(bytes([number << 3, value]))
            continue
        content = value.encode() if isinstance(value, str) else value
        encoded.append(bytes([number << 3 | 2, len(content)]) + content)
    return b"".join(encoded)
