"""What is private in a report and on this machine, gathered before anything is replaced."""

import contextlib
import getpass
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import msgspec

from rigcheck.facts import GpuProcess
from rigcheck.report.allowed import Decision
from rigcheck.report.report import Report
from rigcheck.report.texts import Text, texts

_HOME = re.compile(r"(?:/home/|/Users/|\\Users\\|/run/user/|/media/)([^/\\\s'\":;,<>]+)")
_KINDS = {
    Decision.HOST: "host",
    Decision.SERIAL: "serial",
    Decision.ADDRESS: "address",
    Decision.PROCESS: "process",
}
_FOUR_NUMBERS = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}")
_LEAST_NAME = 3
"""Letters of a serial number or a process's name below which it is too common a word."""


class OwnNames(msgspec.Struct, frozen=True):
    """Whose machine this is. A report read here may be of another one, which does no harm."""

    users: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()


def read_own_names() -> OwnNames:
    """The user's names and the host's; fewer where the system does not tell them."""
    users = []
    for read in (getpass.getuser, _home_name):
        # A container's user may have neither an entry nor a home.
        with contextlib.suppress(OSError, KeyError, RuntimeError):
            users.append(read())
    return OwnNames(users=tuple(dict.fromkeys(filter(None, users))), hosts=(socket.gethostname(),))


def _home_name() -> str:
    return Path.home().name


def private_words(report: Report, own: OwnNames) -> dict[str, str]:
    """Each private text that is known as such, and its kind."""
    words = dict.fromkeys(own.users, "user")
    for host in own.hosts:
        words |= _host_names(host)
    for found in texts(report):
        words |= dict(_words_of(found))
    return words


def harmless_versions(report: Report) -> frozenset[str]:
    """Versions that look like network addresses."""
    named = (f.text for f in texts(report) if f.decision is Decision.NAME)
    return frozenset(number for text in named for number in _FOUR_NUMBERS.findall(text))


def _words_of(found: Text) -> Iterator[tuple[str, str]]:
    for user in _HOME.findall(found.text):
        if not user.isdecimal():
            yield user, "user"
    if found.decision is Decision.HOST:
        yield from _host_names(found.text).items()
    elif found.decision is Decision.PATH and " " in found.text:
        yield found.text, "path"
    elif found.decision is Decision.DEVICE and not is_bus_id(found.text):
        yield found.text, "MIG" if found.text.startswith("MIG") else "GPU"
    elif found.decision in _KINDS and len(found.text) >= _LEAST_NAME:
        yield found.text, _KINDS[found.decision]
    if isinstance(found.owner, GpuProcess):
        yield f"({found.owner.pid})", "process"


def _host_names(host: str) -> dict[str, str]:
    short, _, domain = host.partition(".")
    names = [host, short]
    if "." in domain:  # `local` and `lan` are everybody's
        names.append(domain)
    return {name: "host" for name in names if name}


def is_bus_id(text: str) -> bool:
    """`0000:01:00.0`: where a card sits, which tells nothing of its owner."""
    return (
        re.fullmatch(r"(?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]", text.lower()) is not None
    )
