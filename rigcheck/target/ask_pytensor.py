"""PyTensor, Theano's successor: where a graph of exp(x) runs, and how long it takes.

This is the test of Theano's documentation ("Testing Theano with GPU"), by which people told a GPU
that works from one that does not: the nodes of the graph say where they run. It runs by PyTensor's
own interpreter, node by node: to make machine code of it takes longer than the import of PyTensor
and is tried on demand (`compile_pytensor`).
"""

import importlib
from typing import Any

from rigcheck.target.exp_graph import called, graph_of, is_on_gpu
from rigcheck.target.facts_wire import FactSender
from rigcheck.target.stages import Stages

_CALLS = 10


def ask(facts: FactSender, stages: Stages) -> None:
    """Sends what it tells."""
    with stages.importing("pytensor"):
        pytensor = importlib.import_module("pytensor")
    with stages.enter("graph of exp(x)"):
        function = graph_of(pytensor, _interpreted())
    source = "nodes of the graph of exp(x)"
    ran_on = "GPU" if is_on_gpu(function) else "CPU"
    facts.found("graph_ran_on", ran_on, source)
    facts.found("sees_gpu", ran_on == "GPU", source)
    facts.found("devices", [ran_on], source)
    if stages.attempt("first call", "", lambda: called(function)):
        stages.attempt("{} calls".format(_CALLS), "", lambda: called(function, _CALLS))


def _interpreted() -> Any:
    """No code is made of the graph and nothing is rewritten in it."""
    mode = importlib.import_module("pytensor.compile.mode").Mode
    return mode(linker="py", optimizer=None)
