"""Task: does a framework's own compiler work here? It takes seconds to minutes.

Each framework has a file of its own, `compile_NAME.py`, with `try_out(facts, stages, skip)`.
"""

import importlib
import os
import warnings
from typing import Any, Dict

from rigcheck.target.compilers import tell_compilers
from rigcheck.target.facts_wire import FactSender
from rigcheck.target.stages import Stages
from rigcheck.target.wire import Wire

# Where compiled code would be kept in the user's home or beside it, and found again the next time.
_CACHES = {
    "TORCHINDUCTOR_CACHE_DIR": "{}/inductor",
    "TRITON_CACHE_DIR": "{}/triton",
    "NUMBA_CACHE_DIR": "{}",
    "TMPDIR": "{}",
}
_SETTINGS = {
    # No workers, which would outlive a crash and hide where it was.
    "TORCHINDUCTOR_COMPILE_THREADS": "1",
    # They take longer than all else, pay from the second function on, and are kept elsewhere.
    "TORCHINDUCTOR_CPP_CACHE_PRECOMPILE_HEADERS": "0",
}


def run(wire: Wire, arguments: Dict[str, Any]) -> None:
    """Sends the facts `stages`, `compiler`, `python_header` and `triton_version`.

    `arguments`: "name" of the framework; "scratch", a folder for all that is written; "skip", the
    devices that are not to be tried.
    """
    scratch = str(arguments["scratch"])
    os.environ.update({name: form.format(scratch) for name, form in _CACHES.items()})
    os.environ.update(_SETTINGS)
    flags = os.environ.get("PYTENSOR_FLAGS")
    base = "base_compiledir=" + scratch
    os.environ["PYTENSOR_FLAGS"] = flags + "," + base if flags else base
    facts = FactSender(wire)
    tell_compilers(facts)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        trial = importlib.import_module("rigcheck.target.compile_" + str(arguments["name"]))
        trial.try_out(facts, Stages(wire, facts), arguments["skip"])
