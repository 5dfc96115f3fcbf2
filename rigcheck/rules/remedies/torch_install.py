"""Getting the torch that serves this machine into the interpreter at hand."""

from msgspec.structs import replace

from rigcheck import versions
from rigcheck.facts import Rig, value_of
from rigcheck.findings import Remedy
from rigcheck.rules.driver_branch import gets_no_more_fixes
from rigcheck.rules.gpus import KnownGpu, driver_version, known_gpus
from rigcheck.rules.grounds import Presence, presence
from rigcheck.rules.places import Place, place_of
from rigcheck.rules.remedies.driver_choice import driver_for
from rigcheck.rules.remedies.python_packages import installer_for, verify_with
from rigcheck.rules.remedies.torch_nearest import install_nearest
from rigcheck.rules.remedies.wheel_choice import Wanted, Wheel, newest_cpu_wheel, newest_wheel
from rigcheck.rules.remedies.wheel_install import install_wheel, list_of, wanted_for


def install_fitting_torch(rig: Rig) -> Remedy:
    """The newest torch for all its GPUs, its driver and its Python; CPU-only where no GPU is.

    Where none fits it is what takes the least change; where a newer driver would allow a newer
    torch, that is told, too.
    """
    gpus = known_gpus(rig)
    if presence(rig) is not Presence.THERE:
        return _install_cpu_torch(rig)
    remedy = install_cuda_torch(rig)
    better = _with_newer_driver(rig, gpus)
    if better is None:
        return remedy
    return Remedy(text=f"{remedy.text}. {better}", commands=remedy.commands, verify=remedy.verify)


def install_cuda_torch(rig: Rig) -> Remedy:
    """The newest CUDA torch for its driver and its Python, and for its GPUs as far as known."""
    gpus = known_gpus(rig)
    if any(value_of(gpu.compute_capability) is None for gpu in gpus):
        return Remedy(
            text=f"Which wheel serves {list_of(gpus)} depends on its compute capability, which the "
            "driver tells once it runs: mend the driver first, then check again",
            verify=verify_with(installer_for(rig)),
        )
    wanted = wanted_for(rig, gpus)
    wheel = newest_wheel(wanted)
    if wheel is None:
        return install_nearest(rig, gpus, wanted, newest_wheel)
    return install_wheel(rig, installer_for(rig), wheel, gpus, wanted)


def _install_cpu_torch(rig: Rig) -> Remedy:
    wanted = wanted_for(rig, ())
    wheel = newest_cpu_wheel(wanted)
    if wheel is None:
        return install_nearest(rig, (), wanted, newest_cpu_wheel)
    return install_wheel(rig, installer_for(rig), wheel, (), wanted)


def _with_newer_driver(rig: Rig, gpus: tuple[KnownGpu, ...]) -> str | None:
    """The newer torch that a newer driver would allow, in words; None where it would not."""
    if value_of(driver_version(rig)) is None or place_of(rig) is not Place.HOST:
        return None
    wanted = wanted_for(rig, gpus)
    ours, theirs = newest_wheel(wanted), newest_wheel(replace(wanted, driver=None))
    if theirs is None or (ours is not None and not _is_newer(theirs, ours)):
        return None
    floor = theirs.driver_floor(windows=wanted.windows_driver)
    if wanted.driver and versions.at_least(wanted.driver, floor):
        return None
    choice = driver_for(rig, gpus, at_least=floor)
    if choice is None:
        return None
    gain = f"would allow {theirs.text}{'' if ours is not None else ', with this Python'}"
    if gets_no_more_fixes(rig):
        return f"Better is a newer driver, as this one gets no more fixes: {choice.text} {gain}"
    return f"A newer driver {gain}: {choice.text}"


def _is_newer(one: Wheel, other: Wheel) -> bool:
    return versions.release(one.release.latest) > versions.release(other.release.latest)


def serves_any(gpus: tuple[KnownGpu, ...], platform: str) -> bool:
    """Whether a published wheel has code for one of the GPUs, whatever else stands in its way."""
    capabilities = [value_of(gpu.compute_capability) for gpu in gpus]
    return any(
        c is None or newest_wheel(Wanted(capabilities=(c,), platform=platform)) is not None
        for c in capabilities
    )
