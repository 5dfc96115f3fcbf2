"""The graph of exp(x) that PyTensor is tried with, and its right result."""

import importlib
import math
from typing import Any

_COUNT = 10 * 30 * 768
"""As in Theano's documentation, "Testing Theano with GPU"."""
_TOLERANCE = 1e-4


def graph_of(pytensor: Any, mode: Any) -> Any:
    """A function of no arguments that returns exp of numbers from 0 to 1.

    Args:
        pytensor: the module.
        mode: how it is compiled; None for PyTensor's own choice.
    """
    numpy, tensor = importlib.import_module("numpy"), importlib.import_module("pytensor.tensor")
    numbers = numpy.linspace(0, 1, _COUNT, dtype=pytensor.config.floatX)
    return pytensor.function([], tensor.exp(pytensor.shared(numbers)), mode=mode)


def is_on_gpu(function: Any) -> bool:
    """Whether a node of the graph runs there."""
    nodes = function.maker.fgraph.toposort()
    return any("Gpu" in type(node.op).__name__ for node in nodes)


def called(function: Any, times: int = 1) -> str:
    """Calls it so often; what is wrong with the last result, "" if it is right."""
    for _ in range(times):
        result = function()
    ends = (float(result[0]), float(result[-1]))
    is_right = abs(ends[0] - 1) < _TOLERANCE and abs(ends[1] - math.e) < _TOLERANCE
    return "" if is_right else "exp(0) is {:g} and exp(1) is {:g}".format(*ends)
