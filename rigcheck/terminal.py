"""What the terminal can do, told before Textual is imported, and text made safe for it.

Textual itself asks for nothing: it starts on a dumb terminal, writes to stderr whatever that is,
and prints escape sequences where a character cannot be encoded.
"""

import enum
import os
import shutil
import sys
import unicodedata
from collections.abc import Mapping
from typing import TextIO

import msgspec

MIN_COLUMNS, MIN_LINES = 40, 10
"""The least size at which the interface starts; once it runs, it bears any size."""

GLYPHS_VARIABLE = "RIGCHECK_GLYPHS"
"""Overrides what is guessed from TERM and the encoding: `braille`, `blocks` or `ascii`."""


class Glyphs(enum.Enum):
    """What a terminal can draw."""

    BRAILLE = "braille"
    """All of Unicode's common symbols: 2 by 4 dots a character cell."""
    BLOCKS = "blocks"
    """What the fonts of text consoles hold (code page 437): half blocks and single lines."""
    ASCII = "ascii"


class Terminal(msgspec.Struct, frozen=True, kw_only=True):
    """A terminal as it was found."""

    stdin_is_tty: bool
    stdout_is_tty: bool
    stderr_is_tty: bool
    kind: str
    """TERM; empty when unset."""
    columns: int
    lines: int
    encoding: str
    """Of what is written, as Python spells it."""
    no_color: bool = False
    """The user set NO_COLOR (https://no-color.org)."""
    glyphs_asked_for: str = ""
    colorterm: str = ""
    """COLORTERM, which ssh usually does not pass on."""

    @property
    def obstacle(self) -> str:
        """Why the terminal interface cannot start here, in words; empty when it can."""
        for name in ("stdin", "stdout", "stderr"):
            if not getattr(self, f"{name}_is_tty"):
                return f"{name} is not a terminal"
        if self.kind in ("", "dumb", "unknown"):
            return f"TERM is {self.kind}" if self.kind else "TERM is not set"
        if self.columns < MIN_COLUMNS or self.lines < MIN_LINES:
            return (
                f"the terminal has {self.columns}×{self.lines} characters, "
                f"the interface needs {MIN_COLUMNS}×{MIN_LINES}"
            )
        return ""

    @property
    def colour(self) -> bool:
        """True where text on stdout may be coloured."""
        return self.stdout_is_tty and not self.no_color and self.kind not in ("", "dumb")

    @property
    def colours(self) -> int:
        """How many colours may be sent: 0, 16 or 256."""
        if self.no_color:
            return 0
        return 256 if "256color" in self.kind or self.colorterm else 16

    @property
    def glyphs(self) -> Glyphs:
        """What can be drawn, by the user's word, else by encoding and kind."""
        if self.glyphs_asked_for in {g.value for g in Glyphs}:
            return Glyphs(self.glyphs_asked_for)
        if not _encodes("⣿", self.encoding):
            return Glyphs.BLOCKS if _encodes("█", self.encoding) else Glyphs.ASCII
        if self.kind == "linux":
            return Glyphs.BLOCKS
        is_old = self.kind.startswith(("vt1", "vt2", "vt5", "ansi"))
        return Glyphs.ASCII if is_old else Glyphs.BRAILLE


def read_terminal(environment: Mapping[str, str] = os.environ) -> Terminal:
    """The terminal that this process was started in."""
    # What Textual asks, too: COLUMNS and LINES, the terminal, else 80×24.
    columns, lines = shutil.get_terminal_size()
    return Terminal(
        stdin_is_tty=_is_tty(sys.__stdin__),
        stdout_is_tty=_is_tty(sys.__stdout__),
        stderr_is_tty=_is_tty(sys.__stderr__),
        kind=environment.get("TERM", ""),
        columns=columns,
        lines=lines,
        encoding=getattr(sys.__stderr__, "encoding", None) or "ascii",
        no_color=bool(environment.get("NO_COLOR")),
        glyphs_asked_for=environment.get(GLYPHS_VARIABLE, ""),
        colorterm=environment.get("COLORTERM", ""),
    )


def plain(text: str, *, multiline: bool = False) -> str:
    r"""Foreign text that does nothing to a terminal but show.

    Control and format characters (escape sequences, bidirectional overrides, zero-width ones) are
    shown as `\x1b`; tabs, and line breaks unless `multiline`, become spaces.
    """
    if text.isprintable():
        return text
    return "".join(_plain_character(c, multiline=multiline) for c in text)


def _plain_character(character: str, *, multiline: bool) -> str:
    if character == "\n" and multiline:
        return character
    if character in "\n\t":
        return " "
    # Control, format, surrogate, line and paragraph separator.
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return character.encode("unicode_escape", "surrogatepass").decode("ascii")
    return character


def _encodes(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _is_tty(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False
