"""Several interpreters on one machine: what each has of its own, and what is said of it.

The machine's parts are the same for all and are told once, in the report's rig. What an
environment adds to them makes its own rig, which the same rules judge.
"""

import msgspec

from rigcheck.facts import Compile, Failed, Found, Frameworks, PythonEnv, Rig, Storage, Torch
from rigcheck.findings import Finding, by_importance
from rigcheck.probes.probe import ProbeOutcome

PARTS = ("python", "torch", "frameworks", "compile", "storage")
"""The parts of a rig that an environment has of its own; storage, for it has its own filesystem."""


_OF_WHO_WANTS_TORCH = frozenset({"torch-missing", "python-without-wheels", "glibc-too-old"})
"""No fault of an environment that has another framework and was merely found."""


class EnvironmentFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One interpreter's share of the rig, where several were checked."""

    interpreter: str
    """Path of the executable, links not resolved; `Finding.environment` names it."""
    python: PythonEnv = PythonEnv()
    torch: Torch = Torch()
    frameworks: Frameworks = Frameworks()
    compile: Compile = Compile()
    storage: Storage = Storage()
    probes: tuple[ProbeOutcome, ...] = ()
    not_checked: str = ""
    """Why nobody asked it; empty where it was asked."""


class InterpreterSearch(msgspec.Struct, frozen=True, kw_only=True):
    """How the environments were found, where they were looked for."""

    unreadable: tuple[str, ...] = ()
    """Folders that may hold some and could not be read."""
    left_out: int = 0
    """Found beyond the number that is checked."""
    complete: bool = True
    """False where the time for the search was over before all places were seen."""


def rig_of(machine: Rig, environment: EnvironmentFacts) -> Rig:
    """The machine as this environment has it."""
    return msgspec.structs.replace(machine, **{p: getattr(environment, p) for p in PARTS})


def has_framework(environment: EnvironmentFacts) -> bool:
    """True where torch or another framework is known to be there, be it broken."""
    others = environment.frameworks.installed
    return has_torch(environment) or (isinstance(others, Found) and bool(others.value))


def has_torch(environment: EnvironmentFacts) -> bool:
    """True where torch is known to be there, be it broken."""
    torch = environment.torch
    return isinstance(torch.installed_version, Found) or isinstance(torch.version, Found)


def judge_environments(
    machine: Rig,
    known: frozenset[str],
    environments: tuple[EnvironmentFacts, ...],
    *,
    are_chosen: bool,
) -> tuple[Finding, ...]:
    """What is wrong with the machine, once, and with each environment, worst first.

    Args:
        machine: the parts that all share.
        known: names of those that are there.
        environments: what each adds.
        are_chosen: the user named them, so that each is meant for deep learning; of those that
            were merely found, one without torch is judged by the other frameworks it has.
    """
    from rigcheck.rules.judge import judge  # noqa: PLC0415 -- the rules are loaded last

    each = {e.interpreter: _judge_one(machine, known, e, are_chosen) for e in environments}
    shared = _said_of_all(tuple(each.values()))
    own = (
        msgspec.structs.replace(finding, environment=interpreter)
        for interpreter, findings in each.items()
        for finding in findings
        if finding not in shared
    )
    findings = (*judge(machine, known.difference(PARTS)), *shared, *own)
    return tuple(sorted(findings, key=by_importance))


def _judge_one(
    machine: Rig, known: frozenset[str], environment: EnvironmentFacts, are_chosen: bool
) -> tuple[Finding, ...]:
    """What the rules say that read a part which the environment has of its own."""
    from rigcheck.rules.judge import judge  # noqa: PLC0415 -- see above
    from rigcheck.rules.registry import RULES  # noqa: PLC0415

    ids = {rule.id for rule in RULES if not set(PARTS).isdisjoint(rule.needs)}
    if not are_chosen and not has_torch(environment):
        ids -= _OF_WHO_WANTS_TORCH
    parts = known | _known_parts(environment, are_chosen)
    return tuple(f for f in judge(rig_of(machine, environment), parts) if f.id in ids)


def _said_of_all(each: tuple[tuple[Finding, ...], ...]) -> tuple[Finding, ...]:
    """What is said of the machine's own parts in the same words, whichever environment is asked.

    An environment in which a rule had no ground says nothing against it.
    """
    of_machine = dict.fromkeys(f for findings in each for f in findings if f.group not in PARTS)
    return tuple(
        finding
        for finding in of_machine
        if all(finding in said or finding.id not in {f.id for f in said} for said in each)
    )


def _known_parts(environment: EnvironmentFacts, are_chosen: bool) -> frozenset[str]:
    probed = {outcome.part for outcome in environment.probes}
    if not are_chosen and not has_framework(environment):
        return frozenset()
    if isinstance(environment.python.version, Failed):
        return frozenset(probed - {"torch", "frameworks"})  # one fault is one finding
    return frozenset(probed)
