"""Advice for a machine before torch is there: driver, wheel, Python, CPU, memory, and limits."""

from collections.abc import Iterator

from rigcheck import versions
from rigcheck.advice import Advice, Counsel, Fit, Room
from rigcheck.facts import Gpu, Rig, value_of
from rigcheck.findings import Remedy
from rigcheck.knowledge import cpu_needs, workloads
from rigcheck.rules.gpus import KnownGpu, driver_version, known_gpus
from rigcheck.rules.grounds import Presence, presence
from rigcheck.rules.places import Place, place_of, platform_of
from rigcheck.rules.remedies.driver_choice import driver_for, install_driver
from rigcheck.rules.remedies.torch_install import install_fitting_torch
from rigcheck.rules.remedies.wheel_choice import Wheel, newest_cpu_wheel, newest_wheel
from rigcheck.rules.remedies.wheel_install import list_of, wanted_for

_TIGHT_SHARE = 0.9
"""Above it, what a desktop holds (0.3 to 1 GB) or the allocator loses may be too much."""
_ADVISED = ("numpy", "torch", "tensorflow", "jaxlib")
PARTS = ("host", "cpu", "memory", "pci", "driver", "nvml", "python")
"""What is probed for it."""


def advise(rig: Rig) -> Advice:
    """What to install here, and what this machine will serve for."""
    gpus = known_gpus(rig)
    counsels = (_driver(rig, gpus), _torch(rig), _python(rig, gpus), *_cpu(rig), *_limits(gpus))
    return Advice(counsels=counsels, fits=tuple(_fits(rig)))


def _driver(rig: Rig, gpus: tuple[KnownGpu, ...]) -> Counsel:
    if presence(rig) is Presence.NONE:
        return Counsel(topic="driver", text="No NVIDIA GPU is here, so none is needed")
    running = value_of(driver_version(rig))
    if running is None:
        return Counsel(
            topic="driver",
            text=f"No driver runs for {list_of(gpus) or 'a GPU, if there is one'}",
            remedy=install_driver(rig, gpus),
            sources=(driver_version(rig).source,),
        )
    choice = driver_for(rig, gpus) if place_of(rig) is Place.HOST else None
    best = f"; the branch to be on is {choice.text}" if choice else ""
    return Counsel(
        topic="driver",
        text=f"Driver {running} runs{best}",
        sources=(driver_version(rig).source,),
    )


def _torch(rig: Rig) -> Counsel:
    remedy = install_fitting_torch(rig)
    return Counsel(topic="PyTorch", text=remedy.text, remedy=_commands_of(remedy))


def _commands_of(remedy: Remedy) -> Remedy | None:
    if not remedy.commands:
        return None
    return Remedy(text="", commands=remedy.commands, verify=remedy.verify)


def _python(rig: Rig, gpus: tuple[KnownGpu, ...]) -> Counsel:
    wheel = _wheel_for_any_python(rig, gpus)
    ours = value_of(rig.python.version)
    if wheel is None:
        return Counsel(topic="Python", text="No wheel is known for this machine, whatever Python")
    supported = wheel.release.python
    told = f"{wheel.text} has wheels for Python {supported[0]} to {supported[-1]}"
    sources = (wheel.release.source,)
    if ours is None:
        return Counsel(topic="Python", text=told, sources=sources)
    fits = versions.minor(ours) in wheel.release.pythons
    verdict = f"Python {ours} is one of them" if fits else f"Python {ours} is none of them"
    return Counsel(topic="Python", text=f"{told}; {verdict}", sources=sources)


def _wheel_for_any_python(rig: Rig, gpus: tuple[KnownGpu, ...]) -> Wheel | None:
    wanted = wanted_for(rig, gpus)
    without = type(wanted)(**{**vars(wanted), "python": None})
    if presence(rig) is Presence.THERE:
        return newest_wheel(without) or newest_cpu_wheel(without)
    return newest_cpu_wheel(without)


def _cpu(rig: Rig) -> Iterator[Counsel]:
    """Whether the CPU has the instructions of the newest wheels of each library."""
    flags = value_of(rig.cpu.flags)
    if flags is None or platform_of(rig) != "x86_64":
        return
    for package in _ADVISED:
        needs = [need for need in cpu_needs.table().need if need.package == package]
        for need in needs:
            if need.below_version or set(need.flags) <= set(flags):
                continue
            way = f"install {need.fix}" if need.fix else need.advice or "no wheel does without"
            yield Counsel(
                topic="CPU",
                text=f"{need.title} needs {need.what}, which this CPU lacks: {need.effect}; {way}",
                sources=(need.source, rig.cpu.flags.source),
            )
    if all(set(n.flags) <= set(flags) for n in cpu_needs.table().need if n.package in _ADVISED):
        yield Counsel(
            topic="CPU",
            text="It has the instructions that the wheels of NumPy, PyTorch, TensorFlow and JAX "
            "need",
            sources=(rig.cpu.flags.source,),
        )


def _limits(gpus: tuple[KnownGpu, ...]) -> Iterator[Counsel]:
    """What the GPUs are too old for."""
    for gpu in gpus:
        capability = value_of(gpu.compute_capability)
        if capability is None:
            continue
        for feature in workloads.table().feature:
            if not versions.at_least(capability, feature.capability_min):
                yield Counsel(
                    topic="will not work here",
                    text=f"{feature.name} needs compute capability {feature.capability_min}, "
                    f"{gpu.text} has {capability}: {feature.instead}",
                    sources=(feature.source,),
                )


def _fits(rig: Rig) -> Iterator[Fit]:
    for gpu in value_of(rig.nvml.gpus) or ():
        yield from _fits_on(gpu)


def _fits_on(gpu: Gpu) -> Iterator[Fit]:
    has_bytes = value_of(gpu.memory_total_bytes)
    if has_bytes is None:
        return
    for workload in workloads.table().workload:
        yield Fit(
            gpu=f"GPU {gpu.index}",
            workload=workload.name,
            needs_bytes=workload.needs_bytes,
            has_bytes=has_bytes,
            room=_room(workload.needs_bytes, has_bytes),
            source=workload.source,
        )


def _room(needs_bytes: int, has_bytes: int) -> Room:
    if needs_bytes > has_bytes:
        return Room.TOO_LARGE
    return Room.TIGHT if needs_bytes > _TIGHT_SHARE * has_bytes else Room.FITS
