"""Which interpreter is checked: the one the user named, else that of the active environment."""

import os
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from rigcheck.errors import UsageError

_WINDOWS_PATH = re.compile(r"[A-Za-z]:[\\/]|\\\\")


def chosen_pythons(words: Sequence[str]) -> tuple[str, ...]:
    """The executables that the words mean, each once; the default one where there is no word.

    Raises:
        UsageError: for one that is not there.
    """
    return tuple(dict.fromkeys(map(find_python, words))) or (default_python(),)


def find_python(word: str) -> str:
    """The executable that `word` means: a path, an environment's folder, or a name on PATH.

    Raises:
        UsageError: if there is none.
    """
    _refuse_windows(word)
    path = Path(word).expanduser()
    if path.is_dir():
        inside = python_in(path)
        if inside is None:
            raise UsageError(
                f"no Python in {path}", hint="name an executable or an environment's folder"
            )
        return inside
    if path.is_symlink() and not path.exists():
        return str(path.absolute())  # what it lacks is told by the check
    found = shutil.which(str(path) if os.sep in word else word)
    if found is None:
        raise UsageError(
            f"no such interpreter: {word}",
            hint="name an executable, an environment's folder, or a command on PATH",
        )
    return str(Path(found).absolute())


def default_python(environment: Mapping[str, str] = os.environ) -> str:
    """The active environment's interpreter, else rigcheck's own.

    rigcheck is often installed apart (pipx, uv tool); what its user wants checked is the
    environment that is active in the shell.
    """
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        prefix = environment.get(variable)
        inside = python_in(Path(prefix)) if prefix else None
        if inside is not None:
            return inside
    return sys.executable


def python_in(prefix: Path) -> str | None:
    """The executable of an environment's folder, or None where there is none.

    A link that leads nowhere counts: of an environment whose Python was removed, this is the fault.
    """
    executables = [prefix / "bin" / name for name in ("python3", "python")]
    for executable in executables:
        if os.access(executable, os.X_OK):
            return str(executable.absolute())
    dangling = (executable for executable in executables if executable.is_symlink())
    return next((str(executable.absolute()) for executable in dangling), None)


def _refuse_windows(word: str) -> None:
    """Raises: UsageError: for a path or a program of Windows, which cannot be asked from here."""
    if _WINDOWS_PATH.match(word):
        raise UsageError(
            f"a path of Windows: {word}", hint="name a Python of this system; WSL has its own"
        )
    if word.lower().endswith(".exe"):
        raise UsageError(
            f"a program of Windows: {word}", hint="name a Python of this system; WSL has its own"
        )
