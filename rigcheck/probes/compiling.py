"""Tries the frameworks' own compilers in the interpreter being checked, where it is asked for."""

import time
from collections.abc import Iterator
from typing import Any

import msgspec

from rigcheck.child import Death
from rigcheck.facts import Compile, CompileTrial, Failed, Found, Stage, value_of
from rigcheck.probes.asked import gather
from rigcheck.probes.probe import Probe, ProbeContext
from rigcheck.probes.python_env import read_python_env

_TASK = "rigcheck.target.compile_trial"
_NAMES = ("torch", "numba", "pytensor")
# An old machine with a busy disk takes two minutes to compile its first C++ against torch.
_TIME_LIMIT_S = 300.0


def read_compile(context: ProbeContext, time_limit_s: float = _TIME_LIMIT_S) -> Compile:
    """Each of them that is installed, in a process of its own, one after the other.

    Args:
        context: what is asked about.
        time_limit_s: for each framework.
    """
    env = read_python_env(context)
    if not isinstance(env.distributions, Found):
        return Compile(trials=env.distributions)
    installed = {distribution.name for distribution in env.distributions.value}
    told: dict[str, Any] = {}
    trials = []
    try:
        for name in _NAMES:
            if name in installed:
                facts, stages = _tried(context.python, name, time_limit_s)
                told = facts | told
                trials.append(CompileTrial(framework=name, stages=stages))
    except OSError as error:
        failed = Failed(error.strerror or str(error), context.python)
        return Compile(trials=failed)
    source = f"small functions compiled in {context.python}"
    found = msgspec.convert(told, Compile)
    return msgspec.structs.replace(found, trials=Found(tuple(trials), source))


def _tried(python: str, name: str, time_limit_s: float) -> tuple[dict[str, Any], tuple[Stage, ...]]:
    """The facts of the child but for its stages, and these.

    Where the compiler takes the process with it on one device, the others are tried in the next.
    """
    told: dict[str, Any] = {}
    stages: dict[tuple[str, str], Stage] = {}
    until_s = time.monotonic() + time_limit_s
    while True:
        skip = [device for _, device in stages if device]
        facts, death = _ask(python, name, skip, until_s - time.monotonic())
        told |= facts
        stages |= {(stage.name, stage.device): stage for stage in _stages_in(told.pop("stages"))}
        if death is None or death.timed_out or not death.device or death.device in skip:
            return told, tuple(stages.values())


def _ask(
    python: str, name: str, skip: list[str], time_limit_s: float
) -> tuple[dict[str, Any], Death | None]:
    import tempfile  # noqa: PLC0415 -- rarely needed

    # A compiler that was killed may write on for a moment.
    with tempfile.TemporaryDirectory(prefix="rigcheck-", ignore_cleanup_errors=True) as scratch:
        arguments = {"name": name, "scratch": scratch, "skip": skip}
        return gather(python, _TASK, arguments, time_limit_s)


def _stages_in(fact: Any) -> Iterator[Stage]:
    yield from value_of(msgspec.convert(fact, Found[tuple[Stage, ...]])) or ()


PROBE = Probe(
    part="compile",
    title="Compilers of the frameworks",
    # Longer than the children's own limits, whose reasons say more.
    time_limit_s=len(_NAMES) * _TIME_LIMIT_S + 60,
    run=read_compile,
    is_wanted=lambda context: context.compile,
    # It takes every CPU, and the others' times are facts.
    is_last=True,
)
