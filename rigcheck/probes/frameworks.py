"""Frameworks beside torch in the interpreter being checked, and the GPU code in its extensions.

Each framework is asked in a child of its own; extensions are read, not imported.
"""

import re
from typing import Any

import msgspec

from rigcheck.child import Child
from rigcheck.facts import (
    Absent,
    Extension,
    Fact,
    Failed,
    Found,
    Framework,
    Frameworks,
    PythonEnv,
    Reason,
)
from rigcheck.probes.asked import ask
from rigcheck.probes.probe import Probe, ProbeContext, fill_unasked
from rigcheck.probes.python_env import read_python_env

# TensorFlow takes ten seconds from a disk; several of them are asked one after the other.
_TIME_LIMIT_S = 60.0
_MOST_AT_ONCE = 4
_TASK = "rigcheck.target.frameworks"
_NAMES = re.compile(
    r"tensorflow|tensorflow-(?:cpu|gpu)|jax|cupy(?:-cuda\w+)?|onnxruntime(?:-gpu)?|pytensor|keras|numba"
)
_EXTENSIONS = "rigcheck.target.extensions"
_EXTENSIONS_TIME_LIMIT_S = 30.0
_NOT_TOLD = Absent(Reason.NOT_SUPPORTED, "fat binaries", "they do not tell")


def read_frameworks(context: ProbeContext) -> Frameworks:
    """Those that are installed, by their metadata; each is asked whether it sees a GPU."""
    return Frameworks(
        installed=_read_installed(context.python, read_python_env(context)),
        extensions=_read_extensions(context.python),
    )


def _read_extensions(python: str) -> Fact[tuple[Extension, ...]]:
    told = ask(Frameworks, python, _EXTENSIONS, _EXTENSIONS_TIME_LIMIT_S).extensions
    if not isinstance(told, Found):
        return told
    extensions = (fill_unasked(extension, _NOT_TOLD) for extension in told.value)
    return Found(tuple(extensions), told.source)


def _read_installed(python: str, env: PythonEnv) -> Fact[tuple[Framework, ...]]:
    found = env.distributions
    if not isinstance(found, Found):
        return found
    here = [d for d in found.value if _NAMES.fullmatch(d.name)]
    told = [(ask_framework(python, d.name), d.version) for d in here[:_MOST_AT_ONCE]]
    frameworks = (
        msgspec.structs.replace(framework, version=Found(version, found.source))
        for framework, version in told
    )
    return Found(tuple(frameworks), found.source)


def ask_framework(python: str, name: str) -> Framework:
    """What the framework tells of itself; what it did not tell is missing for a reason."""
    facts: dict[str, Any] = {}
    try:
        with Child(python, _TASK, {"name": name}) as child:
            facts = {event["name"]: event["fact"] for event in child.events(_TIME_LIMIT_S)}
            death = child.death
    except OSError as error:
        return Framework(name=name, sees_gpu=Failed(error.strerror or str(error), python))
    framework = msgspec.convert({"name": name, **facts}, Framework)
    if death is not None:
        return fill_unasked(framework, Failed(death.reason, f"{death.stage} in {python}"))
    return fill_unasked(framework, Absent(Reason.NOT_SUPPORTED, name, "it does not tell"))


PROBE = Probe(
    part="frameworks",
    title="Other frameworks",
    time_limit_s=_MOST_AT_ONCE * _TIME_LIMIT_S + _EXTENSIONS_TIME_LIMIT_S + 30,
    run=read_frameworks,
)
