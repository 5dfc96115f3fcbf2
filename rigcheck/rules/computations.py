"""Do the frameworks work at all: are they imported, and do they compute what is right?"""

from collections.abc import Iterator

from rigcheck.facts import Fact, Framework, Rig, Stage, Torch, value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.rules.evidence import one_line, passed, skipped, told
from rigcheck.rules.remedies.python_packages import installer_for, verify_with
from rigcheck.rules.rule import Judgement, rule

_BY_LLVM = "LLVM's code"
"""The stage of Numba in which its compiler has no part."""
_ASKED = ("tensorflow", "keras", "jax", "pytensor", "cupy", "onnxruntime", "numba")


@rule(
    "framework-fails",
    group="frameworks",
    needs=("host", "python", "torch", "frameworks"),
    follows=(
        "cpu-lacks-instructions",
        "glibc-too-old",
        "disk-too-full",
        "memory-too-small",
        "numpy2-abi",
        "gpu-call-fails",
        "cudnn-version-mismatch",
        "cudnn-not-found",
    ),
    link="https://man7.org/linux/man-pages/man7/signal.7.html",
)
def framework_fails(rig: Rig) -> Iterator[Judgement]:
    """A framework is installed, but its import or a first small computation fails.

    Each runs in a process of its own, step by step, and each result is held against the known
    right one: a process that dies, hangs or raises is told with the step, a wrong result with the
    right one. Of torch this is about the CPU; its import and its GPUs have rules of their own.
    """
    yield _judge_torch(rig)
    installed = value_of(rig.frameworks.installed)
    if installed is None:
        return
    yield from (_judge(rig, framework) for framework in installed)
    here = {framework.name.split("-", maxsplit=1)[0] for framework in installed}
    for name in _ASKED:
        if name not in here:
            yield skipped(
                f"{name} is not installed",
                Evidence(f"{name}: not installed", rig.frameworks.installed.source),
                subject=name,
            )


def _judge_torch(rig: Rig) -> Judgement:
    stages = [s for s in value_of(rig.torch.stages) or () if s.device == "cpu"]
    broken = _broken(stages)
    if broken is not None:
        return _fails(rig, "torch", rig.torch, broken, Verdict.FAIL)
    if not stages:
        return skipped(
            "torch has not computed anything", told("torch", rig.torch.version), subject="torch"
        )
    return _computes("torch", rig.torch.stages, stages)


def _judge(rig: Rig, framework: Framework) -> Judgement:
    told_stages: tuple[Stage, ...] = value_of(framework.stages) or ()
    stages = list(told_stages)
    broken = _broken(stages)
    if broken is not None:
        return _fails(rig, framework.title, framework, broken, Verdict.WARN)
    if not any(_is_computation(stage) for stage in stages):
        headline = f"{framework.title} has not computed anything"
        return skipped(headline, told("sees a GPU", framework.sees_gpu), subject=framework.title)
    return _computes(framework.title, framework.stages, stages)


def _is_computation(stage: Stage) -> bool:
    return not stage.name.startswith(("import ", "device count", "graph "))


def _broken(stages: list[Stage]) -> Stage | None:
    return next((stage for stage in stages if stage.error), None)


def _computes(title: str, fact: Fact[tuple[Stage, ...]], stages: list[Stage]) -> Judgement:
    done = [s for s in stages if _is_computation(s)]
    times = ", ".join(f"{_where(s)} in {s.duration_s:.3f} s" for s in done)
    evidence = Evidence(f"right results: {times}", fact.source)
    return passed(_headline(title, done), evidence, subject=title)


def _headline(title: str, done: list[Stage]) -> str:
    """Says no more than was tried: Numba's own compiler is tried on demand."""
    if any(stage.name == _BY_LLVM for stage in done):
        return f"{title}'s LLVM computes (check --compile tries its own compiler)"
    return f"{title} computes"


def _where(stage: Stage) -> str:
    return f"{stage.name} on {stage.device}" if stage.device else stage.name


def _fails(
    rig: Rig, title: str, part: Torch | Framework, broken: Stage, verdict: Verdict
) -> Judgement:
    why = one_line(broken.error)
    version = value_of(part.version)
    return Judgement(
        verdict=verdict,
        headline=f"{title} fails in {_where(broken)}: {why}",
        evidence=(
            told(title, part.version),
            Evidence(f"{_where(broken)}: {why}", part.stages.source),
        ),
        remedy=_remedy(rig, title, version, why),
        subject=title,
        follows=_causes_of(why),
    )


def _causes_of(why: str) -> tuple[str, ...]:
    """Of which bad state this can be a consequence."""
    pairs = (
        ("SIGILL", "cpu-lacks-instructions"),
        ("instruction", "cpu-lacks-instructions"),
        ("could not create a primitive", "cpu-lacks-instructions"),
        ("GLIBC_", "glibc-too-old"),
        ("SIGBUS", "disk-too-full"),
        ("SIGKILL", "memory-too-small"),
        ("numpy", "numpy2-abi"),
        ("cudnn", "cudnn-version-mismatch"),
        ("cudnn", "cudnn-not-found"),
        ("CUDA", "gpu-call-fails"),
    )
    return tuple(dict.fromkeys(cause for words, cause in pairs if words.lower() in why.lower()))


def _remedy(rig: Rig, title: str, version: str | None, why: str) -> Remedy:
    installer = installer_for(rig)
    verify = verify_with(installer, "frameworks", "torch")
    if "SIGILL" in why:
        return Remedy(
            text="No wheel of it runs on a CPU without these instructions: use a newer CPU (in a "
            "virtual machine, the host's CPU type), another framework, or a build from source",
            verify=verify,
        )
    if "memory" in why and "SIGKILL" in why:
        return Remedy(text="End what holds memory, or give the machine more", verify=verify)
    name = title.partition(" ")[0]
    requirement = f"{name}=={version.partition('+')[0]}" if version else name
    return Remedy(
        text="Install it again with all it needs; if it stays, its words name the library at "
        "fault, and an environment of its own keeps others' libraries away",
        commands=(*installer.prepare, f"{installer.install([requirement])} --force-reinstall"),
        verify=verify,
    )
