"""Colours that are readable on light and on dark backgrounds, where the terminal has 256 of them.

The terminal's own sixteen are made for one background: xterm's yellow on white has a contrast of
1.7. Nothing tells us the background for certain, over SSH least of all. A tone of the luminance
0.18 has a contrast of 4.6 with black and with white alike (WCAG 2's formula); these come close.
"""

import functools

from rich.color import Color as RichColor
from rich.color import ColorType
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

MANY_COLOURS = 256

MID_TONES = {
    1: 160, 2: 28, 3: 130, 4: 27, 5: 163, 6: 30,
    9: 167, 10: 64, 11: 100, 12: 63, 13: 133, 14: 31,
}  # fmt: skip
"""By the number of the terminal's own colour, that of the 6×6×6 cube in its place."""


class MidTones(LineFilter):
    """Puts a mid-tone in place of each of the terminal's own colours."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Textual asks, a line at a time."""
        del background
        return [
            Segment(text, _toned(style), control) if style is not None else Segment(text, style)
            for text, style, control in segments
        ]


@functools.lru_cache(1024)
def _toned(style: Style) -> Style:
    return style + Style.from_color(_tone(style.color), _tone(style.bgcolor))


def _tone(colour: RichColor | None) -> RichColor | None:
    if colour is None or colour.type is not ColorType.STANDARD or colour.number is None:
        return colour
    number = MID_TONES.get(colour.number)
    return colour if number is None else RichColor.from_ansi(number)
