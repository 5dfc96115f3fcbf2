"""What the probes of files and tools share: reading, listing, asking, and keeping the source."""

import operator
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from rigcheck.facts import Absent, Fact, Failed, Found, Reason
from rigcheck.probes.probe import read_text

_NAME = operator.attrgetter("name")
"""Paths in one folder are in the order of their names, which take less time to compare."""

S = TypeVar("S")
T = TypeVar("T")

# An ordinary user's PATH on Debian lacks these, and there lie modinfo, ldconfig and nft.
_SYSTEM_PROGRAMS = ("/usr/local/sbin", "/usr/sbin", "/sbin")


def parsed(fact: Fact[S], parse: Callable[[S], T]) -> Fact[T]:
    """What `parse` makes of a value that was found; its ValueError becomes the failure."""
    if not isinstance(fact, Found):
        return fact
    try:
        return Found(parse(fact.value), fact.source)
    except ValueError as error:
        return Failed(str(error), fact.source)


def read_number(path: Path) -> Fact[int]:
    """A file that holds one whole number."""
    return parsed(read_text(path), int)


def first_found(*facts: Fact[T]) -> Fact[T]:
    """The first that was found; else the first, whose reason is the one that counts."""
    return next((fact for fact in facts if isinstance(fact, Found)), facts[0])


def read_entries(directory: Path) -> Fact[tuple[Path, ...]]:
    """What lies in a directory, by name; the directory is the source."""
    try:
        return Found(tuple(sorted(directory.iterdir(), key=_NAME)), str(directory))
    except FileNotFoundError:
        return Absent(Reason.NOT_THERE, str(directory))
    except PermissionError:
        return Absent(Reason.NO_PERMISSION, str(directory))
    except OSError as error:
        return Failed(error.strerror or str(error), str(directory))


def ask_tool(*command: str, timeout_s: float) -> Fact[str]:
    """What a small program of the system prints.

    A program that is not installed is NOT_SUPPORTED, not NOT_THERE: of what it would have told,
    nothing is known.
    """
    source = " ".join(command)
    search = os.pathsep.join((os.environ.get("PATH", os.defpath), *_SYSTEM_PROGRAMS))
    program = shutil.which(command[0], path=search)
    if program is None:
        return Absent(Reason.NOT_SUPPORTED, source, f"{command[0]} is not installed")
    try:
        done = subprocess.run(
            (program, *command[1:]),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            errors="replace",
            timeout=timeout_s,
            env={**os.environ, "LC_ALL": "C"},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Failed(str(error), source)
    if done.returncode != 0:
        return Failed(done.stderr.strip() or f"exit code {done.returncode}", source)
    return Found(done.stdout, source)
