"""Pieces of Markdown in which foreign text shows as it is."""

import html
import re
from collections.abc import Iterator

from rigcheck.report.foreign import shown

# What starts a construct of CommonMark or of GitHub's tables; `_` within a word is none, and `-`,
# `+` and `=` are at the beginning of a line only.
_SPECIAL = r"[\\`*\[\]<>|~&!]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|#(?!\w)|^[-+=]"
# A comment splits the text, so that GitHub sees neither a user to notify nor an issue to link.
_REFERENCE = r"[@#](?=\w)|(?<=[hH])-(?=\d)"
# `$` starts mathematics even behind a backslash.
_ENTITY = r"\$|(?<=[A-Za-z]):(?=//)|(?i:(?<=www))\."
_ESCAPED = re.compile(f"(?P<special>{_SPECIAL})|(?P<reference>{_REFERENCE})|(?P<entity>{_ENTITY})")
_LIST_NUMBER = re.compile(r"^([0-9]{1,9})([.)])(?=\s|$)")
_PUBLIC_LINK = re.compile(r"https://[A-Za-z0-9./_#%=-]+")


def escaped(text: str) -> str:
    """Foreign text on one line that shows as it is, and mentions nobody.

    It may stand at the beginning of a line: it starts no heading, list or rule there. Blanks around
    it are left out, for four of them would start a block of code.
    """
    return _LIST_NUMBER.sub(r"\1\\\2", _ESCAPED.sub(_escape, shown(text).strip()))


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    if match.lastgroup == "special":
        return f"\\{character}"
    return f"{character}<!-- -->" if match.lastgroup == "reference" else f"&#{ord(character)};"


def link(address: str) -> str:
    """A link that shows where it leads; plain text where it is no public address."""
    return f"<{address}>" if _PUBLIC_LINK.fullmatch(address) else escaped(address)


def fenced(lines: tuple[str, ...]) -> Iterator[str]:
    """Commands in a fence that is longer than any within them."""
    told = [shown(line) for line in lines]
    longest = max((len(run) for line in told for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    yield f"{fence}sh"
    yield from told
    yield fence


def folded(title: str, lines: list[str]) -> Iterator[str]:
    """Lines of Markdown that open on demand; nothing where there are none."""
    if lines:
        # The empty lines let Markdown begin and end within the block of HTML.
        # Markdown's escapes mean nothing in there.
        summary_line = f"<details><summary>{html.escape(shown(title))}</summary>"
        yield from (summary_line, "", *lines, "", "</details>")
        yield ""
