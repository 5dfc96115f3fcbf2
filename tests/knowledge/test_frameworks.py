"""Frameworks beside PyTorch."""

import pytest

from rigcheck import versions
from rigcheck.knowledge import frameworks
from rigcheck.rules.gpu_code import parse_code


@pytest.mark.parametrize(
    ("framework", "version", "cudnn"),
    [
        ("tensorflow", "2.20.0", "9.3"),
        ("tensorflow", "2.15.1", "8.9"),  # between two rows the earlier one holds
        ("tensorflow", "1.4.1", "6"),
        ("jax", "0.7.5", "9.8"),
        ("jax", "0.4.16", None),
        ("numba", "0.61.0", None),
        ("pytensor", "3.3.7", None),
    ],
)
def test_a_release_tells_the_cudnn_it_needs(
    framework: str, version: str, cudnn: str | None
) -> None:
    row = frameworks.cudnn_need(framework, version)
    assert (row.cudnn if row else None) == cudnn


def test_a_release_older_than_the_table_is_unknown() -> None:
    assert frameworks.release_of("tensorflow", "0.12.0") is None


def test_versions_are_compared_as_versions() -> None:
    row = frameworks.release_of("tensorflow", "2.9.3")
    assert row is not None
    assert row.version == "2.9.0"
    row = frameworks.release_of("onnxruntime", "1.10.0")
    assert row is not None
    assert row.version == "1.9"


def test_numba_takes_numpy_up_to_a_bound() -> None:
    row = frameworks.release_of("numba", "0.60.0")
    assert row is not None
    assert row.numpy == ("1.22", "2.1")
    newest = frameworks.newest_for_numpy("numba", "2.5.1")
    assert newest is not None
    assert newest.version == "0.67.0"
    assert frameworks.newest_for_numpy("numba", "9.0") is None


def test_the_builds_for_cuda_tell_their_code() -> None:
    newest, older = frameworks.builds_of("jax")
    assert (newest.requirement, older.requirement) == ("jax[cuda13]", "jax[cuda12]")
    for row in frameworks.table().gpu_build:
        assert all(parse_code(code) for code in row.codes)


def test_every_version_is_one() -> None:
    for row in frameworks.table().release:
        bounds = (row.version, row.cuda, row.cudnn, *row.python, *row.numpy)
        assert all(versions.release(number) for number in bounds if number), row


def test_a_package_without_a_gpu_half_says_so() -> None:
    row = frameworks.package_row("pytensor")
    assert row is not None
    assert "JAX" in row.what
    assert frameworks.package_row("torch") is None
