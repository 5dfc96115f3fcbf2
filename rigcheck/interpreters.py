"""Which interpreter is checked: the one the user named, else that of the active environment."""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from rigcheck.errors import UsageError


def find_python(word: str) -> str:
    """The executable that `word` means: a path, an environment's folder, or a name on PATH.

    Raises:
        UsageError: if there is none.
    """
    path = Path(word).expanduser()
    if path.is_dir():
        inside = _python_in(path)
        if inside is None:
            raise UsageError(
                f"no Python in {path}", hint="name an executable or an environment's folder"
            )
        return inside
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
        inside = _python_in(Path(prefix)) if prefix else None
        if inside is not None:
            return inside
    return sys.executable


def _python_in(prefix: Path) -> str | None:
    for name in ("python3", "python"):
        executable = prefix / "bin" / name
        if os.access(executable, os.X_OK):
            return str(executable.absolute())
    return None
