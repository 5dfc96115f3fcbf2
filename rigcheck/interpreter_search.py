"""Finds this user's Python environments where the usual tools make them.

Bounded in time, depth and number, and nothing is started: which interpreters work is for the check
to tell. Folders are listed, never followed downwards beyond the depth that a tool uses, so that
links in a circle lead nowhere.
"""

import os
import re
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from rigcheck.environments import InterpreterSearch
from rigcheck.interpreters import default_python, python_in

TIME_LIMIT_S = 5.0
MOST_INTERPRETERS = 64
_MOST_ENTRIES = 1_000
"""Of a folder that is listed: a home with more is no place where environments are kept."""
_NAMES_ON_PATH = re.compile(r"python(3(\.\d+)?)?")
_CONDA_ROOTS = (
    *("miniconda3", "anaconda3", "miniforge3", "mambaforge", "micromamba", ".local/share/mamba"),
    *("/opt/conda", "/opt/miniconda3", "/opt/miniforge3", "/opt/anaconda3"),
)


def search_interpreters(
    home: Path, cwd: Path, environment: Mapping[str, str], *, time_limit_s: float = TIME_LIMIT_S
) -> tuple[InterpreterSearch, tuple[str, ...]]:
    """How the search went, and the executables it found, the active environment's first.

    Args:
        home: the user's.
        cwd: where the user is.
        environment: variables that tell where tools keep their environments.
        time_limit_s: past it what was found by then counts, for a dead network disk never answers.
    """
    search = _Search(time.monotonic() + time_limit_s)
    thread = threading.Thread(target=search.run, args=(home, cwd, dict(environment)), daemon=True)
    thread.start()
    thread.join(time_limit_s)
    complete = not thread.is_alive() and not search.is_late()
    found = tuple(search.found.values())
    told = InterpreterSearch(
        unreadable=tuple(sorted(search.unreadable)),
        left_out=max(0, len(found) - MOST_INTERPRETERS),
        complete=complete,
    )
    return told, found[:MOST_INTERPRETERS]


def identity(python: str) -> str:
    """What two names of one environment have in common: its folder, else the executable."""
    prefix = Path(python).parent.parent
    if (prefix / "pyvenv.cfg").exists():
        return os.path.realpath(prefix)  # its executable is only a link to the base's
    return os.path.realpath(python)


class _Search:
    """One walk through the places; `found` can be read while it lasts."""

    def __init__(self, deadline_s: float) -> None:
        self.found: dict[str, str] = {}
        self.unreadable: set[str] = set()
        self._deadline_s = deadline_s

    def is_late(self) -> bool:
        return time.monotonic() > self._deadline_s

    def run(self, home: Path, cwd: Path, environment: Mapping[str, str]) -> None:
        self._add(default_python(environment))
        for pattern in _patterns(home, cwd, environment):
            for prefix in self._matching(pattern):
                inside = python_in(prefix)
                if inside is not None:
                    self._add(inside)
        for prefix in self._listed_by_conda(home / ".conda/environments.txt"):
            inside = python_in(prefix)
            if inside is not None:
                self._add(inside)
        for executable in self._on_path(environment.get("PATH", os.defpath)):
            self._add(executable)

    def _add(self, python: str) -> None:
        self.found.setdefault(identity(python), python)

    def _matching(self, pattern: Path) -> Iterator[Path]:
        """The folders that a path with `*` for whole names leads to."""
        folders = [Path(pattern.anchor)]
        for name in pattern.parts[1:]:
            if name == "*":
                folders = [inside for folder in folders for inside in self._folders_in(folder)]
            else:
                folders = [folder / name for folder in folders]
        yield from folders

    def _folders_in(self, folder: Path) -> list[Path]:
        return [folder / name for name in self._names_in(folder) if not name.startswith(".")]

    def _names_in(self, folder: Path) -> list[str]:
        if self.is_late():
            return []
        names = []
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    names.append(entry.name)
                    if len(names) >= _MOST_ENTRIES:
                        break
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError:
            self.unreadable.add(str(folder))
        return sorted(names)

    def _listed_by_conda(self, path: Path) -> Iterator[Path]:
        try:
            lines = path.read_text(errors="replace").splitlines()
        except FileNotFoundError:
            return
        except OSError:
            self.unreadable.add(str(path))
            return
        yield from (Path(line.strip()) for line in lines[:_MOST_ENTRIES] if line.startswith("/"))

    def _on_path(self, path: str) -> Iterator[str]:
        for folder in map(Path, filter(os.path.isabs, path.split(os.pathsep))):
            if folder.name == "shims":
                continue  # pyenv's scripts, which choose among the versions found already
            for name in self._names_in(folder):
                executable = folder / name
                if _NAMES_ON_PATH.fullmatch(name) and os.access(executable, os.X_OK):
                    yield str(executable)


def _patterns(home: Path, cwd: Path, environment: Mapping[str, str]) -> Iterator[Path]:
    """Where environments lie; `*` stands for every name that does not begin with a dot."""
    data = Path(environment.get("XDG_DATA_HOME") or home / ".local/share")
    cache = Path(environment.get("XDG_CACHE_HOME") or home / ".cache")
    yield from (cwd / name for name in (".venv", "venv", "env"))
    for folder in (environment.get("WORKON_HOME") or ".virtualenvs", "venvs", ".venvs", "envs"):
        yield home / folder / "*"
    for name in (".venv", "venv", "*/.venv"):
        yield home / "*" / name
    yield from _of_conda(home, environment)
    yield Path(environment.get("UV_PYTHON_INSTALL_DIR") or data / "uv/python") / "*"
    yield Path(environment.get("UV_TOOL_DIR") or data / "uv/tools") / "*"
    pyenv = Path(environment.get("PYENV_ROOT") or home / ".pyenv")
    yield from (pyenv / "versions/*", pyenv / "versions/*/envs/*")
    pipx = environment.get("PIPX_HOME")
    yield from (Path(pipx or data / "pipx") / "venvs/*", home / ".local/pipx/venvs/*")
    yield from (cache / "pypoetry/virtualenvs/*", data / "virtualenvs/*")
    yield from (data / "hatch/env/virtual/*/*/*", data / "pdm/venvs/*")


def _of_conda(home: Path, environment: Mapping[str, str]) -> Iterator[Path]:
    roots = [home / root for root in _CONDA_ROOTS]  # an absolute one stays as it is
    if environment.get("CONDA_EXE"):
        roots.append(Path(environment["CONDA_EXE"]).parent.parent)
    if environment.get("MAMBA_ROOT_PREFIX"):
        roots.append(Path(environment["MAMBA_ROOT_PREFIX"]))
    for root in roots:
        yield from (root, root / "envs/*")
    yield home / ".conda/envs/*"
