"""Frameworks beside PyTorch: what their releases were built with, and what they take."""

import itertools
from functools import cache

import msgspec

from rigcheck import versions
from rigcheck.knowledge.table import Row, load_table


class Release(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A release of a framework; it holds for the later ones until the next row."""

    framework: str
    version: str
    released: str = ""
    python: tuple[str, str] = ("", "")
    """The first and the last version with wheels; "" where no bound is known."""
    numpy: tuple[str, str] = ("", "")
    """The first NumPy it takes, and the first it does not; "" where no bound is known."""
    cuda: str = ""
    """Built with it (TensorFlow, ONNX Runtime), or the oldest it takes (JAX, CuPy)."""
    cudnn: str = ""


class GpuBuild(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A build for CUDA and the GPU code in it."""

    framework: str
    requirement: str
    """As pip takes it: `jax[cuda13]`."""
    plugin: str = ""
    """The package that makes it a build for CUDA, where that is one of its own."""
    cuda: str
    codes: tuple[str, ...]
    capability_min: str


class Package(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A package without a GPU half of its own."""

    package: str
    what: str
    advice: str


class FrameworkTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`frameworks.toml`."""

    release: tuple[Release, ...]
    gpu_build: tuple[GpuBuild, ...]
    package: tuple[Package, ...]


@cache
def table() -> FrameworkTable:
    """The whole table."""
    return load_table("frameworks", FrameworkTable)


def release_of(framework: str, version: str) -> Release | None:
    """The row that holds for this version; None for one older than the table.

    Raises:
        ValueError: if `version` is not one.
    """
    rows = (r for r in table().release if r.framework == framework)
    holding = (row for row in rows if versions.at_least(version, row.version))
    return max(holding, key=lambda row: versions.release(row.version), default=None)


def is_newer_than_table(framework: str, version: str) -> bool:
    """Whether its minor release came after every row, so that nothing is known of it.

    Raises:
        ValueError: if `version` is not one.
    """
    minors = [versions.minor(r.version) for r in table().release if r.framework == framework]
    ours = versions.release(versions.minor(version))
    return all(versions.release(minor) < ours for minor in minors)


def cudnn_need(framework: str, version: str) -> Release | None:
    """The row with the cuDNN it needs; None where the table names none.

    Raises:
        ValueError: if `version` is not one.
    """
    row = release_of(framework, version)
    return row if row is not None and row.cudnn else None


def builds_of(framework: str) -> tuple[GpuBuild, ...]:
    """Its builds for CUDA, the newest CUDA first."""
    rows = [row for row in table().gpu_build if row.framework == framework]
    return tuple(sorted(rows, key=lambda row: versions.release(row.cuda), reverse=True))


def package_row(name: str) -> Package | None:
    """The row of a package without a GPU half."""
    return next((row for row in table().package if row.package == name), None)


def newest_for_numpy(framework: str, numpy: str) -> Release | None:
    """The newest release that takes this NumPy; None where none is known to.

    Raises:
        ValueError: if `numpy` is not a version.
    """
    rows = (row for row in table().release if row.framework == framework and row.numpy[1])
    fitting = itertools.filterfalse(lambda row: versions.at_least(numpy, row.numpy[1]), rows)
    return max(fitting, key=lambda row: versions.release(row.version), default=None)
