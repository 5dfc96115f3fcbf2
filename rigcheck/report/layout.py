"""How text is laid out: symbols or none, wrapped to a width, labels in a column."""

import textwrap
from collections.abc import Iterator

import msgspec

from rigcheck.terminal import plain

INDENT = "    "
_TYPEWRITTEN = {" · ": ", ", "–": "-", "×": "x", "…": "...", "→": "->"}


class Style(msgspec.Struct, frozen=True, kw_only=True):
    """How text may look. The words alone always say everything."""

    symbols: bool = False
    """✓ ✗ ! beside the verdict's word, which is there in any case."""
    colour: bool = False
    width: int = 80


def labelled(label: str, text: str, style: Style) -> Iterator[str]:
    """A text wrapped to the width, with its label in front of the first line."""
    yield from wrapped(text, style, f"{INDENT}{label:<6}")


def wrapped(text: str, style: Style, first: str, rest: str | None = None) -> Iterator[str]:
    """A text wrapped to the width between words, never within one.

    Args:
        text: may be foreign.
        style: has the width.
        first: stands before the first line.
        rest: before all others; None for as many blanks.
    """
    text = safe(text, style)
    blanks = len(text) - len(text.lstrip(" "))
    yield from textwrap.wrap(
        text[blanks:],
        width=style.width,
        initial_indent=first + " " * blanks,
        subsequent_indent=(" " * len(first) if rest is None else rest) + " " * blanks,
        break_long_words=False,
        break_on_hyphens=False,
    )


def safe(text: str, style: Style) -> str:
    """Foreign text made safe, with the typography that the terminal can show."""
    told = plain(text)
    if style.symbols:
        return told
    for typed, typewritten in _TYPEWRITTEN.items():
        told = told.replace(typed, typewritten)
    return told
