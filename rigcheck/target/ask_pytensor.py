"""PyTensor, Theano's successor: where a compiled graph of exp(x) runs, and how long it takes.

This is the test of Theano's documentation ("Testing Theano with GPU"), by which people told a GPU
that works from one that does not: the nodes of the compiled graph say where they run.
"""

import importlib
import math
from typing import Any

from rigcheck.target.facts_wire import FactSender
from rigcheck.target.stages import Stages

_COUNT = 10 * 30 * 768
_CALLS = 10
_TOLERANCE = 1e-4


def ask(facts: FactSender, stages: Stages) -> None:
    """Sends what it tells."""
    with stages.enter("import pytensor"):
        pytensor = importlib.import_module("pytensor")
    with stages.enter("compile exp(x)"):
        function = _compiled(pytensor)
    source = "nodes of the compiled graph of exp(x)"
    facts.ask("graph_ran_on", source, lambda: _ran_on(function))
    facts.ask("sees_gpu", source, lambda: _ran_on(function) == "GPU")
    facts.ask("devices", source, lambda: [_ran_on(function)])
    if stages.attempt("first call", "", lambda: _call(function)):
        stages.attempt("{} calls".format(_CALLS), "", lambda: _loop(function))


def _compiled(pytensor: Any) -> Any:
    numpy, tensor = importlib.import_module("numpy"), importlib.import_module("pytensor.tensor")
    numbers = numpy.linspace(0, 1, _COUNT, dtype=pytensor.config.floatX)
    return pytensor.function([], tensor.exp(pytensor.shared(numbers)))


def _ran_on(function: Any) -> str:
    nodes = function.maker.fgraph.toposort()
    is_on_gpu = any("Gpu" in type(node.op).__name__ for node in nodes)
    return "GPU" if is_on_gpu else "CPU"


def _call(function: Any) -> str:
    result = function()
    ends = (float(result[0]), float(result[-1]))
    is_right = abs(ends[0] - 1) < _TOLERANCE and abs(ends[1] - math.e) < _TOLERANCE
    return "" if is_right else "exp(0) is {:g} and exp(1) is {:g}".format(*ends)


def _loop(function: Any) -> str:
    for _ in range(_CALLS):
        error = _call(function)
    return error
