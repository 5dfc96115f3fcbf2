import os
import sys
from pathlib import Path

import pytest

from rigcheck.errors import UsageError
from rigcheck.interpreters import default_python, find_python


@pytest.fixture
def environment_folder(tmp_path: Path) -> Path:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python3").symlink_to(sys.executable)
    return tmp_path


def test_an_executable_is_taken_as_it_is() -> None:
    assert find_python(sys.executable) == sys.executable


def test_a_virtual_environments_link_is_not_resolved(environment_folder: Path) -> None:
    # Resolved, it would be the base interpreter, which sees other packages.
    link = environment_folder / "bin" / "python3"
    assert find_python(str(link)) == str(link)


def test_an_environments_folder_means_its_python(environment_folder: Path) -> None:
    assert find_python(str(environment_folder)) == str(environment_folder / "bin" / "python3")


def test_a_name_is_looked_up_on_path(
    environment_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(environment_folder / "bin"))
    assert find_python("python3") == str(environment_folder / "bin" / "python3")


@pytest.mark.parametrize("word", ["/does/not/exist", "no-such-command-anywhere"])
def test_what_is_not_there_is_wrong_usage(word: str) -> None:
    with pytest.raises(UsageError, match=word):
        find_python(word)


def test_a_folder_without_python_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no Python in"):
        find_python(str(tmp_path))


@pytest.mark.parametrize("word", [r"C:\Python311\python.exe", "D:/env", "/mnt/c/py/python.exe"])
def test_a_python_of_windows_is_refused_by_that_name(word: str) -> None:
    with pytest.raises(UsageError, match="of Windows"):
        find_python(word)


def test_a_folder_whose_name_only_looks_like_a_drive_is_a_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such interpreter"):
        find_python(str(tmp_path / "c:python"))


def test_an_environment_whose_python_is_gone_is_there_all_the_same(tmp_path: Path) -> None:
    # That it cannot run is for the check to tell.
    (tmp_path / "bin").mkdir()
    link = tmp_path / "bin" / "python3"
    link.symlink_to(tmp_path / "removed" / "python3.11")
    assert find_python(str(tmp_path)) == str(link)
    assert find_python(str(link)) == str(link)


@pytest.mark.parametrize("variable", ["VIRTUAL_ENV", "CONDA_PREFIX"])
def test_the_active_environment_is_the_default(environment_folder: Path, variable: str) -> None:
    chosen = default_python({variable: str(environment_folder)})
    assert chosen == str(environment_folder / "bin" / "python3")


def test_without_an_active_environment_it_is_rigchecks_own() -> None:
    assert default_python({}) == sys.executable
    assert default_python({"VIRTUAL_ENV": os.devnull}) == sys.executable
