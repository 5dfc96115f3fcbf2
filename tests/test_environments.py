"""What is said of the machine, and what of one environment: literal facts, the real rules."""

import msgspec

from rigcheck.environments import (
    PARTS,
    EnvironmentFacts,
    has_framework,
    judge_environments,
    rig_of,
)
from rigcheck.facts import (
    Absent,
    Failed,
    Framework,
    Frameworks,
    PythonEnv,
    Reason,
    Rig,
    Storage,
    Torch,
)
from rigcheck.findings import Finding, Verdict
from rigcheck.probes.probe import ProbeOutcome
from tests.rules.rigs import cpu_laptop, found, rtx_4090

NO_TORCH = Torch(
    installed_version=Absent(Reason.NOT_THERE, "metadata"),
    version=Absent(Reason.NOT_THERE, "import torch"),
)
OUTCOMES = tuple(ProbeOutcome(part=part, duration_s=0.1) for part in PARTS)
BLANK = {"python": PythonEnv(), "torch": Torch(), "frameworks": Frameworks(), "storage": Storage()}


def machine_of(rig: Rig) -> tuple[Rig, frozenset[str]]:
    """The parts that all environments share, and their names."""
    return msgspec.structs.replace(rig, **BLANK), frozenset(rig.__struct_fields__).difference(PARTS)


def environment(rig: Rig, interpreter: str, **changes: object) -> EnvironmentFacts:
    facts = {part: getattr(rig, part) for part in PARTS} | changes
    return msgspec.convert(
        {"interpreter": interpreter, "probes": OUTCOMES, **facts}, EnvironmentFacts
    )


def wrong(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    bad = (Verdict.FAIL, Verdict.WARN)
    return [(f.environment, f.id) for f in findings if f.verdict in bad]


def test_an_environments_rig_is_the_machine_with_its_own_parts() -> None:
    machine, _ = machine_of(rtx_4090())
    assert rig_of(machine, environment(rtx_4090(), "/a")) == rtx_4090()


def test_what_is_wrong_in_one_environment_is_said_of_that_one() -> None:
    machine, known = machine_of(rtx_4090())
    good = environment(rtx_4090(), "/good")
    bad = environment(rtx_4090(), "/bad", torch=NO_TORCH)
    findings = judge_environments(machine, known, (good, bad), are_chosen=True)
    assert wrong(findings) == [("/bad", "torch-missing")]
    passed = [f for f in findings if f.id == "torch-missing" and f.verdict is Verdict.PASS]
    assert [f.environment for f in passed] == ["/good"]


def test_what_is_wrong_with_the_machine_is_said_once() -> None:
    machine, known = machine_of(cpu_laptop())
    both = tuple(environment(cpu_laptop(), name) for name in ("/a", "/b"))
    findings = judge_environments(machine, known, both, are_chosen=True)
    told = [f.environment for f in findings if f.id == "no-nvidia-gpu"]
    assert told == [""]


def test_the_same_fault_in_two_environments_is_said_of_each() -> None:
    machine, known = machine_of(rtx_4090())
    both = tuple(environment(rtx_4090(), name, torch=NO_TORCH) for name in ("/a", "/b"))
    findings = judge_environments(machine, known, both, are_chosen=True)
    assert wrong(findings) == [("/a", "torch-missing"), ("/b", "torch-missing")]


def test_an_environment_that_was_merely_found_need_not_have_torch() -> None:
    machine, known = machine_of(rtx_4090())
    jax = Frameworks(installed=found((Framework(name="jax", sees_gpu=found(False)),)))
    empty = environment(rtx_4090(), "/empty", torch=NO_TORCH, frameworks=Frameworks())
    other = environment(rtx_4090(), "/jax", torch=NO_TORCH, frameworks=jax)
    findings = judge_environments(machine, known, (empty, other), are_chosen=False)
    assert wrong(findings) == [("/jax", "framework-sees-no-gpu")]
    assert not [f for f in findings if f.environment == "/empty"]
    assert (has_framework(empty), has_framework(other)) == (False, True)


def test_an_interpreter_that_does_not_answer_has_one_fault() -> None:
    machine, known = machine_of(rtx_4090())
    why = Failed("it is Python 2.7", "/py2")
    dead = environment(
        rtx_4090(),
        "/py2",
        python=PythonEnv(version=why),
        torch=Torch(version=why, installed_version=why),
    )
    findings = judge_environments(machine, known, (dead,), are_chosen=True)
    assert wrong(findings) == [("/py2", "interpreter-unusable")]
    assert not [f for f in findings if f.verdict is Verdict.UNKNOWN and f.environment]
