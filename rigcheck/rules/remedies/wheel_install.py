"""Installing a chosen wheel into the interpreter at hand."""

from collections.abc import Iterator

from rigcheck import versions
from rigcheck.facts import Found, Rig, value_of
from rigcheck.findings import Remedy
from rigcheck.knowledge import cuda_driver
from rigcheck.rules.driver_fit import left_out
from rigcheck.rules.gpus import KnownGpu, driver_version
from rigcheck.rules.places import Place, place_of, platform_of
from rigcheck.rules.remedies.driver_choice import driver_for
from rigcheck.rules.remedies.python_packages import Installer, verify_with
from rigcheck.rules.remedies.wheel_choice import Wanted, Wheel


def wanted_for(rig: Rig, gpus: tuple[KnownGpu, ...]) -> Wanted:
    """What a wheel has to fit here.

    Where no driver runs it is the one that is installed, else the one that would be; so it is where
    the one that runs cannot drive a GPU that is there.
    """
    windows = place_of(rig) is Place.WSL or value_of(rig.host.system) == "Windows"
    driver = value_of(driver_version(rig)) or value_of(rig.driver.library_version)
    to_come = _driver_to_come(rig, gpus)
    if driver and to_come and left_out(rig, driver):
        driver = to_come
    return Wanted(
        capabilities=tuple(value_of(gpu.compute_capability) or "" for gpu in gpus),
        driver=driver or _driver_of_cuda(rig, windows=windows) or to_come,
        windows_driver=windows,
        python=value_of(rig.python.version),
        platform=platform_of(rig),
        glibc=value_of(rig.host.glibc_version),
        pypi_has_cuda=value_of(rig.host.system) in (None, "Linux"),
    )


def _driver_of_cuda(rig: Rig, *, windows: bool) -> str | None:
    """The oldest driver that offers the CUDA that this one does, where no more of it is known."""
    newest = value_of(rig.nvml.cuda_version)
    if not newest:
        return None
    row = cuda_driver.toolkit_of(newest) or cuda_driver.floor_of(newest)
    floor = cuda_driver.floor_of(newest)
    if row is None or floor is None:
        return None
    return (row.driver_windows or floor.driver_windows) if windows else row.driver_linux


def _driver_to_come(rig: Rig, gpus: tuple[KnownGpu, ...]) -> str | None:
    choice = driver_for(rig, gpus) if place_of(rig) is Place.HOST else None
    return choice.version if choice else None


def install_wheel(
    rig: Rig, installer: Installer, wheel: Wheel, gpus: tuple[KnownGpu, ...], wanted: Wanted
) -> Remedy:
    """The commands that bring the wheel and its torchvision, and why it is this one."""
    note = f". {installer.note}" if installer.note else ""
    return Remedy(
        text=f"Install {wheel.text} and its torchvision, the newest pair that fits: "
        f"{_reason(wheel, gpus, wanted)}{note}",
        commands=install_commands(rig, installer, wheel),
        verify=verify_with(installer),
    )


def install_commands(rig: Rig, installer: Installer, wheel: Wheel) -> tuple[str, ...]:
    """The installation, and before it the removal of what pip would take for the same."""
    stale = [] if installer.prepare else list(_mistakable(rig, wheel))
    return (
        *installer.prepare,
        *([installer.uninstall(stale)] if stale else []),
        installer.install(wheel.requirements, wheel.index_url),
    )


def _mistakable(rig: Rig, wheel: Wheel) -> Iterator[str]:
    # To pip, 2.15.0+cpu satisfies torch==2.15.0, so that it would change nothing.
    pairs = (
        ("torch", rig.torch.installed_version, wheel.release.latest),
        ("torchvision", rig.torch.torchvision_installed_version, wheel.release.torchvision),
    )
    for name, installed, wanted in pairs:
        if isinstance(installed, Found) and installed.value.split("+")[0] == wanted:
            yield name


def _reason(wheel: Wheel, gpus: tuple[KnownGpu, ...], wanted: Wanted) -> str:
    parts = [f"it has code for {list_of(gpus)}"] if gpus else []
    if wheel.variant is None:
        parts.append("there is no NVIDIA GPU to serve")
    elif wanted.driver:
        parts.append(f"it runs on driver {wanted.driver}")
    if wanted.python:
        minor = versions.minor(wanted.python)
        parts.append(f"there are wheels for Python {minor} on {wanted.platform}")
    return ", ".join(parts) or "the newest known"


def is_installed(rig: Rig, wheel: Wheel) -> bool:
    """Whether it is the wheel that is installed already: its release, and its CUDA."""
    version = value_of(rig.torch.installed_version) or ""
    cuda = wheel.variant.cuda if wheel.variant else None
    is_release = version.split("+", maxsplit=1)[0] == wheel.release.latest
    return is_release and value_of(rig.torch.cuda_built_version) == cuda


def list_of(gpus: tuple[KnownGpu, ...]) -> str:
    """`2× NVIDIA GeForce GTX 1080 Ti (6.1), Tesla P100-PCIE-16GB (6.0)`."""
    texts = [gpu.text for gpu in gpus]
    counts = {text: texts.count(text) for text in texts}
    return ", ".join(f"{n}× {text}" if n > 1 else text for text, n in counts.items())
