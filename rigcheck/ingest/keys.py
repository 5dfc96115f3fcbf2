"""Texts of `Key: value` lines, also where the page that archived them lost the line breaks."""

import re
from collections.abc import Iterable

from rigcheck.facts import Found
from rigcheck.ingest.text import Text, sections

_LONGEST_VALUE = 4_000
"""All flags of a processor take some 2,000 characters."""
_CUT_MARKS = ("...", "…")
_RULER = re.compile(r"\s*={5,}.*", re.DOTALL)


class KeyedText:
    """The values of known keys: each ends with its line, or where the next known key begins."""

    def __init__(self, text: Text, keys: Iterable[str]) -> None:
        self._text = text
        # A page that wraps its lines may do so within a key.
        longest_first = sorted(keys, key=len, reverse=True)
        names = "|".join(r"\s{1,12}".join(map(re.escape, key.split())) for key in longest_first)
        pattern = re.compile(rf"(?<![\w./])(?:{names})(?=[ \t]{{0,40}}:(?:\s|$))")
        self._matches = list(pattern.finditer(text.content))

    def value(self, key: str) -> Found[str] | None:
        """The first value of a key on its line; None where there is none, or it was cut off."""
        return next((found for m, end in self._places(key) if (found := self._line(m, end))), None)

    def block(self, key: str) -> Found[str] | None:
        """What follows the first such key, over line breaks, up to the next known key."""
        for match, end in self._places(key):
            return self._text_between(match, end)
        return None

    def _places(self, key: str) -> Iterable[tuple[re.Match[str], int]]:
        length = len(self._text.content)
        for match, end in sections(self._matches, length):
            if " ".join(match.group().split()) == key:
                yield match, min(end, match.end() + _LONGEST_VALUE)

    def _line(self, match: re.Match[str], end: int) -> Found[str] | None:
        line_end = self._text.content.find("\n", match.end(), end)
        return self._text_between(match, line_end if line_end >= 0 else end)

    def _text_between(self, match: re.Match[str], end: int) -> Found[str] | None:
        start = self._text.content.index(":", match.end()) + 1
        value = _RULER.sub("", self._text.content[start:end]).rstrip()
        if not value or value.endswith(_CUT_MARKS):
            return None
        return Found(value.strip(), self._text.source(match.start(), start + len(value)))
