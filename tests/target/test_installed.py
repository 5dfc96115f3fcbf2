"""Metadata as pip, Debian and old setuptools leave it, beside what importlib.metadata says."""

import importlib.metadata
import sys
from pathlib import Path

import pytest

from rigcheck.target.installed import installed, installed_version, normalised


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    return tmp_path


def add(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_a_wheels_metadata_is_read_by_its_normalised_name(folder: Path) -> None:
    add(folder, "Flash_Attn-2.8.3.dist-info/METADATA", "Name: Flash_Attn\nVersion: 2.8.3\n")
    assert installed_version("flash-attn") == "2.8.3"


def test_debians_single_file_is_read(folder: Path) -> None:
    add(folder, "numpy-1.24.2.egg-info", "Metadata-Version: 2.1\nName: numpy\nVersion: 1.24.2\n")
    assert installed() == {"numpy": "1.24.2"}


def test_the_first_on_the_path_is_the_one_that_an_import_finds(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(folder, "user/torch-2.9.1.dist-info/METADATA", "Name: torch\nVersion: 2.9.1\n")
    add(folder, "site/torch-2.1.0.dist-info/METADATA", "Name: torch\nVersion: 2.1.0\n")
    monkeypatch.setattr(sys, "path", [str(folder / "user"), str(folder / "site")])
    assert installed_version("torch") == "2.9.1"


def test_what_a_description_says_is_no_field(folder: Path) -> None:
    text = "Name: torch\nVersion: 2.9.1\n\nVersion: 1.0\nName: other\n"
    add(folder, "torch-2.9.1.dist-info/METADATA", text)
    assert installed() == {"torch": "2.9.1"}


@pytest.mark.parametrize("text", ["", "\x00\xff", "Version: 1\n"])
def test_a_damaged_folder_does_not_count(folder: Path, text: str) -> None:
    add(folder, "torch-2.9.1.dist-info/METADATA", text)
    add(folder, "numpy-2.3.0.dist-info/METADATA", "Name: numpy\nVersion: 2.3.0\n")
    (folder / "jax-0.7.dist-info").mkdir()
    assert installed() == {"numpy": "2.3.0"}


def test_torch_is_not_taken_for_torchvision(folder: Path) -> None:
    add(folder, "torchvision-0.24.1.dist-info/METADATA", "Name: torchvision\nVersion: 0.24.1\n")
    assert installed_version("torch") is None
    assert installed(lambda name: name.startswith("torch")) == {"torchvision": "0.24.1"}


def test_a_path_that_is_no_folder_is_passed_over(folder: Path) -> None:
    add(folder, "python311.zip", "")
    sys.path += [str(folder / "python311.zip"), str(folder / "nowhere")]
    assert installed() == {}


def test_this_interpreter_is_read_as_importlib_reads_it() -> None:
    theirs: dict[str, str] = {}
    for distribution in importlib.metadata.distributions():
        theirs.setdefault(normalised(distribution.metadata["Name"]), distribution.version)
    assert installed() == theirs
