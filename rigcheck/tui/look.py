"""Colours and marks. Sixteen colours, and never colour alone: each has a mark or a word beside it.

The colours are the terminal's own, on its own background, so that light and dark both work. Red
and green are verdicts only; the lines of a plot use what the colour-blind tell apart.
"""

import functools

from rich.style import Style as RichStyle
from textual.color import Color
from textual.style import Style

from rigcheck.findings import Verdict

PLAIN = Style()
STRONG = Style(bold=True)
FAINT = Style(dim=True)
SOUGHT = Style(reverse=True)
KEY = Style(bold=True, foreground=Color.parse("ansi_cyan"))
COMMAND = Style(bold=True, foreground=Color.parse("ansi_cyan"))

MARKS = {
    Verdict.PASS: "✓",
    Verdict.WARN: "!",
    Verdict.FAIL: "✗",
    Verdict.UNKNOWN: "?",
    Verdict.SKIP: "·",
}
NOT_JUDGED, AT_WORK, CHOSEN = "·", "…", "▸"
VERDICT_STYLES = {
    Verdict.PASS: Style(foreground=Color.parse("ansi_green")),
    Verdict.WARN: Style(bold=True, foreground=Color.parse("ansi_yellow")),
    Verdict.FAIL: Style(bold=True, foreground=Color.parse("ansi_red")),
    Verdict.UNKNOWN: Style(foreground=Color.parse("ansi_cyan")),
    Verdict.SKIP: FAINT,
}

_LINE_COLOURS = ("cyan", "yellow", "magenta", "bright_blue", "bright_yellow", "bright_magenta")
_LINE_PATTERNS = ("##..", "#.", "####..", "###.#.", "##....", "#...")
CHOSEN_PATTERN = "#"

INKS: dict[str, RichStyle] = {
    "": RichStyle(),
    "title": RichStyle(bold=True),
    "axis": RichStyle(dim=True),
    "grid": RichStyle(dim=True),
    "mark": RichStyle(bold=True),
    **{f"line-{i}": RichStyle(color=colour) for i, colour in enumerate(_LINE_COLOURS)},
}
"""Styles of a chart's inks; a line's own is `line_ink`."""


def line_ink(index: int) -> str:
    """The ink of the device at this place, from 0."""
    return f"line-{index % len(_LINE_COLOURS)}"


def line_pattern(index: int) -> str:
    """The dots of the device at this place, where it is not the chosen one."""
    return _LINE_PATTERNS[index % len(_LINE_PATTERNS)]


@functools.cache
def line_style(index: int) -> Style:
    """The same colour as `line_ink`, for text."""
    return Style(foreground=Color.parse(f"ansi_{_LINE_COLOURS[index % len(_LINE_COLOURS)]}"))
