"""Task: what this interpreter is and what is installed in it, from metadata, nothing imported."""

import importlib.util
import os
import re
import sys
import sysconfig
from typing import Any, Dict, List

from rigcheck.target.cpuid import cpu_flags
from rigcheck.target.facts_wire import FactSender
from rigcheck.target.installed import installed
from rigcheck.target.wire import Wire

_RELEVANT = re.compile(
    r"(torch|triton|nvidia-|tensorflow|tf-keras|keras$|jax|cupy|onnxruntime|pytensor|numba|numpy$"
    r"|pillow|flash-attn|xformers|bitsandbytes|vllm|transformers$|lightning|cuda-|cudnn|nccl)"
)

_SPELLINGS = {"cpython": "CPython", "pypy": "PyPy"}


def run(wire: Wire, arguments: Dict[str, Any]) -> None:
    """Sends the facts of `rigcheck.facts.PythonEnv`."""
    facts = FactSender(wire)
    wire.stage("interpreter")
    facts.found("executable", sys.executable, "sys.executable")
    # As the module platform tells them, which takes longer to import than all that follows.
    facts.found("version", sys.version.split()[0], "sys.version")
    name = sys.implementation.name
    facts.found("implementation", _SPELLINGS.get(name, name), "sys.implementation")
    facts.found("prefix", sys.prefix, "sys.prefix")
    facts.found("environment", _environment_kind(), "sys.prefix, pyvenv.cfg, conda-meta")
    facts.found("externally_managed", _is_externally_managed(), "EXTERNALLY-MANAGED (PEP 668)")
    facts.found("has_pip", importlib.util.find_spec("pip") is not None, "import system")
    wire.stage("CPUID")
    facts.ask("cpu_flags", "CPUID", cpu_flags)
    wire.stage("distributions")
    facts.ask("distributions", "metadata on sys.path", _distributions)


def _environment_kind() -> str:
    if os.path.isdir(os.path.join(sys.prefix, "conda-meta")):
        return "conda"
    if sys.prefix == sys.base_prefix:
        return "system"
    return "uv" if _made_by_uv() else "venv"


def _made_by_uv() -> bool:
    try:
        with open(os.path.join(sys.prefix, "pyvenv.cfg"), encoding="utf-8") as config:
            return any(re.match(r"uv\s*=", line) for line in config)
    except OSError:
        return False


def _is_externally_managed() -> bool:
    if sys.prefix != sys.base_prefix:
        return False
    return os.path.exists(os.path.join(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED"))


def _distributions() -> List[Dict[str, str]]:
    there = installed(_RELEVANT)
    return [{"name": name, "version": there[name]} for name in sorted(there)]
