from pathlib import Path

import pytest

from rigcheck.facts import Absent, Found, Reason
from rigcheck.probes.driver_libraries import parse_cache, parse_version, read_libraries
from tests.probes.trees import write_link, write_tree

CACHE = """\
3 libs found in cache `/etc/ld.so.cache'
\tlibcuda.so.1 (libc6,x86-64) => /lib/x86_64-linux-gnu/libcuda.so.1
\tlibcuda.so.1 (libc6) => /lib/i386-linux-gnu/libcuda.so.1
\tlibcudart.so.12 (libc6,x86-64) => /usr/local/cuda/lib64/libcudart.so.12
"""


def library(root: Path, directory: str, version: str) -> None:
    write_tree(root, {f"{directory}/libcuda.so.{version}": ""})
    write_link(root, f"{directory}/libcuda.so.1", f"libcuda.so.{version}")


@pytest.fixture(autouse=True)
def without_library_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LD_LIBRARY_PATH", raising=False)


def test_the_cache_is_read_for_our_own_word_length() -> None:
    paths = parse_cache(CACHE, "libcuda.so.1", "x86_64")
    assert paths == ("/lib/x86_64-linux-gnu/libcuda.so.1",)


def test_a_library_that_is_not_cached_is_not_found_in_another_s_name() -> None:
    assert parse_cache(CACHE, "libcudart.so.1", "x86_64") == ()


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("libcuda.so.580.95.05", "580.95.05"),
        ("libnvidia-ml.so.570.124.06", "570.124.06"),
        ("libcuda.so.1", None),
        ("libcuda.so.1.1", None),
    ],
)
def test_the_version_is_in_the_real_files_name(name: str, version: str | None) -> None:
    assert parse_version(name) == version


def test_ld_library_path_comes_before_the_directories(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a leftover cuda-compat does on a healthy machine."""
    library(tmp_path, "usr/lib64", "535.183.01")
    library(tmp_path, "usr/local/cuda-12.8/compat", "570.124.06")
    monkeypatch.setenv("LD_LIBRARY_PATH", ":/nowhere:/usr/local/cuda-12.8/compat")
    path, version = read_libraries(tmp_path)
    compat = str(tmp_path / "usr/local/cuda-12.8/compat/libcuda.so.1")
    assert path == Found(compat, "LD_LIBRARY_PATH")
    assert isinstance(version, Found)
    assert version.value == "570.124.06"


def test_a_link_that_leads_nowhere_is_passed_over(tmp_path: Path) -> None:
    write_link(tmp_path, "usr/lib64/libcuda.so.1", "libcuda.so.535.183.01")
    library(tmp_path, "usr/lib", "580.95.05")
    path, _ = read_libraries(tmp_path)
    assert isinstance(path, Found)
    assert path.value == str(tmp_path / "usr/lib/libcuda.so.1")


def test_without_libcuda_nvml_tells_the_version(tmp_path: Path) -> None:
    """A container with the capability `utility` only."""
    write_tree(tmp_path, {"usr/lib64/libnvidia-ml.so.580.95.05": ""})
    write_link(tmp_path, "usr/lib64/libnvidia-ml.so.1", "libnvidia-ml.so.580.95.05")
    path, version = read_libraries(tmp_path)
    assert isinstance(path, Absent)
    assert path.reason is Reason.NOT_THERE
    assert isinstance(version, Found)
    assert version.value == "580.95.05"


def test_nothing_installed_is_not_there(tmp_path: Path) -> None:
    path, version = read_libraries(tmp_path)
    assert isinstance(path, Absent)
    assert path.reason is Reason.NOT_THERE
    assert version == path
