"""The NVIDIA driver's two halves, the kernel module and the libraries, without asking either."""

import os
import re
from pathlib import Path
from typing import TypeVar

import msgspec

from rigcheck.facts import Absent, Driver, Fact, Failed, Found, Reason
from rigcheck.probes.driver_libraries import read_libraries
from rigcheck.probes.driver_module import read_on_disk_version
from rigcheck.probes.hypervisor import read_wsl_version
from rigcheck.probes.nvswitch import read_fabric_manager_running
from rigcheck.probes.probe import ProbeContext, read_text
from rigcheck.probes.reading import first_found, parsed

T = TypeVar("T")

_MODULES = Path("sys/module")
_LOADED = Path("proc/driver/nvidia/version")
_DEVICE, _WSL_DEVICE = Path("dev/nvidiactl"), Path("dev/dxg")
_VERSION = re.compile(r"NVRM version:.*?\b(\d{3}\.\d+(?:\.\d+)*)\b")


def read_driver(context: ProbeContext) -> Driver:
    """Reads /sys/module, /proc/driver/nvidia, /lib/modules and the loader's cache."""
    root = context.root
    library_path, library_version = read_libraries(root)
    driver = Driver(
        module_version=read_module_version(root),
        module_on_disk_version=read_on_disk_version(root),
        module_kind=read_module_kind(root),
        nouveau_loaded=read_nouveau_loaded(root),
        library_version=library_version,
        library_path=library_path,
        fabric_manager_running=read_fabric_manager_running(root),
        control_device=read_control_device(root),
    )
    wsl = read_wsl_version(root)
    return _without_module(driver, wsl.source) if isinstance(wsl, Found) else driver


def read_control_device(root: Path) -> Fact[str]:
    """The device by which programs reach the driver, opened and closed at once.

    It is opened only where the module is loaded: else opening it would load the module.
    """
    path = root / (_WSL_DEVICE if isinstance(read_wsl_version(root), Found) else _DEVICE)
    if not path.exists():
        return Absent(Reason.NOT_THERE, str(path))
    if path.name == _DEVICE.name and not (root / _MODULES / "nvidia").is_dir():
        return Absent(Reason.NOT_APPLICABLE, str(path), "no kernel module is loaded behind it")
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CLOEXEC))
    except PermissionError as error:
        return Absent(Reason.NO_PERMISSION, str(path), error.strerror or "")
    except OSError as error:
        return Failed(error.strerror or str(error), str(path))
    return Found(str(path), "open for reading and writing")


def read_module_version(root: Path) -> Fact[str]:
    """Of the module that is loaded, as sysfs or the module itself tells."""
    return _if_modules_seen(
        root,
        first_found(
            read_text(root / _MODULES / "nvidia/version"),
            parsed(read_text(root / _LOADED), parse_version),
        ),
    )


def read_module_kind(root: Path) -> Fact[str]:
    """`open` or `closed`, by the module's own words, else by how it taints the kernel."""
    return _if_modules_seen(
        root,
        first_found(
            parsed(read_text(root / _LOADED), parse_kind),
            parsed(read_text(root / _MODULES / "nvidia/taint"), parse_taint),
        ),
    )


def read_nouveau_loaded(root: Path) -> Fact[bool]:
    """Whether the free driver is loaded or built in; loaded is not yet bound to the card."""
    nouveau = root / _MODULES / "nouveau"
    return _if_modules_seen(root, Found(nouveau.is_dir(), str(nouveau)))


def parse_version(text: str) -> str:
    """From `NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.183.01  Sun May 12 …`.

    Raises:
        ValueError: if there is no version in it.
    """
    match = _VERSION.search(text)
    if match is None:
        raise ValueError("no NVRM version in it")
    return match[1]


def parse_kind(text: str) -> str:
    """`NVIDIA UNIX Open Kernel Module for x86_64` is the open one.

    Raises:
        ValueError: if it is not the text of an NVIDIA module.
    """
    parse_version(text)
    return "open" if "Open Kernel" in text else "closed"


def parse_taint(text: str) -> str:
    """`POE` taints as proprietary, `OE` only as built outside the kernel."""
    return "closed" if "P" in text else "open"


def _if_modules_seen(root: Path, fact: Fact[T]) -> Fact[T]:
    """A module is only known not to be loaded where sysfs lists modules at all."""
    modules = root / _MODULES
    if isinstance(fact, Failed) or modules.is_dir() or (root / _LOADED).exists():
        return fact
    return Absent(Reason.NOT_SUPPORTED, str(modules), "kernel modules cannot be seen from here")


def _without_module(driver: Driver, source: str) -> Driver:
    """Under WSL the kernel half is Windows' driver; a module would be wrong there."""
    windows = Absent(Reason.NOT_APPLICABLE, source, "under WSL the driver is that of Windows")
    return msgspec.structs.replace(
        driver, module_version=windows, module_on_disk_version=windows, module_kind=windows
    )
