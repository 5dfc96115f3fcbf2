"""Which torch, and which Python for it."""

from collections.abc import Iterator

from msgspec.structs import replace

from rigcheck import versions
from rigcheck.advice import Counsel
from rigcheck.facts import Rig, value_of
from rigcheck.findings import Remedy
from rigcheck.rules.gpus import KnownGpu
from rigcheck.rules.grounds import Presence, presence
from rigcheck.rules.remedies.torch_install import install_fitting_torch
from rigcheck.rules.remedies.wheel_choice import Wheel, newest_cpu_wheel, newest_wheel
from rigcheck.rules.remedies.wheel_install import wanted_for


def torch(rig: Rig, gpus: tuple[KnownGpu, ...]) -> Iterator[Counsel]:
    """The exact install command, and whether this Python serves."""
    remedy = install_fitting_torch(rig)
    yield Counsel(topic="PyTorch", text=remedy.text, remedy=_commands_of(remedy))
    yield _python(rig, gpus)


def _commands_of(remedy: Remedy) -> Remedy | None:
    if not remedy.commands:
        return None
    return Remedy(text="", commands=remedy.commands, verify=remedy.verify)


def _python(rig: Rig, gpus: tuple[KnownGpu, ...]) -> Counsel:
    wheel = _wheel_for_any_python(rig, gpus)
    ours = value_of(rig.python.version)
    if wheel is None:
        return Counsel(topic="Python", text="No wheel is known for this machine, whatever Python")
    supported = wheel.release.pythons
    told = f"{wheel.text} has wheels for Python {supported[0]} to {supported[-1]}"
    sources = (wheel.release.source,)
    if ours is None:
        return Counsel(topic="Python", text=told, sources=sources)
    fits = versions.minor(ours) in supported
    verdict = f"Python {ours} is one of them" if fits else f"Python {ours} is none of them"
    return Counsel(topic="Python", text=f"{told}; {verdict}", sources=sources)


def _wheel_for_any_python(rig: Rig, gpus: tuple[KnownGpu, ...]) -> Wheel | None:
    wanted = replace(wanted_for(rig, gpus), python=None)
    if presence(rig) is not Presence.THERE:
        return newest_cpu_wheel(wanted)
    alone = (newest_wheel(replace(wanted, capabilities=(c,))) for c in wanted.capabilities)
    newest = max(filter(None, alone), key=_age, default=None)
    return newest_wheel(wanted) or newest or newest_cpu_wheel(wanted)


def _age(wheel: Wheel) -> tuple[int, ...]:
    return versions.release(wheel.release.latest)
