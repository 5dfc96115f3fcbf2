"""Which package brought a file."""

from pathlib import Path

import pytest

from rigcheck.facts import Absent, value_of
from rigcheck.probes.file_owners import (
    parse_conda_record,
    parse_distribution,
    parse_dpkg,
    read_owners,
)


def put(path: Path, text: str = "") -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return str(path)


def test_a_wheels_file_is_found_by_its_record(tmp_path: Path) -> None:
    site = tmp_path / "lib/python3.12/site-packages"
    library = put(site / "nvidia/cudnn/lib/libcudnn.so.9")
    stray = put(site / "nvidia/cudnn/lib/libcudnn.so")
    put(site / "torch-2.15.0.dist-info/RECORD", "torch/__init__.py,sha256=x,1\n")
    put(
        site / "nvidia_cudnn_cu13-9.26.0.51.dist-info/RECORD",
        "nvidia/__init__.py,,\nnvidia/cudnn/lib/libcudnn.so.9,sha256=x,125136\n",
    )
    owners = read_owners([library, stray])
    assert value_of(owners[library]) == "nvidia-cudnn-cu13 9.26.0.51"
    assert isinstance(owners[stray], Absent)


def test_a_file_of_conda_is_found_by_its_metadata(tmp_path: Path) -> None:
    library = put(tmp_path / "lib/libcublas.so.12.4.5.8")
    put(
        tmp_path / "conda-meta/libcublas-12.4.5.8-0.json",
        '{"files": ["lib/libcublas.so.12", "lib/libcublas.so.12.4.5.8"]}',
    )
    put(tmp_path / "conda-meta/aaa-1.0-h1_0.json", '{"files": ["lib/libaaa.so"]}')
    assert value_of(read_owners([library])[library]) == "libcublas 12.4.5.8"


def test_a_file_of_nobodys_has_no_owner(tmp_path: Path) -> None:
    library = put(tmp_path / "cuda/lib64/libcudart.so.12")
    assert isinstance(read_owners([library])[library], Absent)


def test_dpkgs_answer_is_read_with_either_spelling_of_lib() -> None:
    wanted = ("/usr/lib/x86_64-linux-gnu/libgomp.so.1.0.0", "/usr/lib/x86_64-linux-gnu/libm.so.6")
    text = (
        "libgomp1:amd64: /usr/lib/x86_64-linux-gnu/libgomp.so.1.0.0\n"
        "libc6:amd64: /lib/x86_64-linux-gnu/libm.so.6\n"
    )
    assert parse_dpkg(text, wanted) == {wanted[0]: "libgomp1", wanted[1]: "libc6"}


@pytest.mark.parametrize(
    ("folder", "told"),
    [
        ("nvidia_cudnn_cu13-9.26.0.51.dist-info", "nvidia-cudnn-cu13 9.26.0.51"),
        ("torch-2.13.0+cpu.dist-info", "torch 2.13.0+cpu"),
        ("odd.dist-info", "odd"),
    ],
)
def test_a_records_folder_names_the_package(folder: str, told: str) -> None:
    assert parse_distribution(folder) == told


def test_condas_build_is_left_out() -> None:
    assert parse_conda_record("llvm-openmp-19.1.7-h024ca30_0") == "llvm-openmp 19.1.7"
    assert parse_conda_record("odd") == "odd"
