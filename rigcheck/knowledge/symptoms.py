"""Error texts of drivers, libraries and tools, and the bad state that each is a sign of."""

import string
from collections.abc import Iterator
from functools import cache
from typing import Literal

import msgspec

from rigcheck.knowledge.table import Row, load_table

_MOST_OF_ONE = 3
"""A log may repeat one error ten thousand times."""
_MOST_TRIES = 64
_GAP, _WIDEST_GAP = "…", 60
_BEFORE, _AFTER = 200, 400
"""Characters kept of a line around the words: a text that lost its line breaks is one line."""
# `str.lower` may change the length of a text, which would move every offset.
_FLAT = str.maketrans(string.ascii_uppercase + "\n", string.ascii_lowercase + " ")


class SymptomRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An error that is known by its words."""

    name: str
    """`no-kernel-image`."""
    words: tuple[str, ...]
    """Pieces of its text, each enough to know it by; upper and lower case are alike. `…` in one
    stands for a few words."""
    finding: str = ""
    """Id of the bad state it is a sign of; empty where that depends on what else is known."""
    verdict: Literal["fail", "warn"] = "fail"
    headline: str = ""
    """The bad state in words, for where no rule knows enough to say more."""
    advice: str = ""
    """What mends it, likewise."""
    commands: tuple[str, ...] = ()
    verify: str = ""


class SymptomTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`symptoms.toml`."""

    symptom: tuple[SymptomRow, ...]


class Met(msgspec.Struct, frozen=True, kw_only=True):
    """A symptom, where it stands in a text."""

    name: str
    text: str
    """Its line, as far as it is near the words."""
    line: int
    """The first is 1."""


@cache
def table() -> SymptomTable:
    """The whole table."""
    return load_table("symptoms", SymptomTable)


def row_of(name: str) -> SymptomRow | None:
    """The row of `no-kernel-image`."""
    return next((row for row in table().symptom if row.name == name), None)


def symptoms_in(text: str) -> tuple[Met, ...]:
    """The symptoms in a text, in the table's order, each a few times at most.

    A line break within the words counts as a space, as mail and terminals wrap lines.
    """
    flat = text.translate(_FLAT)
    met = (
        Met(
            name=row.name,
            text=_line(text, start, end),
            line=text.count("\n", 0, start) + 1,
        )
        for row in table().symptom
        for start, end in _places(flat, row)
    )
    return tuple(dict.fromkeys(met))


def _places(flat: str, row: SymptomRow) -> Iterator[tuple[int, int]]:
    left = _MOST_OF_ONE
    for words in row.words:
        for start, end in _places_of(
            flat, [p.strip() if _GAP in words else p for p in words.translate(_FLAT).split(_GAP)]
        ):
            left -= 1
            yield start, end
            if not left:
                return


def _places_of(flat: str, pieces: list[str]) -> Iterator[tuple[int, int]]:
    """Where the first piece is followed by the others, each near the one before."""
    start = -1
    for _ in range(_MOST_TRIES):
        start = flat.find(pieces[0], start + 1)
        if start < 0:
            return
        end = start + len(pieces[0])
        for piece in pieces[1:]:
            next_start = flat.find(piece, end, end + _WIDEST_GAP + len(piece))
            if next_start < 0:
                break
            end = next_start + len(piece)
        else:
            yield start, end


def _line(text: str, start: int, end: int) -> str:
    first = max(text.rfind("\n", 0, start) + 1, start - _BEFORE)
    stop = text.find("\n", end)
    last = min(stop if stop >= 0 else len(text), end + _AFTER)
    return " ".join(text[first:last].split())
