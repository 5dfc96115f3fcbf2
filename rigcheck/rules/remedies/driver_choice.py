"""Choosing a driver for the GPUs of a machine, and saying how to get it there."""

from collections.abc import Iterable

import msgspec

from rigcheck import versions
from rigcheck.facts import Rig, value_of
from rigcheck.findings import Remedy
from rigcheck.knowledge import cuda_driver, driver_packages
from rigcheck.rules.gpus import KnownGpu, known_gpus
from rigcheck.rules.places import Place, place_of

DRIVERS_URL = "https://www.nvidia.com/en-us/drivers/unix/"
# Where no distribution package is known, the first of these that drives all GPUs: the long-term
# branch, the newest, then the last ones of architectures that were dropped.
_BRANCHES = ("580", "615", "470", "390")
VERIFY = "rigcheck check --only pci --only driver --only nvml"
_INSTALLER = "https://us.download.nvidia.com/XFree86/Linux-x86_64/{0}/NVIDIA-Linux-x86_64-{0}.run"


class DriverChoice(msgspec.Struct, frozen=True, kw_only=True):
    """A driver that serves a set of GPUs, and the way to install it."""

    version: str | None
    """At least; None where only the branch is known."""
    text: str
    """What to install, in words."""
    commands: tuple[str, ...] = ()


def driver_for(rig: Rig, gpus: Iterable[KnownGpu], at_least: str = "0") -> DriverChoice | None:
    """The driver to install; None where the GPUs are unknown or no driver serves them all.

    Args:
        rig: whose distribution is asked for packages.
        gpus: which it must drive.
        at_least: the oldest version that is of use.
    """
    names = {gpu.architecture for gpu in gpus}
    architectures = [cuda_driver.architecture_of(name) for name in names if name]
    rows = [row for row in architectures if row is not None]
    if not names or len(rows) != len(names):
        return None
    return _packaged(rig, rows, at_least) or _generic(rows, at_least)


def install_driver(rig: Rig, gpus: tuple[KnownGpu, ...], at_least: str = "0") -> Remedy:
    """How the driver gets onto this machine, whoever owns it here."""
    place = place_of(rig)
    if place is not Place.HOST:
        return Remedy(text=_ELSEWHERE[place], verify=VERIFY)
    choice = driver_for(rig, gpus, at_least)
    if choice is None:
        return Remedy(text=_unknown_text(rig, gpus), commands=_asking(rig), verify=VERIFY)
    return Remedy(
        text=f"Install {choice.text}, then restart",
        commands=(*choice.commands, "sudo reboot") if choice.commands else (),
        verify=VERIFY,
    )


_ELSEWHERE = {
    Place.CONTAINER: "The driver belongs to the host: install or update it there, and start the "
    "container with the NVIDIA container toolkit (docker run --gpus all …)",
    Place.WSL: "The driver belongs to Windows: install or update NVIDIA's driver there, then run "
    "`wsl --shutdown` in Windows; a Linux driver inside the distribution would break it",
    Place.JETSON: "The driver comes with JetPack: update JetPack with NVIDIA's SDK Manager",
}


def _packaged(rig: Rig, rows: list[cuda_driver.Architecture], at_least: str) -> DriverChoice | None:
    distribution = value_of(rig.host.distribution_id) or ""
    version = value_of(rig.host.distribution_version) or ""
    for package in driver_packages.packages_of(distribution, version):
        fits = _drives(package.branch, rows) and _module_fits(package.module, rows)
        if fits and versions.at_least(package.brings, at_least):
            notes = "; ".join(filter(None, (package.advice, package.confidence)))
            return DriverChoice(
                version=package.brings,
                text=f"the {package.branch} branch of the driver "
                f"with its {package.module} kernel module{f' ({notes})' if notes else ''}",
                commands=package.commands,
            )
    return None


def _generic(rows: list[cuda_driver.Architecture], at_least: str) -> DriverChoice | None:
    module = next((m for m in ("open", "closed") if _module_fits(m, rows)), None)
    for name in _BRANCHES:
        branch = cuda_driver.branch_of(name)
        if branch is None or module is None or not _drives(name, rows):
            continue
        # A living branch has versions newer than any in the tables.
        newest = branch.last_version or f"{name}.999"
        if versions.at_least(newest, at_least):
            return DriverChoice(
                version=branch.last_version or None,
                text=f"the {name} branch of the driver with its {module} kernel module, from the "
                f"distribution or from {DRIVERS_URL}",
                commands=_runfile(branch),
            )
    return None


def _runfile(branch: cuda_driver.Branch) -> tuple[str, ...]:
    """NVIDIA's own installer, for a branch that gets no more versions."""
    if not branch.last_version:
        return ()
    url = _INSTALLER.format(branch.last_version)
    return (f"wget {url}", f"sudo sh {url.rsplit('/', 1)[-1]}")


def _drives(branch_name: str, rows: list[cuda_driver.Architecture]) -> bool:
    branch = cuda_driver.branch_of(branch_name)
    return branch is not None and all(row.name in branch.architectures for row in rows)


def _module_fits(module: str, rows: list[cuda_driver.Architecture]) -> bool:
    return all(row.module in (module, "either") for row in rows)


def _unknown_text(rig: Rig, gpus: tuple[KnownGpu, ...]) -> str:
    named = ", ".join(gpu.text for gpu in gpus or known_gpus(rig)) or "the GPU"
    return (
        f"Which driver branch serves {named} is not in the tables: NVIDIA's driver search tells it "
        f"({DRIVERS_URL})"
    )


def _asking(rig: Rig) -> tuple[str, ...]:
    is_ubuntu = value_of(rig.host.distribution_id) == "ubuntu"
    return ("ubuntu-drivers devices",) if is_ubuntu else ("lspci -nn -d 10de:",)
