"""torch's releases and wheels, held against one another and against the installed one."""

from importlib.metadata import metadata

import pytest
import torch

from rigcheck import versions
from rigcheck.knowledge import torch_wheels
from rigcheck.knowledge.torch_wheels import (
    family_of,
    release_of,
    releases_of_torchvision,
    variant_name,
    variant_of,
)
from rigcheck.rules.gpu_code import parse_code


@pytest.mark.parametrize(
    ("version", "torchvision"),
    [("2.14.1+cu126", "0.29.1"), ("2.15.0", "0.29.2"), ("2.9.0", "0.24.1"), ("2.10.0", "0.25.0")],
)
def test_a_release_is_found_by_its_minor(version: str, torchvision: str) -> None:
    release = release_of(version)
    assert release is not None
    assert release.torchvision == torchvision


def test_a_release_newer_than_the_tables_is_unknown() -> None:
    assert release_of("3.0.1") is None


def test_two_releases_may_share_a_torchvision_minor() -> None:
    assert [r.minor for r in releases_of_torchvision("0.29.2+cu132")] == ["2.14", "2.15"]


def test_every_variant_is_of_a_known_release_and_named_after_its_cuda() -> None:
    minors = {release.minor for release in torch_wheels.table().release}
    for row in torch_wheels.variant_table().variant:
        assert row.torch in minors
        assert row.variant == variant_name(row.cuda)


def test_no_wheel_is_listed_twice() -> None:
    keys = [(r.torch, r.variant, r.platform) for r in torch_wheels.variant_table().variant]
    assert len(keys) == len(set(keys))


def test_the_wheel_on_pypi_is_among_the_variants_of_each_release() -> None:
    for release in torch_wheels.table().release:
        for platform in release.pypi_platforms:
            assert variant_of(release.latest, release.pypi_variant, platform), release.minor


def test_all_code_is_spelt_as_torch_spells_it() -> None:
    for row in torch_wheels.variant_table().variant:
        assert all(parse_code(code) for code in row.codes)
    with_ptx = variant_of("2.7.1", "cu128", "x86_64")
    assert with_ptx is not None
    assert with_ptx.codes[-2:] == ("sm_120", "compute_120")


def test_pythons_are_in_order() -> None:
    for release in torch_wheels.table().release:
        assert list(release.python) == sorted(release.python, key=versions.release)


@pytest.mark.parametrize(
    ("capability", "last_torch"),
    [("3.7", "2.3.1"), ("5.2", "2.14.1"), ("8.9", "current"), ("3.0", "")],
)
def test_a_family_is_found_by_compute_capability(capability: str, last_torch: str) -> None:
    family = family_of(capability)
    assert family is not None
    assert family.last_torch == last_torch


def test_a_capability_between_the_families_has_none() -> None:
    assert family_of("9.5") is None


def installed_variant() -> torch_wheels.Variant | None:
    cuda = torch.version.cuda
    return variant_of(torch.__version__, variant_name(cuda), "x86_64") if cuda else None


@pytest.mark.skipif(installed_variant() is None, reason="the installed torch is not in the tables")
def test_the_table_has_the_code_that_the_installed_wheel_lists() -> None:
    row = installed_variant()
    assert row is not None
    assert list(row.codes) == torch._C._cuda_getArchFlags().split()


@pytest.mark.skipif(release_of(torch.__version__) is None, reason="newer than the tables")
def test_the_table_has_the_lowest_python_that_the_installed_wheel_asks_for() -> None:
    release = release_of(torch.__version__)
    assert release is not None
    assert metadata("torch")["Requires-Python"].removeprefix(">=") == release.python[0]


@pytest.mark.parametrize(
    ("version", "torchvision", "python"),
    [("1.12.1", "0.13.1", "3.10"), ("1.7.1+cu110", "0.8.2", "3.6"), ("1.4.0", "0.5.0", "3.8")],
)
def test_releases_before_1_13_are_known_for_judging(
    version: str, torchvision: str, python: str
) -> None:
    release = release_of(version)
    assert release is not None
    assert release.torchvision == torchvision
    assert python in release.pythons
    assert "3.11" not in release.pythons
    assert release not in torch_wheels.offered_releases()


def test_pypis_wheel_of_1_8_lacks_what_its_index_had() -> None:
    pypi, index = variant_of("1.8.1", "cu102", "x86_64"), variant_of("1.8.1", "cu111", "x86_64")
    assert pypi is not None
    assert index is not None
    assert "sm_75" not in pypi.codes
    assert "sm_86" in index.codes


def test_history_is_never_chosen() -> None:
    offered = {release.minor for release in torch_wheels.offered_releases()}
    assert min(offered, key=versions.release) == "1.13"


def test_what_pypi_had_is_unknown_where_nobody_read_it() -> None:
    release = release_of("1.3.1")
    assert release is not None
    assert release.pypi_variant == ""
    assert all(row.pypi_cuda for row in torch_wheels.offered_releases())
