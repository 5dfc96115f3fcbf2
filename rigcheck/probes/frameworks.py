"""Frameworks beside torch in the interpreter being checked, and the GPU code in its extensions.

Each framework is asked in a child of its own; extensions are read, not imported.
"""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from rigcheck.facts import (
    NOT_ASKED,
    Absent,
    Extension,
    Fact,
    Failed,
    Found,
    Framework,
    Frameworks,
    PythonEnv,
    Reason,
    value_of,
)
from rigcheck.probes.asked import ask, died, gather
from rigcheck.probes.memory import read_memory
from rigcheck.probes.probe import Probe, ProbeContext, fill_unasked
from rigcheck.probes.python_env import read_python_env
from rigcheck.target.extension_names import is_extension

# TensorFlow takes ten seconds from a disk.
_TIME_LIMIT_S = 60.0
_TOTAL_LIMIT_S = 180.0
_MEMORY_BYTES = 1_500_000_000
"""What one of them takes at most for being asked; TensorFlow was seen to take 0.7 GB."""
_MOST_AT_ONCE = 3
"""Each takes some 0.3 GB of a GPU's memory, of which a small one has 2 GB."""
_TASK = "rigcheck.target.frameworks"
_NAMES = re.compile(
    r"tensorflow|tensorflow-(?:cpu|gpu)|jax|cupy(?:-cuda\w+)?|onnxruntime(?:-gpu)?|pytensor|keras|numba"
)
_KERAS_BACKENDS = {"tensorflow": r"tensorflow(?:-cpu|-gpu)?", "jax": "jax", "torch": "torch"}
_EXTENSIONS = "rigcheck.target.extensions"
_EXTENSIONS_TIME_LIMIT_S = 30.0
_NOT_TOLD = Absent(Reason.NOT_SUPPORTED, "fat binaries", "they do not tell")


def read_frameworks(context: ProbeContext) -> Frameworks:
    """Those that are installed, by their metadata; each is given a small computation."""
    env = read_python_env(context)
    return Frameworks(
        installed=_read_installed(context, env), extensions=_read_extensions(context.python, env)
    )


def _read_extensions(python: str, env: PythonEnv) -> Fact[tuple[Extension, ...]]:
    here = env.distributions
    if isinstance(here, Found) and not any(is_extension(d.name) for d in here.value):
        return Found((), here.source)
    told = ask(Frameworks, python, _EXTENSIONS, _EXTENSIONS_TIME_LIMIT_S).extensions
    if not isinstance(told, Found):
        return told
    extensions = (fill_unasked(extension, _NOT_TOLD) for extension in told.value)
    return Found(tuple(extensions), told.source)


def _read_installed(context: ProbeContext, env: PythonEnv) -> Fact[tuple[Framework, ...]]:
    if not isinstance(env.distributions, Found):
        return env.distributions
    source = env.distributions.source
    here = {d.name: d.version for d in env.distributions.value}
    asked = [
        Framework(name=name, version=Found(here[name], source), backend=backend)
        for name in here
        if _NAMES.fullmatch(name)
        for backend in _backends(name, here)
    ]
    if not asked:
        return Found((), source)
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 -- not where there is none

    until_s = time.monotonic() + _TOTAL_LIMIT_S
    with ThreadPoolExecutor(max_workers=_most_at_once(context)) as pool:
        told = pool.map(lambda f: ask_framework(context.python, f, until_s), asked)
        return Found(tuple(told), source)


def _backends(name: str, here: dict[str, str]) -> Iterator[Fact[str]]:
    """Keras is asked with each that is installed, all others once."""
    if name != "keras" or int(here[name].partition(".")[0] or 0) < 3:  # noqa: PLR2004 -- before, it had one
        yield NOT_ASKED
        return
    for backend, packages in _KERAS_BACKENDS.items():
        if any(re.fullmatch(packages, package) for package in here):
            yield Found(backend, "importlib.metadata")


def _most_at_once(context: ProbeContext) -> int:
    """As many as main memory, or what the control group allows of it, has room for."""
    memory = read_memory(context)
    room = [value_of(memory.available_bytes), value_of(memory.limit_bytes)]
    least_bytes = min((number for number in room if number is not None), default=0)
    return max(1, min(_MOST_AT_ONCE, least_bytes // _MEMORY_BYTES))


def ask_framework(python: str, framework: Framework, until_s: float) -> Framework:
    """What the framework tells of itself; what it did not tell is missing for a reason.

    Args:
        python: the interpreter.
        framework: its name and backend.
        until_s: `time.monotonic()` when all of them must have answered.
    """
    limit_s = min(_TIME_LIMIT_S, until_s - time.monotonic())
    if limit_s <= 0:
        error = f"there was no time left, {_TOTAL_LIMIT_S:g} s being given to all frameworks"
        return fill_unasked(framework, Failed(error, python))
    import tempfile  # noqa: PLC0415 -- as above

    try:
        with tempfile.TemporaryDirectory(prefix="rigcheck-") as scratch:
            return _asked(python, framework, Path(scratch), limit_s)
    except OSError as error:
        return fill_unasked(framework, Failed(error.strerror or str(error), python))


def _asked(python: str, framework: Framework, scratch: Path, limit_s: float) -> Framework:
    arguments = {
        "name": framework.name,
        "backend": value_of(framework.backend) or "",
        "scratch": str(scratch),
    }
    facts, death = gather(python, _TASK, arguments, limit_s)
    named = msgspec.to_builtins(framework)
    told = msgspec.convert(named | facts, Framework)
    if death is not None:
        return fill_unasked(told, died(death, python))
    return fill_unasked(told, Absent(Reason.NOT_SUPPORTED, framework.name, "it does not tell"))


PROBE = Probe(
    part="frameworks",
    title="Other frameworks",
    time_limit_s=_TOTAL_LIMIT_S + _EXTENSIONS_TIME_LIMIT_S + 30,
    run=read_frameworks,
)
