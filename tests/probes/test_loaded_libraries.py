"""How a mapped library was found: real libraries, linked here in each of the ways."""

import shutil
import subprocess
from pathlib import Path

import pytest

from rigcheck.facts import LoadedLibrary, value_of
from rigcheck.probes.loaded_libraries import Mapped, read_loaded_libraries


def build(path: Path, *options: str) -> Path:
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler to make libraries with")
    path.parent.mkdir(parents=True, exist_ok=True)
    source = path.with_suffix(".c")
    source.write_text("int f(void) { return 1; }")
    command = [compiler, "-shared", "-fPIC", str(source), "-o", str(path), *options]
    subprocess.run(command, check=True)
    return path


def told(*paths: Path, ld: str = "") -> dict[str, LoadedLibrary]:
    mapped = Mapped(paths=tuple(map(str, paths)), ld_library_path=ld, source="/proc/self/maps")
    return {lib.path: lib for lib in value_of(read_loaded_libraries(mapped)) or ()}


def way(library: Path, *others: Path, ld: str = "") -> str | None:
    return value_of(told(library, *others, ld=ld)[str(library)].found_by)


@pytest.fixture
def cudnn(tmp_path: Path) -> Path:
    return build(tmp_path / "cudnn/libcudnn.so.9")


def test_each_way_is_told_in_the_loaders_order(tmp_path: Path, cudnn: Path) -> None:
    new, old = "-Wl,--enable-new-dtags", "-Wl,--disable-new-dtags"
    runpath = build(tmp_path / "torch/libtorch.so", f"{new},-rpath,$ORIGIN/../cudnn")
    rpath = build(tmp_path / "jax/libjax.so", f"{old},-rpath,$ORIGIN/../cudnn")
    folder = str(cudnn.parent)
    assert way(cudnn) == "its own path"
    assert way(cudnn, runpath) == "RUNPATH of libtorch.so"
    assert way(cudnn, runpath, ld=f"/nonexistent:{folder}") == "LD_LIBRARY_PATH"
    assert way(cudnn, runpath, rpath, ld=folder) == "RPATH of libjax.so"


def test_the_library_that_needs_it_is_named_before_one_that_only_looks_there(
    tmp_path: Path, cudnn: Path
) -> None:
    where = "-Wl,--enable-new-dtags,-rpath,$ORIGIN/../cudnn"
    looks = build(tmp_path / "a/liba.so", where)
    needs = build(tmp_path / "b/libb.so", where, "-Wl,--no-as-needed", str(cudnn))
    assert way(cudnn, looks) == "RUNPATH of liba.so"
    linked = build(
        tmp_path / "c/libc_.so",
        where,
        "-Wl,--no-as-needed",
        f"-L{cudnn.parent}",
        "-l:libcudnn.so.9",
    )
    assert way(cudnn, looks, needs, linked) == "RUNPATH of libc_.so"


def test_a_link_to_the_folder_is_the_folder(tmp_path: Path, cudnn: Path) -> None:
    (tmp_path / "cuda").symlink_to(cudnn.parent)
    assert way(cudnn, ld=str(tmp_path / "cuda")) == "LD_LIBRARY_PATH"


def test_only_libraries_for_computing_are_told() -> None:
    folder = Path("/nonexistent")
    names = (
        *("libcuda.so.580.95.05", "libcudart-d0da41ae.so.11.0", "libmkl_core.so.2"),
        *("libiomp5.so", "libgomp-a34b3233.so.1", "libscipy_openblas64_-32a4b2a6.so"),
    )
    others = ("libcurl.so.4", "libcudf.so", "libm.so.6", "libtorch_cuda.so")
    found = told(*(folder / name for name in (*names, *others)))
    assert {lib.name for lib in found.values()} == set(names)
