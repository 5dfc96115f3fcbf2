"""Task: the GPU code in compiled extensions of torch, from their files; nothing is imported."""

import re
import time
from typing import Any, Dict, Iterator, List, Set

from rigcheck.target.extension_names import is_extension
from rigcheck.target.facts_wire import FactSender, error_text
from rigcheck.target.gpu_code import read_gpu_code
from rigcheck.target.wire import Wire

_TIME_S = 20.0
_MOST_FILES = 100
"""Of one extension: those of bitsandbytes are one for each CUDA."""


def run(wire: Wire, arguments: Dict[str, Any]) -> None:
    """Sends `extensions` of `rigcheck.facts.Frameworks`."""
    facts = FactSender(wire)
    deadline_s = time.monotonic() + float(arguments.get("time_s", _TIME_S))
    wire.stage("GPU code in extensions")
    facts.ask("extensions", "importlib.metadata", lambda: [*_extensions(deadline_s)])


def _extensions(deadline_s: float) -> Iterator[Dict[str, Any]]:
    from importlib.metadata import distributions

    seen: Set[str] = set()
    for distribution in distributions():
        raw = distribution.metadata["Name"] if distribution.metadata is not None else None
        name = re.sub(r"[-_.]+", "-", raw or "").lower()
        if name in seen or not is_extension(name):
            continue
        seen.add(name)
        source = "metadata of {}".format(name)
        version = {"state": "found", "value": distribution.version, "source": source}
        code = _code_of(distribution, deadline_s)
        yield {"name": name, "version": version, "arch_list": code}


def _code_of(distribution: Any, deadline_s: float) -> Dict[str, Any]:
    """A fact: the code in all its libraries together, so that what is missing is missing in all."""
    try:
        libraries = [f for f in distribution.files or () if str(f).endswith(".so")]
    except Exception as error:  # noqa: BLE001 -- a damaged RECORD raises whatever it meets
        return {"state": "failed", "error": error_text(error), "source": "RECORD"}
    codes: List[str] = []
    for file in libraries[:_MOST_FILES]:
        try:
            found = read_gpu_code(str(distribution.locate_file(file)), deadline_s)
        except ValueError:
            continue  # a stub, or a library for another system
        except OSError as error:  # TimeoutError is one
            return {"state": "failed", "error": error_text(error), "source": str(file)}
        codes += [code for code in found if code not in codes]
    source = ".nv_fatbin of {} libraries".format(len(libraries))
    if codes:
        return {"state": "found", "value": codes, "source": source}
    return {"state": "absent", "reason": "not there", "source": source}
