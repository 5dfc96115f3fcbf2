"""CUDA toolkits, nvcc and the system's cuDNN."""

from pathlib import Path

import pytest

from rigcheck.facts import Absent, Failed, value_of
from rigcheck.probes.probe import ProbeContext
from rigcheck.probes.toolkit import (
    parse_nvcc,
    parse_version_json,
    parse_version_txt,
    read_cuda_copies,
    read_toolkit,
)
from tests.probes.trees import write_link, write_tree

NVCC = """#!/bin/sh
echo 'nvcc: NVIDIA (R) Cuda compiler driver'
echo 'Cuda compilation tools, release 12.4, V12.4.131'
"""


@pytest.fixture(autouse=True)
def _unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CUDA_HOME", "CUDA_PATH", "LD_LIBRARY_PATH"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """Two toolkits, a link to one of them, and a cuDNN of the system beside one in a toolkit."""
    write_tree(
        tmp_path,
        {
            "usr/local/cuda-12.4/bin/nvcc": NVCC,
            "usr/local/cuda-12.4/version.json": '{"cuda": {"version": "12.4.1"}}',
            "usr/local/cuda-12.4/lib64/libcudnn.so.8.9.7": "",
            "usr/local/cuda-11.8/bin/nvcc": NVCC,
            "usr/local/cudatools/readme": "no toolkit",
            "usr/lib64/libcudnn.so.9.4.0": "",
        },
    )
    (tmp_path / "usr/local/cuda-12.4/bin/nvcc").chmod(0o755)
    write_link(tmp_path, "usr/local/cuda", "cuda-12.4")
    write_link(tmp_path, "usr/lib64/libcudnn.so.9", "libcudnn.so.9.4.0")
    return tmp_path


def context(root: Path) -> ProbeContext:
    return ProbeContext(python="python3", data_dir=Path(), root=root)


def test_each_toolkit_is_found_once_with_its_version(machine: Path) -> None:
    copies = {Path(c.path).name: value_of(c.version) for c in read_cuda_copies(machine)}
    assert copies == {"cuda-12.4": "12.4.1", "cuda-11.8": "11.8"}


def test_nvcc_is_asked_its_version(machine: Path) -> None:
    toolkit = read_toolkit(context(machine))
    assert value_of(toolkit.nvcc_version) == "12.4.131"
    assert value_of(toolkit.nvcc_path) == str(machine / "usr/local/cuda/bin/nvcc")


def test_the_systems_cudnn_and_a_toolkits_are_told_apart(machine: Path) -> None:
    copies = value_of(read_toolkit(context(machine)).cudnn_copies) or ()
    assert {(value_of(c.version), c.origin) for c in copies} == {
        ("8.9.7", "toolkit"),
        ("9.4.0", "system"),
    }


def test_cuda_home_goes_first(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = machine / "usr/local/cuda-11.8"
    (home / "bin/nvcc").chmod(0o755)
    monkeypatch.setenv("CUDA_HOME", str(home))
    assert value_of(read_toolkit(context(machine)).nvcc_path) == str(home / "bin/nvcc")


def test_a_machine_without_a_toolkit_lacks_nothing_that_failed(tmp_path: Path) -> None:
    toolkit = read_toolkit(context(tmp_path))
    assert isinstance(toolkit.nvcc_version, Absent)
    assert value_of(toolkit.cuda_copies) == ()
    assert value_of(toolkit.cudnn_copies) == ()


def test_an_nvcc_that_says_something_else_is_a_failure(machine: Path) -> None:
    (machine / "usr/local/cuda-12.4/bin/nvcc").write_text("#!/bin/sh\necho hello\n")
    assert isinstance(read_toolkit(context(machine)).nvcc_version, Failed)


def test_versions_are_parsed_and_garbage_is_refused() -> None:
    assert parse_nvcc("Cuda compilation tools, release 10.1, V10.1.243") == "10.1.243"
    assert parse_version_txt("CUDA Version 10.2.89") == "10.2.89"
    assert parse_version_json('{"cuda": {"name": "CUDA SDK", "version": "13.2.0"}}') == "13.2.0"
    for garbage in ("", "{}", "[1]", "null", "CUDA"):
        with pytest.raises(ValueError, match=r"."):
            parse_version_json(garbage)
        with pytest.raises(ValueError, match="no"):
            parse_nvcc(garbage)
        with pytest.raises(ValueError, match="no"):
            parse_version_txt(garbage)
