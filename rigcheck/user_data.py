"""Where a user's data lies: https://specifications.freedesktop.org/basedir-spec/latest/."""

import os
import sys
from pathlib import Path

_NO_HOME = Path("/nonexistent")
"""As Debian has it for those who own no files: there nothing can be kept, and that is said."""


def user_data_dir() -> Path:
    """The folder for rigcheck's own data, be it there or not."""
    asked_for = Path(os.environ.get("XDG_DATA_HOME", ""))
    # The specification has relative paths ignored.
    if asked_for.is_absolute():
        return asked_for / "rigcheck"
    data = "Library/Application Support" if sys.platform == "darwin" else ".local/share"
    return _home() / data / "rigcheck"


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:  # as in a container that runs under a number no user of it has
        return _NO_HOME
