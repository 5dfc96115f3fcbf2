"""Do the frameworks' own compilers work: torch.compile, Numba's, PyTensor's?"""

from collections.abc import Iterator

from rigcheck.facts import CompileTrial, Found, Rig, Stage, Symptom, value_of
from rigcheck.findings import Evidence, Verdict
from rigcheck.knowledge.symptoms import symptoms_in
from rigcheck.rules.evidence import one_line, passed, skipped, told
from rigcheck.rules.remedies.compilers import CAUSES, OF_COMPILERS_ALONE, Cause
from rigcheck.rules.rule import Judgement, rule
from rigcheck.rules.symptoms import said

_TORCH = "torch"
_WRONG_RESULT = "the compiled function's result"
_FOLLOWS = ("cpu-lacks-instructions", "disk-too-full", "memory-too-small", "gpu-call-fails")


@rule(
    "torch-compile-fails",
    group="compile",
    needs=("host", "driver", "python", "torch", "compile"),
    follows=_FOLLOWS,
    link="https://docs.pytorch.org/docs/stable/torch.compiler_troubleshooting.html",
)
def torch_compile_fails(rig: Rig) -> Iterator[Judgement]:
    """torch.compile does not work here; training without it does.

    `rigcheck check --compile` has a small function compiled on the CPU and on each GPU, in a
    process of its own, and holds its result against eager's. What it compiles with, torch does not
    bring: a C++ compiler for the CPU, Python's headers, and for GPUs Triton, which takes NVIDIA's
    from compute capability 7.0 on.
    """
    trial = _trial_of(rig, _TORCH)
    pasted = [s for s in value_of(rig.symptoms.seen) or () if s.name in OF_COMPILERS_ALONE]
    if trial is not None and any(stage.device for stage in trial.stages):
        yield from _judge_trial(rig, trial, "torch.compile")
    elif pasted:
        yield from _complained(rig, pasted)
    elif not isinstance(rig.compile.trials, Found):
        yield skipped("torch.compile was not tried", told("torch.compile", rig.compile.trials))
    else:
        why = "torch cannot be imported" if trial is not None else "torch is not installed"
        yield skipped(f"{why}, so it compiles nothing", told("torch", rig.torch.version))


@rule(
    "framework-compiler-fails",
    group="compile",
    needs=("host", "driver", "python", "torch", "compile"),
    follows=(*_FOLLOWS, "numpy2-abi"),
    link="https://numba.readthedocs.io/en/stable/user/troubleshoot.html",
)
def framework_compiler_fails(rig: Rig) -> Iterator[Judgement]:
    """Numba or PyTensor is installed and cannot compile a small function.

    `rigcheck check --compile` tries it in a process of its own and holds the result against the
    right one.
    """
    trials = [t for t in value_of(rig.compile.trials) or () if t.framework != _TORCH]
    if not trials:
        yield skipped("no compiler beside torch's was tried", _tried(rig))
    for trial in trials:
        yield from _judge_trial(rig, trial, trial.framework)


def _tried(rig: Rig) -> Evidence:
    fact = rig.compile.trials
    if not isinstance(fact, Found):
        return told("tried", fact)
    names = ", ".join(trial.framework for trial in fact.value) or "none"
    return Evidence(f"tried: {names}", fact.source)


def _trial_of(rig: Rig, framework: str) -> CompileTrial | None:
    trials = value_of(rig.compile.trials) or ()
    return next((trial for trial in trials if trial.framework == framework), None)


def _judge_trial(rig: Rig, trial: CompileTrial, title: str) -> Iterator[Judgement]:
    source = rig.compile.trials.source
    broken: dict[Cause, list[Stage]] = {}
    for stage in trial.stages:
        if stage.error:
            broken.setdefault(_cause_of(stage.error), []).append(stage)
    for cause, stages in broken.items():
        yield _fails(rig, title, cause, stages)
    works = [stage for stage in trial.stages if stage.device and not stage.error]
    if works and not broken:
        times = ", ".join(f"{s.device} in {s.duration_s:.1f} s" for s in works)
        yield passed(
            f"{title} works on {_devices(works)}",
            Evidence(f"first call: {times}", source),
            *_tools(rig),
            subject=title,
        )


def _cause_of(error: str) -> Cause:
    names = {met.name for met in symptoms_in(error)}
    return next((cause for name, cause in CAUSES.items() if name in names), Cause.OTHER)


def _fails(rig: Rig, title: str, cause: Cause, stages: list[Stage]) -> Judgement:
    is_wrong = any(_WRONG_RESULT in stage.error for stage in stages)
    telling = [_telling_line(stage.error) for stage in stages]
    where = f" on {_devices(stages)}" if _devices(stages) else f" in {stages[0].name}"
    return Judgement(
        # A wrong result is worse than none.
        verdict=Verdict.FAIL if is_wrong else Verdict.WARN,
        headline=f"{title} fails{where}: {cause.words or telling[0]}",
        evidence=(
            *(
                Evidence(f"{_where(stage)}: {line}", rig.compile.trials.source)
                for stage, line in zip(stages, telling, strict=True)
            ),
            *_tools(rig),
        ),
        remedy=cause.remedy(rig),
        subject=title,
        follows=_causes_of(" ".join(stage.error for stage in stages)),
    )


def _complained(rig: Rig, pasted: list[Symptom]) -> Iterator[Judgement]:
    causes: dict[Cause, Symptom] = {}
    for symptom in pasted:
        causes.setdefault(CAUSES[symptom.name], symptom)
    for cause, symptom in causes.items():
        yield Judgement(
            verdict=Verdict.WARN,
            headline=f"torch.compile, or what else compiles for it, fails: {cause.words}",
            evidence=(said(symptom),),
            remedy=cause.remedy(rig),
            follows=(),
        )


def _telling_line(error: str) -> str:
    """The line that names the cause; else the first, the error's own, and the compiler's first."""
    met = next((met for met in symptoms_in(error) if met.name in CAUSES), None)
    return one_line(met.text if met else ": ".join(error.splitlines()[:2]))


def _causes_of(error: str) -> tuple[str, ...]:
    """Of which bad state this can be a consequence."""
    pairs = (
        ("SIGILL", "cpu-lacks-instructions"),
        ("No space left", "disk-too-full"),
        ("SIGBUS", "disk-too-full"),
        ("SIGKILL", "memory-too-small"),
        ("CUDA error", "gpu-call-fails"),
        ("numpy", "numpy2-abi"),
    )
    return tuple(dict.fromkeys(cause for words, cause in pairs if words.lower() in error.lower()))


def _tools(rig: Rig) -> Iterator[Evidence]:
    yield told("C++ compiler", rig.compile.compiler)
    yield told("Python.h", rig.compile.python_header)
    yield told("Triton", rig.compile.triton_version)


def _where(stage: Stage) -> str:
    return f"{stage.name} on {stage.device}" if stage.device else stage.name


def _devices(stages: list[Stage]) -> str:
    return ", ".join(stage.device for stage in stages if stage.device)
