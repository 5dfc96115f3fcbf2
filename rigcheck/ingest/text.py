"""A foreign text made harmless and searchable, that knows on which line each piece stands."""

import codecs
import functools
import itertools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, TypeVar

from rigcheck.errors import RigcheckError, UsageError
from rigcheck.facts import Absent, Failed, Found, Reason

T = TypeVar("T")

MAX_BYTES = 1024 * 1024
"""`nvidia-smi -q -x` of 16 GPUs is some 0.5 MB, a kernel's log buffer no more."""

_MOST_PLACES = 64
_BLOCK = 4096
_QUOTED_CHARACTERS = 120
_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
"""PowerShell writes UTF-16 where a Windows user sends output to a file."""
_BINARY_SHARE = 0.02
"""A text holds next to no control characters, once escape sequences are gone."""
# Colours, cursor movements, window titles and links of a captured terminal (ECMA-48).
_ESCAPES = re.compile(
    r"\x1b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]|\][^\x07\x1b]{0,2048}(?:\x07|\x1b\\)?|.)"
)
_CONTROLS = (*map(chr, range(9)), *map(chr, range(11, 32)), "\x7f")
_SPACED = {ord(character): " " for character in _CONTROLS}
_QUOTE_MARKS = re.compile(r"^[ \t]{0,8}(?:>[ \t]?){1,8}", re.MULTILINE)


class Text:
    r"""What somebody pasted. `content` has `\n` line ends and no escape sequences."""

    def __init__(self, content: str) -> None:
        self.content = content

    def has(self, *words: str) -> bool:
        """Whether any of these very words is in it.

        Asked before a pattern is looked for, as a plain search costs a hundredth of that: most
        texts hold nothing of most tools, and a hostile one is to cost no more.
        """
        return any(word in self.content for word in words)

    @functools.cached_property
    def _lines_before(self) -> list[int]:
        """Line breaks before each block of the text."""
        starts = range(0, len(self.content), _BLOCK)
        counts = (self.content.count("\n", start, start + _BLOCK) for start in starts)
        return [0, *itertools.accumulate(counts)]

    def _line_of(self, offset: int) -> int:
        block = min(offset, len(self.content)) // _BLOCK
        return self._lines_before[block] + self.content.count("\n", block * _BLOCK, offset) + 1

    def source(self, start: int, end: int) -> str:
        """`line 14 of the text: 'CUDA used to build PyTorch: 12.1'`."""
        line = self._line_of(start)
        piece = " ".join(self.content[start : min(end, start + 4 * _QUOTED_CHARACTERS)].split())
        if len(piece) > _QUOTED_CHARACTERS:
            piece = piece[: _QUOTED_CHARACTERS - 1] + "…"
        return f"line {line} of the text: '{piece}'"

    def search_near(
        self, words: str, pattern: re.Pattern[str], *, before: int = 0, after: int = 0
    ) -> Iterator[re.Match[str]]:
        """Where the pattern is found around one of the first places of these very words.

        A pattern that begins with anything would be tried at every character of a hostile text.
        """
        start = self.content.find(words)
        for _ in range(_MOST_PLACES):
            if start < 0:
                return
            end = start + len(words)
            match = pattern.search(self.content, max(0, start - before), end + after)
            if match is not None:
                yield match
            start = self.content.find(words, end)

    def found(self, value: T, match: re.Match[str]) -> Found[T]:
        """A value that this match tells."""
        return Found(value, self.source(*match.span()))

    def not_there(self, match: re.Match[str], detail: str = "") -> Absent:
        """The match says that it is not there."""
        return Absent(Reason.NOT_THERE, self.source(*match.span()), detail)

    def failed(self, error: str, match: re.Match[str]) -> Failed:
        """The match says that it went wrong."""
        return Failed(error, self.source(*match.span()))


def read_text_file(path: str) -> Text:
    """The text in a file, or of stdin where `path` is `-`; no more of it is read than is allowed.

    Raises:
        UsageError: if the file cannot be read.
        RigcheckError: if it is too large, or no text.
    """
    if path == "-":
        with open(0, "rb", closefd=False) as stream:
            return parse_text(_read_bounded(stream))
    try:
        with Path(path).open("rb") as stream:
            return parse_text(_read_bounded(stream))
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}") from error


def parse_text(raw: bytes) -> Text:
    """The text in these bytes.

    Raises:
        RigcheckError: if there is too much of it, or it is no text.
    """
    if len(raw) > MAX_BYTES:
        raise _too_large()
    encoding = next((name for bom, name in _BOMS.items() if raw.startswith(bom)), "utf-8")
    text = clean(raw.decode(encoding, errors="replace"))
    n_odd = sum(map(text.count, (*_CONTROLS, "\ufffd")))
    if n_odd > _BINARY_SHARE * len(text) + 8:
        raise RigcheckError(
            "this is no text: too much of it cannot be read as characters",
            hint="give the text that a command printed, as a file or on stdin (-)",
        )
    return Text(text.translate(_SPACED))


def sections(heads: Sequence[re.Match[str]], end: int) -> Iterator[tuple[re.Match[str], int]]:
    """Each head with where the next one begins; the last one's section ends at `end`."""
    starts = (head.start() for head in heads[1:])
    return zip(heads, itertools.chain(starts, (end,)), strict=False)


def clean(text: str) -> str:
    r"""Line ends as `\n`; escape sequences and the quote marks of mail and Markdown gone."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    if "\x1b" in text:
        text = _ESCAPES.sub("", text)
    return _QUOTE_MARKS.sub("", text) if ">" in text else text


def _read_bounded(stream: BinaryIO) -> bytes:
    raw = stream.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise _too_large()
    return raw


def _too_large() -> RigcheckError:
    return RigcheckError(
        f"this text is larger than {MAX_BYTES // 1024**2} MiB, which no report of a machine is",
        hint="give the part that tells of the machine: collect_env, nvidia-smi, the error message",
    )
