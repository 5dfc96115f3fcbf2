"""What to do where no torch fits a machine as it is: the way that takes the least change."""

from collections.abc import Callable
from typing import TypeAlias

from msgspec.structs import replace

from rigcheck import versions
from rigcheck.facts import Found, Rig, value_of
from rigcheck.findings import Remedy
from rigcheck.knowledge import cuda_driver, torch_wheels
from rigcheck.rules.gpus import KnownGpu
from rigcheck.rules.places import Place, place_of
from rigcheck.rules.remedies.driver_choice import driver_for, install_driver
from rigcheck.rules.remedies.python_packages import (
    installer_for,
    installer_with_python,
    verify_with,
)
from rigcheck.rules.remedies.wheel_choice import Wanted, Wheel, newest_cpu_wheel, newest_wheel
from rigcheck.rules.remedies.wheel_install import (
    install_commands,
    install_wheel,
    is_installed,
    list_of,
)

JETSON_URL = "https://docs.nvidia.com/deeplearning/frameworks/install-pytorch-jetson-platform/"

Choose: TypeAlias = Callable[[Wanted], Wheel | None]


def install_nearest(rig: Rig, gpus: tuple[KnownGpu, ...], wanted: Wanted, choose: Choose) -> Remedy:
    """For a machine for which `choose` finds no wheel."""
    ways = (
        _on_a_jetson(rig),
        _with_another_python(rig, gpus, wanted, choose),
        _with_another_driver(rig, gpus, wanted),
        _with_another_system(gpus, wanted, choose),
        _from_conda(gpus, wanted),
        _for_some_of(rig, gpus, wanted),
        _without_the_gpu(rig, gpus, wanted),
    )
    return next(way for way in ways if way is not None)


def _on_a_jetson(rig: Rig) -> Remedy | None:
    if place_of(rig) is not Place.JETSON:
        return None
    return Remedy(
        text="No published wheel fits this Jetson as it is: install NVIDIA's own build for its "
        f"JetPack, as {JETSON_URL} says",
        verify=verify_with(installer_for(rig)),
    )


def _with_another_python(
    rig: Rig, gpus: tuple[KnownGpu, ...], wanted: Wanted, choose: Choose
) -> Remedy | None:
    wheel = choose(replace(wanted, python=None))
    if wheel is None or wanted.python is None:
        return None
    version, complaint = _nearest_python(wheel, wanted.python)
    installer = installer_with_python(version)
    remedy = install_wheel(rig, installer, wheel, gpus, replace(wanted, python=version))
    return Remedy(
        text=f"{complaint}. {remedy.text}", commands=remedy.commands, verify=remedy.verify
    )


def _nearest_python(wheel: Wheel, ours: str) -> tuple[str, str]:
    """The supported version next to ours, and what is wrong with ours."""
    supported, mine = wheel.release.python, versions.minor(ours)
    if versions.release(mine) > versions.release(supported[-1]):
        return supported[-1], f"Python {mine} is too new for every wheel that would do"
    return supported[0], f"Python {mine} is too old for every wheel that would do"


def _with_another_driver(rig: Rig, gpus: tuple[KnownGpu, ...], wanted: Wanted) -> Remedy | None:
    choice = driver_for(rig, gpus)
    if choice is None:
        return None
    coming = choice.version if place_of(rig) is Place.HOST else None
    then = replace(wanted, driver=coming)
    wheel, installer, note = newest_wheel(then), installer_for(rig), ""
    if wheel is None and wanted.python is not None:
        wheel = newest_wheel(replace(then, python=None))
        if wheel is not None:
            version, complaint = _nearest_python(wheel, wanted.python)
            installer, note = installer_with_python(version), f"; {complaint}"
    if wheel is None:
        return None
    driver = install_driver(rig, gpus)
    return Remedy(
        text=f"No wheel for {list_of(gpus)} runs on driver {wanted.driver}{note}. {driver.text}; "
        f"then install {wheel.text}, the newest that has code for these GPUs",
        commands=(*driver.commands, *install_commands(rig, installer, wheel)),
        verify=verify_with(installer),
    )


