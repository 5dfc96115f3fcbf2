"""The dynamic section of libraries that the compiler makes here."""

import shutil
import subprocess
from pathlib import Path

import pytest

from rigcheck.probes.elf import read_dynamic


def build(folder: Path, *options: str) -> Path:
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler to make a library with")
    (folder / "a.c").write_text("double cos(double); double f(double x) { return cos(x); }")
    library = folder / "liba.so"
    command = [compiler, "-shared", "-fPIC", str(folder / "a.c"), "-o", str(library)]
    subprocess.run([*command, "-Wl,--no-as-needed", "-lm", *options], check=True)
    return library


def test_what_a_library_needs_and_where_it_looks_is_read(tmp_path: Path) -> None:
    options = "-Wl,--enable-new-dtags,-rpath,$ORIGIN/../nvidia/lib:/opt/cuda/lib64"
    dynamic = read_dynamic(build(tmp_path, options))
    assert dynamic is not None
    assert "libm.so.6" in dynamic.needed
    assert dynamic.runpath == (f"{tmp_path.resolve()}/../nvidia/lib", "/opt/cuda/lib64")
    assert dynamic.rpath == ()


def test_the_older_rpath_is_told_apart(tmp_path: Path) -> None:
    dynamic = read_dynamic(build(tmp_path, "-Wl,--disable-new-dtags,-rpath,/opt/cuda/lib64"))
    assert dynamic is not None
    assert (dynamic.rpath, dynamic.runpath) == (("/opt/cuda/lib64",), ())


@pytest.mark.parametrize(
    "content", [b"", b"\x7fELF", b"GROUP ( libc.so.6 )", b"\x7fELF\x02\x01" * 30]
)
def test_what_is_no_library_tells_nothing(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "libodd.so"
    file.write_bytes(content)
    assert read_dynamic(file) is None
    assert read_dynamic(tmp_path / "missing.so") is None
