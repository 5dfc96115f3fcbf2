"""Task: what this interpreter is and what is installed in it, from metadata, nothing imported."""

from __future__ import annotations

import os
import sys

from rigcheck.target.cpuid import cpu_flags
from rigcheck.target.facts_wire import FactSender
from rigcheck.target.installed import installed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from rigcheck.target.wire import Wire

_FAMILIES = (
    *("torch", "triton", "nvidia-", "tensorflow", "tf-keras", "jax", "cupy", "onnxruntime"),
    *("pytensor", "numba", "pillow", "flash-attn", "xformers", "bitsandbytes", "vllm"),
    *("lightning", "cuda-", "cudnn", "nccl"),
)
"""How the names begin of what matters to deep learning."""
_NAMES = ("keras", "numpy", "transformers")
"""The others, whose beginnings many other packages share."""

_SPELLINGS = {"cpython": "CPython", "pypy": "PyPy"}


def run(wire: Wire, arguments: dict[str, Any]) -> None:
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
    facts.found("has_pip", _can_import("pip"), "import system")
    wire.stage("CPUID")
    facts.ask("cpu_flags", "CPUID", cpu_flags)
    wire.stage("distributions")
    facts.ask("distributions", "metadata on sys.path", _distributions)


def _can_import(name: str) -> bool:
    # As importlib.util.find_spec would say, which takes longer to import than all that follows.
    finders = (getattr(finder, "find_spec", None) for finder in sys.meta_path)
    return any(find is not None and find(name, None) is not None for find in finders)


def _environment_kind() -> str:
    if os.path.isdir(os.path.join(sys.prefix, "conda-meta")):
        return "conda"
    if sys.prefix == sys.base_prefix:
        return "system"
    return "uv" if _made_by_uv() else "venv"


def _made_by_uv() -> bool:
    try:
        with open(os.path.join(sys.prefix, "pyvenv.cfg"), encoding="utf-8") as config:
            return any(line.partition("=")[0].strip() == "uv" for line in config)
    except OSError:
        return False


def _is_externally_managed() -> bool:
    if sys.prefix != sys.base_prefix:
        return False
    import sysconfig  # for few: most interpreters that are checked are of an environment

    return os.path.exists(os.path.join(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED"))


def _is_relevant(name: str) -> bool:
    return name.startswith(_FAMILIES) or name in _NAMES


def _distributions() -> list[dict[str, str]]:
    there = installed(_is_relevant)
    return [{"name": name, "version": there[name]} for name in sorted(there)]