def _with_another_system(
    gpus: tuple[KnownGpu, ...], wanted: Wanted, choose: Choose
) -> Remedy | None:
    wheel = choose(replace(wanted, glibc=None))
    if wheel is None:
        return None
    whom = f" for {list_of(gpus)}" if gpus else ""
    return Remedy(
        text=f"Every wheel{whom} needs a newer C library than this system's glibc {wanted.glibc}; "
        f"{wheel.text} needs {wheel.release.glibc_min}: use a newer distribution, or a container "
        "with one"
    )


def _from_conda(gpus: tuple[KnownGpu, ...], wanted: Wanted) -> Remedy | None:
    """Conda's own packages had code for some GPUs that wheels never had."""
    families = {torch_wheels.family_of(capability) for capability in wanted.capabilities}
    family = families.pop() if len(families) == 1 else None
    if family is None or not family.conda_commands or wanted.platform != "x86_64":
        return None
    floor = cuda_driver.floor_of(family.conda_cuda)
    if floor and wanted.driver and not versions.at_least(wanted.driver, floor.driver_linux):
        return None
    return Remedy(
        text=f"No wheel of today has code for {list_of(gpus)}, an older torch has. conda's package "
        f"of torch {family.conda_torch} for CUDA {family.conda_cuda} is the last that did "
        f"({family.note}; {family.confidence}); it goes into an environment of its own, and gets "
        "no more fixes",
        commands=family.conda_commands,
        verify="rigcheck check --only torch "
        "--python \"$(conda run -n torch python -c 'import sys; print(sys.executable)')\"",
    )


def _for_some_of(rig: Rig, gpus: tuple[KnownGpu, ...], wanted: Wanted) -> Remedy | None:
    """Unlike GPUs that no wheel serves together: the newest wheel for any, and the others out."""
    wheels = [newest_wheel(_wanted_of(gpu, wanted)) for gpu in gpus]
    newest = max(filter(None, wheels), key=_age, default=None)
    if newest is None or len(gpus) == 1:
        return None
    pairs = list(zip(gpus, wheels, strict=True))
    served = tuple(gpu for gpu, wheel in pairs if wheel == newest)
    others = tuple(gpu for gpu, wheel in pairs if wheel != newest)
    installer = installer_for(rig)
    install = () if is_installed(rig, newest) else install_commands(rig, installer, newest)
    return Remedy(
        text=f"No wheel has code for all of {list_of(gpus)}. {newest.text} is the newest for "
        f"{list_of(served)}: keep {list_of(others)} out of its sight, or give it an environment "
        "of its own",
        commands=(*install, *_show_only(served)),
        verify=verify_with(installer),
    )


def _show_only(gpus: tuple[KnownGpu, ...]) -> tuple[str, ...]:
    uuids = [gpu.uuid for gpu in gpus if gpu.uuid]
    return (f"export CUDA_VISIBLE_DEVICES={','.join(uuids)}",) if uuids else ()


def _age(wheel: Wheel) -> tuple[int, ...]:
    return versions.release(wheel.release.latest)


def _wanted_of(gpu: KnownGpu, wanted: Wanted) -> Wanted:
    return replace(wanted, capabilities=(value_of(gpu.compute_capability) or "",))


def _without_the_gpu(rig: Rig, gpus: tuple[KnownGpu, ...], wanted: Wanted) -> Remedy:
    families = (torch_wheels.family_of(capability) for capability in wanted.capabilities)
    notes = {f" ({family.note})" for family in families if family is not None and family.note}
    text = (
        f"No published wheel known to rigcheck serves {list_of(gpus) or 'this machine'} as it is"
        f"{''.join(sorted(notes))}: train on the CPU, or build torch from source"
    )
    wheel = newest_cpu_wheel(wanted)
    if wheel is None or isinstance(rig.torch.version, Found):
        return Remedy(text=text)  # a torch for CUDA trains on the CPU, too
    installer = installer_for(rig)
    return Remedy(
        text=text,
        commands=install_commands(rig, installer, wheel),
        verify=verify_with(installer),
    )
