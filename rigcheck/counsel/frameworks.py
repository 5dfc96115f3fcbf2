"""Whether TensorFlow and JAX can use the GPUs: code, driver, cuDNN, Python."""

from collections.abc import Iterator

from rigcheck import versions
from rigcheck.advice import Counsel
from rigcheck.facts import Rig, value_of
from rigcheck.findings import Remedy
from rigcheck.knowledge import cuda_driver, cudnn, frameworks
from rigcheck.knowledge.frameworks import GpuBuild
from rigcheck.rules.gpu_code import best_code
from rigcheck.rules.gpus import KnownGpu
from rigcheck.rules.places import Place, place_of, platform_of
from rigcheck.rules.remedies.python_packages import installer_for
from rigcheck.rules.remedies.wheel_install import list_of, wanted_for

_TITLES = {"tensorflow": "TensorFlow", "jax": "JAX"}
_OLD_CUDNN = "nvidia-cudnn-cu12<9.11"
"""The last line with Maxwell, Pascal and Volta; `knowledge/cudnn.toml` tells from where on."""


def other_frameworks(rig: Rig, gpus: tuple[KnownGpu, ...]) -> Iterator[Counsel]:
    """A counsel for each, where there are GPUs of known kind."""
    if not gpus or any(value_of(gpu.compute_capability) is None for gpu in gpus):
        return
    if place_of(rig) is Place.JETSON or platform_of(rig) not in ("x86_64", "aarch64"):
        return
    for name, title in _TITLES.items():
        builds = frameworks.builds_of(name)
        served = tuple(g for g in gpus if any(_has_code(build, g) for build in builds))
        others = tuple(gpu for gpu in gpus if gpu not in served)
        if others:
            yield _without_code(title, builds, others)
        if served:
            yield _counsel(rig, served, name, title)


def _counsel(rig: Rig, gpus: tuple[KnownGpu, ...], name: str, title: str) -> Counsel:
    builds = frameworks.builds_of(name)
    sources = tuple(dict.fromkeys(build.source for build in builds))
    whom = list_of(gpus)
    with_code = [build for build in builds if all(_has_code(build, gpu) for gpu in gpus)]
    fitting = [build for build in with_code if _driver_serves(rig, gpus, build)]
    if not with_code:
        text = f"No one wheel of it has code for all of {whom}: give each an environment of its own"
        return Counsel(topic=title, text=text, sources=sources)
    if not fitting:
        oldest = min((_floor(rig, build) for build in with_code), key=versions.release)
        text = f"Its wheels have code for {whom}, and need driver {oldest} or newer"
        return Counsel(topic=title, text=text, sources=sources)
    build = fitting[0]
    slow = [gpu for gpu in gpus if _is_slow(build, gpu)]
    text = f"{build.requirement} has code for {whom}, and the driver runs it"
    if slow:
        text = (
            f"{build.requirement} has only PTX for {list_of(tuple(slow))}: its first start takes "
            "minutes while the driver compiles it"
        )
    if _needs_old_cudnn(gpus, build):
        text += ", with a cuDNN that still serves it (inferred from the tables, not tried)"
    return Counsel(
        topic=title,
        text=f"{text}{_python_note(rig, name, title)}. Give it an environment of its own, as "
        "torch pins another cuDNN",
        remedy=Remedy(text="", commands=_commands(rig, gpus, build)),
        sources=sources,
    )


def _without_code(title: str, builds: tuple[GpuBuild, ...], gpus: tuple[KnownGpu, ...]) -> Counsel:
    floor = min((build.capability_min for build in builds), key=versions.release)
    return Counsel(
        topic=title,
        text=f"No wheel of it has code for {list_of(gpus)}: its wheels begin at compute capability "
        f"{floor}. There it computes on the CPU",
        sources=tuple(dict.fromkeys(build.source for build in builds)),
    )


def _has_code(build: GpuBuild, gpu: KnownGpu) -> bool:
    capability = value_of(gpu.compute_capability) or "0.0"
    reaches = versions.at_least(capability, build.capability_min)
    return reaches and best_code(build.codes, capability, build.cuda) is not None


def _is_slow(build: GpuBuild, gpu: KnownGpu) -> bool:
    code = best_code(build.codes, value_of(gpu.compute_capability) or "0.0", build.cuda)
    return code is not None and code.is_ptx


def _driver_serves(rig: Rig, gpus: tuple[KnownGpu, ...], build: GpuBuild) -> bool:
    driver = wanted_for(rig, gpus).driver
    return driver is None or versions.at_least(driver, _floor(rig, build))


def _floor(rig: Rig, build: GpuBuild) -> str:
    floor = cuda_driver.floor_of(build.cuda)
    if floor is None:
        return "0"
    windows = place_of(rig) is Place.WSL or value_of(rig.host.system) == "Windows"
    return floor.driver_windows if windows else floor.driver_linux


def _python_note(rig: Rig, name: str, title: str) -> str:
    """Where its newest release has no wheels for this Python."""
    python = value_of(rig.python.version)
    newest = _newest(name)
    if python is None or newest is None:
        return ""
    first, last = newest.python
    ours = versions.minor(python)
    too_old = first and not versions.at_least(ours, first)
    too_new = last and versions.release(ours) > versions.release(last)
    if not (too_old or too_new):
        return ""
    span = f"{first} to {last}" if last else f"{first} or newer"
    return (
        f". {title} {newest.version} has wheels for Python {span}, and this is {python}: pip takes "
        "an older release, if there is one"
    )


def _newest(name: str) -> frameworks.Release | None:
    rows = (row for row in frameworks.table().release if row.framework == name)
    return max(rows, key=lambda row: versions.release(row.version), default=None)


def _commands(rig: Rig, gpus: tuple[KnownGpu, ...], build: GpuBuild) -> tuple[str, ...]:
    """The installation; with an older cuDNN where pip would bring one without the GPU's code."""
    installer = installer_for(rig)
    extra = (_OLD_CUDNN,) if _needs_old_cudnn(gpus, build) else ()
    return (*installer.prepare, installer.install((build.requirement, *extra)))


def _needs_old_cudnn(gpus: tuple[KnownGpu, ...], build: GpuBuild) -> bool:
    newest = max(cudnn.table().floor, key=lambda row: versions.release(row.from_version))
    capabilities = [value_of(gpu.compute_capability) or "0.0" for gpu in gpus]
    is_old = any(not versions.at_least(c, newest.capability_min) for c in capabilities)
    return is_old and build.cuda.startswith("12")
