"""Where environments are looked for: folders as the tools lay them out, in a home of the test's."""

import os
import sys
from pathlib import Path

import pytest

from rigcheck import interpreter_search
from rigcheck.environments import InterpreterSearch
from rigcheck.interpreter_search import search_interpreters


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def add_environment(prefix: Path, *, is_venv: bool = True) -> str:
    (prefix / "bin").mkdir(parents=True)
    python = prefix / "bin" / "python3"
    if is_venv:
        (prefix / "pyvenv.cfg").touch()
        python.symlink_to(sys.executable)
    else:
        python.write_text("#!/bin/sh\n")
        python.chmod(0o755)
    return str(python)


def search(
    home: Path, cwd: Path | None = None, **environment: str
) -> tuple[InterpreterSearch, list[str]]:
    told, found = search_interpreters(home, cwd or home, {"PATH": "", **environment})
    assert found[0] == sys.executable, "what a plain check would ask comes first"
    return told, list(found[1:])


@pytest.mark.parametrize(
    "place",
    [
        ".virtualenvs/a",
        "venvs/a",
        "project/.venv",
        "work/project/.venv",
        "project/venv",
        "miniconda3",
        "miniforge3/envs/a",
        ".conda/envs/a",
        ".local/share/mamba/envs/a",
        ".local/share/uv/python/cpython-3.12.1-linux-x86_64-gnu",
        ".local/share/uv/tools/a",
        ".pyenv/versions/3.12.1",
        ".local/share/pipx/venvs/a",
        ".cache/pypoetry/virtualenvs/a-py3.12",
        ".local/share/hatch/env/virtual/a/1Xq/a",
        ".local/share/pdm/venvs/a",
    ],
)
def test_each_tools_place_is_known(home: Path, place: str) -> None:
    python = add_environment(home / place)
    assert search(home) == (InterpreterSearch(), [python])


@pytest.mark.parametrize(
    ("variable", "place"),
    [
        ("WORKON_HOME", "a"),
        ("UV_PYTHON_INSTALL_DIR", "a"),
        ("PYENV_ROOT", "versions/a"),
        ("XDG_DATA_HOME", "uv/tools/a"),
        ("MAMBA_ROOT_PREFIX", "envs/a"),
    ],
)
def test_where_a_variable_moves_it_it_is_found(home: Path, variable: str, place: str) -> None:
    elsewhere = home.parent / "elsewhere"
    python = add_environment(elsewhere / place)
    assert search(home, home, **{variable: str(elsewhere)})[1] == [python]


def test_the_folder_at_hand_and_condas_own_list_are_read(home: Path) -> None:
    here = add_environment(home.parent / "src" / ".venv")
    listed = add_environment(home.parent / "data" / "env", is_venv=False)
    (home / ".conda").mkdir()
    (home / ".conda/environments.txt").write_text(f"{home.parent / 'data' / 'env'}\n\n/gone\n")
    assert search(home, home.parent / "src")[1] == [here, listed]


def test_an_environment_with_two_names_is_one(home: Path) -> None:
    python = add_environment(home / "venvs" / "a")
    (home / "venvs" / "b").symlink_to(home / "venvs" / "a")
    (home / "venvs" / "a" / "bin" / "python3.11").symlink_to(sys.executable)
    path = f"{home}/venvs/a/bin:{home}/venvs/b/bin"
    assert search(home, PATH=path)[1] == [python]


def test_two_environments_of_one_base_are_two(home: Path) -> None:
    # Both executables are links to the same file.
    pythons = [add_environment(home / "venvs" / name) for name in "ab"]
    assert search(home)[1] == pythons


def test_on_path_only_python_3_itself_counts(home: Path) -> None:
    folder = home.parent / "bin"
    folder.mkdir()
    for name in ("python3.12", "python3-config", "python3.12-gdb.py", "pythonw", "ipython3"):
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)
    (folder / "python3.11").write_text("not executable")
    (folder / "shims").mkdir()
    add_environment(folder / "shims", is_venv=False)
    assert search(home, PATH=f"{folder}:relative:{folder / 'shims'}")[1] == [
        str(folder / "python3.12")
    ]


def test_links_in_a_circle_end_the_search_nowhere(home: Path) -> None:
    (home / "a").mkdir()
    (home / "a" / "b").symlink_to(home)
    (home / ".virtualenvs").symlink_to(home / ".virtualenvs")  # to itself
    python = add_environment(home / "project" / ".venv")
    told, found = search(home)
    assert found == [python]
    assert told.unreadable == (str(home / ".virtualenvs"),)


def test_a_folder_without_permission_is_named(home: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read every folder")
    (home / "venvs").mkdir(mode=0o000)
    assert search(home)[0].unreadable == (str(home / "venvs"),)


def test_more_than_can_be_checked_are_counted(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreter_search, "MOST_INTERPRETERS", 3)
    for name in "abcd":
        add_environment(home / "venvs" / name)
    told, found = search(home)
    assert (told.left_out, len(found)) == (2, 2)


def test_without_time_the_search_says_that_it_is_not_complete(home: Path) -> None:
    told, found = search_interpreters(home, home, {"PATH": ""}, time_limit_s=0.0)
    assert not told.complete
    assert set(found) <= {sys.executable}
