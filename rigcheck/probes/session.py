"""How the user sits in front of the machine: over SSH, in which terminal, with which encoding."""

import locale
import os
import re
from pathlib import Path

from rigcheck.facts import Absent, Fact, Found, Reason, is_known_absent
from rigcheck.probes.probe import read_text
from rigcheck.probes.reading import parsed

_SSH_VARIABLES = ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY")
_SSH_SERVERS = ("sshd", "dropbear")
_ANCESTORS_LIMIT = 64
_FIRST_PROCESS = 1


def read_over_ssh(root: Path) -> Fact[bool]:
    """From the environment; sudo and su take the variables away, but not the parent processes."""
    variable = next((name for name in _SSH_VARIABLES if os.environ.get(name)), None)
    if variable is not None:
        return Found(value=True, source=variable)
    return _read_from_ancestors(root)


def read_terminal() -> Fact[str]:
    """`xterm-256color (truecolor)`: TERM, and COLORTERM where it is set."""
    terminal, colours = os.environ.get("TERM"), os.environ.get("COLORTERM")
    if not terminal:
        return Absent(Reason.NOT_THERE, "TERM")
    if not colours:
        return Found(terminal, "TERM")
    return Found(f"{terminal} ({colours})", "TERM, COLORTERM")


def read_locale_encoding() -> Fact[str]:
    """The locale's own, `UTF-8` or `ANSI_X3.4-1968`, whatever Python makes of it."""
    return Found(locale.nl_langinfo(locale.CODESET), "nl_langinfo(CODESET)")


def parse_status(text: str) -> tuple[str, int]:
    """Name and parent of a process, from its /proc/PID/status.

    Raises:
        ValueError: if either is missing.
    """
    name = re.search(r"^Name:\t(.*)$", text, re.MULTILINE)
    parent = re.search(r"^PPid:\t(\d+)$", text, re.MULTILINE)
    if name is None or parent is None:
        raise ValueError("no Name or PPid in it")
    return name[1], int(parent[1])


def _read_from_ancestors(root: Path) -> Fact[bool]:
    process = "self"
    for _ in range(_ANCESTORS_LIMIT):
        status = parsed(read_text(root / "proc" / process / "status"), parse_status)
        if is_known_absent(status) and process != "self":
            # Another user's process, where the system hides them: the rest cannot be told.
            return Absent(Reason.NO_PERMISSION, status.source)
        if not isinstance(status, Found):
            return status
        name, parent = status.value
        if name.startswith(_SSH_SERVERS):
            return Found(value=True, source=f"{status.source}: {name}")
        if parent <= _FIRST_PROCESS:
            break
        process = str(parent)
    return Found(value=False, source="SSH_CONNECTION, parent processes")
