"""Environments as text: a section each where they were named, a line each where they were found."""

from collections.abc import Iterator

from rigcheck.environments import EnvironmentFacts, InterpreterSearch, has_torch
from rigcheck.facts import Absent, Fact, Failed, Found, Framework, Reason, T, Torch, value_of
from rigcheck.findings import Finding, root_cause
from rigcheck.report.summary import lack_text
from rigcheck.units import counted


def environment_line(environment: EnvironmentFacts) -> str:
    """`3.11.7 · torch 2.9.1 sees 1 GPU · jax 0.7.1 sees no GPU: …`."""
    if environment.not_checked:
        return f"not checked: {environment.not_checked}"
    python = environment.python.version
    if not isinstance(python, Found):
        return f"cannot be asked: {_first_line(lack_text(python))}"
    told = [_torch_text(environment.torch)] if has_torch(environment) else []
    told += [_framework_text(f) for f in value_of(environment.frameworks.installed) or ()]
    return " · ".join([python.value, *(told or ["no framework"])])


def why_line(findings: tuple[Finding, ...]) -> str:
    """The root cause of what is wrong there; empty where nothing is."""
    leading = root_cause(findings)
    return f"{leading.verdict.value} {leading.id}: {leading.headline}" if leading else ""


def search_lines(search: InterpreterSearch) -> Iterator[str]:
    """How the search went, where it did not see everything."""
    for folder in search.unreadable:
        yield f"not looked into, for it cannot be read: {folder}"
    if search.left_out:
        yield f"{search.left_out} more were found and not checked: name them with --python"
    if not search.complete:
        yield "the search ran out of time: there may be more"


def _torch_text(torch: Torch) -> str:
    name = f"torch {torch.known_version or ''}".rstrip()
    if not isinstance(torch.version, Found):
        return f"{name} cannot be imported: {_first_line(lack_text(torch.version))}"
    devices = value_of(torch.devices) or ()
    if devices:
        named = {device.device for device in devices}
        stages = value_of(torch.stages) or ()
        broken = [stage for stage in stages if stage.error and stage.device in named]
        if broken:
            return f"{name} fails on {broken[0].device}: {_first_line(broken[0].error)}"
        return f"{name} sees {counted(len(devices), 'GPU')}"
    return f"{name} sees no GPU: {_why_torch_sees_none(torch)}"


def _why_torch_sees_none(torch: Torch) -> str:
    if isinstance(torch.cuda_available, Failed):
        return _first_line(torch.cuda_available.error)
    if isinstance(torch.devices, Failed):
        return _first_line(torch.devices.error)
    if isinstance(torch.cuda_built_version, Found):
        return f"built for CUDA {torch.cuda_built_version.value}, and CUDA finds none"
    if isinstance(torch.hip_built_version, Found):
        return f"built for ROCm {torch.hip_built_version.value}, and it finds none"
    return "a build for the CPU"


def _framework_text(framework: Framework) -> str:
    version, sees = framework.version, framework.sees_gpu
    name = f"{framework.name} {version.value}" if isinstance(version, Found) else framework.name
    if isinstance(sees, Found):
        return f"{name} sees {'the' if sees.value else 'no'} GPU"
    return f"{name}: {_first_line(_reason(sees)) or 'whether it sees a GPU is not told'}"


def _reason(fact: Fact[T]) -> str:
    if isinstance(fact, Absent) and fact.reason is not Reason.NOT_ASKED and fact.detail:
        return fact.detail
    return lack_text(fact)


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]
