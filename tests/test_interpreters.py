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


@pytest.mark.parametrize("variable", ["VIRTUAL_ENV", "CONDA_PREFIX"])
def test_the_active_environment_is_the_default(environment_folder: Path, variable: str) -> None:
    chosen = default_python({variable: str(environment_folder)})
    assert chosen == str(environment_folder / "bin" / "python3")


def test_without_an_active_environment_it_is_rigchecks_own() -> None:
    assert default_python({}) == sys.executable
    assert default_python({"VIRTUAL_ENV": os.devnull}) == sys.executable
