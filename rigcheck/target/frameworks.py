"""Task: one framework beside torch: what it was built for, the devices it sees, whether it works.

Each has a file of its own, `ask_NAME.py`, with `ask(facts, stages)`.
"""

import importlib
import os
import re
import warnings
from typing import Any, Dict

from rigcheck.target.facts_wire import FactSender
from rigcheck.target.mapped_files import send_mapped_files
from rigcheck.target.stages import Stages
from rigcheck.target.wire import Wire

# They would take most of a GPU's memory, or fill the log.
_SETTINGS = {
    "XLA_PYTHON_CLIENT_PREALLOCATE": "false",
    "TF_FORCE_GPU_ALLOW_GROWTH": "true",
    "TF_CPP_MIN_LOG_LEVEL": "1",
}
# Where they would leave files in the user's home.
_SCRATCH = {
    "KERAS_HOME": "{}",
    "CUPY_CACHE_DIR": "{}",
    "NUMBA_CACHE_DIR": "{}",
    "PYTENSOR_FLAGS": "base_compiledir={}",
}


def run(wire: Wire, arguments: Dict[str, Any]) -> None:
    """Sends the facts of `rigcheck.facts.Framework`.

    `arguments`: "name", pip's name of it; "scratch", a folder for what it writes; "backend", the
    one that Keras is to use, "" for all others.
    """
    name = re.split(r"[-_]", str(arguments["name"]))[0]
    os.environ.update(_SETTINGS)
    for variable, form in _SCRATCH.items():
        here = form.format(arguments["scratch"])
        before = os.environ.get(variable)
        os.environ[variable] = before + "," + here if before and "=" in form else here
    if arguments["backend"]:
        os.environ["KERAS_BACKEND"] = arguments["backend"]
    facts = FactSender(wire)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        question = importlib.import_module("rigcheck.target.ask_" + name)
        question.ask(facts, Stages(wire, facts))
    send_mapped_files(wire)
