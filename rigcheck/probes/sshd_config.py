"""sshd_config: the file, the drop-ins it includes, and the values that hold.

The first value of a keyword wins; `Port` and `ListenAddress` add up. `Match` blocks are left out:
they hold for some users or addresses only (`man sshd_config`).
"""

import fnmatch
import re
import shlex
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import msgspec

from rigcheck.facts import Absent, Fact, Found, Reason
from rigcheck.probes.probe import read_text
from rigcheck.probes.reading import first_found, read_entries

# openSUSE and others keep the distribution's own below /usr, for /etc to replace.
_PLACES = ("etc/ssh", "usr/etc/ssh")
_LINE = re.compile(r"\s*(\w+)(?:\s*=\s*|\s+)(.*)")
_INCLUDE_DEPTH_LIMIT = 16
"""sshd's own limit."""


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One line: `Port 22` is the keyword `port` with the value `22`."""

    keyword: str
    value: str


class Hidden(msgspec.Struct, frozen=True, kw_only=True):
    """In place of the lines of a file that may not be read."""

    path: str


Entry = Setting | Hidden


class SshdConfig(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for every login, in order, as far as it may be read."""

    entries: tuple[Entry, ...]
    source: str

    def all(self, keyword: str) -> tuple[str, ...]:
        """Every value of a keyword that adds up."""
        settings = (entry for entry in self.entries if isinstance(entry, Setting))
        return tuple(s.value for s in settings if s.keyword == keyword.lower())

    def first(self, *keywords: str, default: str) -> Found[str] | Absent:
        """The value in force, in lower case; unknown where a hidden file may have set it before.

        Args:
            keywords: all names of the one setting.
            default: what holds where nothing is written.
        """
        names = {keyword.lower() for keyword in keywords}
        for entry in self.entries:
            if isinstance(entry, Hidden):
                return Absent(Reason.NO_PERMISSION, entry.path, f"{keywords[0]} may be set there")
            if entry.keyword in names:
                return Found(entry.value.lower(), f"{self.source}: {keywords[0]}")
        return Found(default, f"{self.source}: {keywords[0]} is not set")

    @property
    def hidden(self) -> tuple[str, ...]:
        """Files that may not be read."""
        return tuple(entry.path for entry in self.entries if isinstance(entry, Hidden))


def read_sshd_config(root: Path) -> Fact[SshdConfig]:
    """The whole configuration; not there where no SSH server is installed."""
    main = first_found(*(read_text(root / place / "sshd_config") for place in _PLACES))
    if not isinstance(main, Found):
        return main
    entries = tuple(_expanded(root, parse_sshd_config(main.value), 0))
    return Found(SshdConfig(entries=entries, source=main.source), main.source)


def parse_sshd_config(text: str) -> tuple[Setting, ...]:
    """The lines before the first `Match`."""
    settings = []
    for line in text.splitlines():
        match = _LINE.match(line)
        if match is None:  # a comment, or nothing
            continue
        keyword = match[1].lower()
        if keyword == "match":
            break
        settings.append(Setting(keyword=keyword, value=_unquoted(match[2])))
    return tuple(settings)


def _unquoted(value: str) -> str:
    """`"2222" # why` → `2222`."""
    try:
        return " ".join(shlex.split(value, comments=True))
    except ValueError:  # a quotation that does not end; sshd would refuse to start with it
        return value.strip()


def _expanded(root: Path, settings: tuple[Setting, ...], depth: int) -> Iterator[Entry]:
    """The lines, with those of included files in their place."""
    for setting in settings:
        if setting.keyword != "include":
            yield setting
        elif depth < _INCLUDE_DEPTH_LIMIT:
            for pattern in setting.value.split():
                yield from _included(root, PurePosixPath("/", _PLACES[0], pattern), depth)


def _included(root: Path, pattern: PurePosixPath, depth: int) -> Iterator[Entry]:
    directory = read_entries(root / pattern.parent.relative_to("/"))
    if isinstance(directory, Absent) and directory.reason is Reason.NO_PERMISSION:
        yield Hidden(path=directory.source)
    if not isinstance(directory, Found):
        return
    for path in directory.value:
        if fnmatch.fnmatchcase(path.name, pattern.name):
            yield from _included_file(root, path, depth)


def _included_file(root: Path, path: Path, depth: int) -> Iterator[Entry]:
    text = read_text(path)
    if isinstance(text, Found):
        yield from _expanded(root, parse_sshd_config(text.value), depth + 1)
    else:
        yield Hidden(path=str(path))
