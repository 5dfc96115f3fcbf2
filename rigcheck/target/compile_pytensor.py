"""PyTensor by its default linker: machine code by Numba or by the C++ compiler."""

import importlib
from typing import Container

from rigcheck.target.compiling import attempt_compiled
from rigcheck.target.exp_graph import called, graph_of
from rigcheck.target.facts_wire import FactSender
from rigcheck.target.stages import Stages


def try_out(_facts: FactSender, stages: Stages, skip: Container[str]) -> None:
    """The graph of exp(x), compiled and called."""
    with stages.importing("pytensor"):
        pytensor = importlib.import_module("pytensor")
    if "cpu" not in skip:
        attempt_compiled(
            stages, "compiled graph", "cpu", lambda: called(graph_of(pytensor, mode=None))
        )
