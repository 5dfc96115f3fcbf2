"""Searching the tables for the newest torch wheel that serves a machine."""

from collections.abc import Iterator

import msgspec

from rigcheck import versions
from rigcheck.knowledge import cuda_driver, cudnn, torch_wheels
from rigcheck.knowledge.torch_wheels import Release, Variant
from rigcheck.rules.gpu_code import best_code


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a wheel has to fit; None where it does not matter or is not known."""

    capabilities: tuple[str, ...]
    """Of every GPU it must have code for."""
    driver: str | None = None
    windows_driver: bool = False
    """The driver's number is Windows' (also in WSL)."""
    python: str | None = None
    """Any version: `3.12.3`."""
    platform: str = "x86_64"
    glibc: str | None = None
    pypi_has_cuda: bool = True
    """Plain `pip install torch` brings CUDA here; not so on Windows."""


class Wheel(msgspec.Struct, frozen=True, kw_only=True):
    """A release in one variant, and the torchvision that goes with it."""

    release: Release
    variant: Variant | None
    """None for the CPU-only wheel."""
    from_pypi: bool

    @property
    def index_url(self) -> str:
        """Where pip finds it; empty for PyPI."""
        if self.from_pypi:
            return ""
        return f"{torch_wheels.INDEX_ROOT}/{self.variant.variant if self.variant else 'cpu'}"

    @property
    def requirements(self) -> tuple[str, ...]:
        """What pip is to install."""
        pair = (f"torch=={self.release.latest}", f"torchvision=={self.release.torchvision}")
        return (*pair, "numpy<2") if self.release.numpy1_only else pair

    def driver_floor(self, *, windows: bool = False) -> str:
        """The oldest driver it runs on; "0" where any does or none is known."""
        floor = cuda_driver.floor_of(self.variant.cuda) if self.variant else None
        if floor is None:
            return "0"
        return floor.driver_windows if windows else floor.driver_linux

    @property
    def text(self) -> str:
        """`torch 2.14.1 for CUDA 12.6`."""
        made_for = f"for CUDA {self.variant.cuda}" if self.variant else "for the CPU"
        return f"torch {self.release.latest} {made_for}"


def newest_wheel(wanted: Wanted) -> Wheel | None:
    """The newest that serves all of it; None where the tables know of none.

    A wheel whose row was not read at its source comes after every one that was.
    """
    fitting = (wheel for wheel in _gpu_wheels(wanted) if _serves(wheel, wanted))
    return max(fitting, key=_preference, default=None)


def newest_cpu_wheel(wanted: Wanted) -> Wheel | None:
    """The newest CPU-only wheel for this Python and C library."""
    releases = (r for r in torch_wheels.offered_releases() if _release_serves(r, wanted))
    newest = max(releases, key=lambda r: versions.release(r.latest), default=None)
    return Wheel(release=newest, variant=None, from_pypi=False) if newest else None


def _gpu_wheels(wanted: Wanted) -> Iterator[Wheel]:
    releases = {release.minor: release for release in torch_wheels.offered_releases()}
    for variant in torch_wheels.variant_table().variant:
        release = releases.get(variant.torch)
        if release is not None and variant.platform == wanted.platform:
            is_default = variant.variant == release.pypi_variant
            on_pypi = wanted.pypi_has_cuda and wanted.platform in release.pypi_platforms
            yield Wheel(release=release, variant=variant, from_pypi=is_default and on_pypi)


def _serves(wheel: Wheel, wanted: Wanted) -> bool:
    variant = wheel.variant
    return (
        variant is not None
        and _release_serves(wheel.release, wanted)
        and _driver_serves(wheel, wanted)
        and all(_has_code_for(variant, capability) for capability in wanted.capabilities)
    )


def _release_serves(release: Release, wanted: Wanted) -> bool:
    if wanted.python is not None and versions.minor(wanted.python) not in release.pythons:
        return False
    return wanted.glibc is None or versions.at_least(wanted.glibc, release.glibc_min)


def _driver_serves(wheel: Wheel, wanted: Wanted) -> bool:
    oldest = wheel.driver_floor(windows=wanted.windows_driver)
    return wanted.driver is None or versions.at_least(wanted.driver, oldest)


def _has_code_for(variant: Variant, capability: str) -> bool:
    # PTX is no choice: its first start takes minutes.
    code = best_code(variant.codes, capability, variant.cuda)
    if code is None or code.is_ptx:
        return False
    floor = cudnn.floor_of(variant.cudnn) if variant.cudnn else None
    return floor is None or versions.at_least(capability, floor.capability_min)


def _preference(wheel: Wheel) -> tuple[bool, tuple[int, ...], bool, bool, tuple[int, ...]]:
    variant = wheel.variant
    if variant is None:
        raise ValueError("a CPU-only wheel is not compared with GPU wheels")
    return (
        not variant.confidence,
        versions.release(wheel.release.latest),
        wheel.from_pypi,
        variant.stable,
        versions.release(variant.cuda),
    )
