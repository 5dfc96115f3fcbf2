"""Names of the files in which runs are kept: `20261123T035355Z-k7f3q9m2.json`."""

import contextlib
import os
import re
from pathlib import Path

RUN_SUFFIX, LINES_SUFFIX = ".json", ".part.jsonl"
ID_CHARACTERS = "23456789bcdfghjkmnpqrstvwxyz"
"""No vowels, so that no id is a word; none that is read for another."""
ID_LENGTH = 8
_RANDOM_BYTES = 16
"""So many more than an id needs that each of its characters is as likely as any other."""
_OURS = re.compile(r"(?P<time>\d{8}T\d{6}Z)-(?P<id>[0-9a-z]+)")


def new_id() -> str:
    """`k7f3q9m2`: by chance."""
    number = int.from_bytes(os.urandom(_RANDOM_BYTES), "big")
    characters = []
    for _ in range(ID_LENGTH):
        number, place = divmod(number, len(ID_CHARACTERS))
        characters.append(ID_CHARACTERS[place])
    return "".join(characters)


def run_id(path: Path) -> str:
    """The short id, or the whole name of a file that somebody else named."""
    stem = stem_of(path)
    ours = _OURS.fullmatch(stem)
    return ours["id"] if ours else stem


def run_time(path: Path) -> str:
    """When the run began, as its name says; empty for a name that is not ours."""
    ours = _OURS.fullmatch(stem_of(path))
    return ours["time"] if ours else ""


def stem_of(path: Path) -> str:
    """The name without what tells a whole run from the lines of an unfinished one."""
    return path.name.removesuffix(LINES_SUFFIX).removesuffix(RUN_SUFFIX)


def write_whole(path: Path, content: bytes) -> None:
    """Puts a file there whole or not at all, readable by its owner alone.

    Raises:
        OSError: if it cannot be written; then what was there before is there still.
    """
    # Two processes may replace the same run at once: each has a file of its own until it is whole.
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        fd = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(fd, "wb") as file:
            file.write(content)
            file.flush()
            # A machine with a weak supply is what this program is run on.
            os.fsync(file.fileno())
        unfinished.rename(path)
    except OSError:
        with contextlib.suppress(OSError):
            unfinished.unlink()
        raise
