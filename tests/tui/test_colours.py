import pytest
from rich.color import Color as RichColor
from rich.color import ColorType
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from rigcheck.tui.colours import MID_TONES, MidTones
from rigcheck.tui.look import INKS, VERDICT_STYLES

WHITE, BLACK = Color.parse("#ffffff"), Color.parse("#000000")
SOLARIZED_LIGHT, SOLARIZED_DARK = Color.parse("#fdf6e3"), Color.parse("#002b36")


def luminance(colour: Color) -> float:
    """Relative luminance, as WCAG 2 defines it."""
    parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.normalized]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: Color, other: Color) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def colour_of_cube(number: int) -> Color:
    """Xterm's 6×6×6 cube."""
    levels = (0, 95, 135, 175, 215, 255)
    red, rest = divmod(number - 16, 36)
    return Color(levels[red], levels[rest // 6], levels[rest % 6])


@pytest.mark.parametrize("number", sorted(MID_TONES.values()))
def test_each_tone_is_readable_on_light_and_on_dark(number: int) -> None:
    tone = colour_of_cube(number)
    assert min(contrast(tone, WHITE), contrast(tone, BLACK)) > 3.6
    assert min(contrast(tone, SOLARIZED_LIGHT), contrast(tone, SOLARIZED_DARK)) > 2.5


def test_the_tones_are_told_apart_from_one_another() -> None:
    assert len(set(MID_TONES.values())) == len(MID_TONES)


def toned(style: Style) -> Style:
    (segment,) = MidTones().apply([Segment("x", style)], WHITE)
    assert segment.style is not None
    return segment.style


def test_every_colour_that_is_drawn_has_its_tone() -> None:
    drawn = [style.rich_style for style in VERDICT_STYLES.values()] + list(INKS.values())
    for style in drawn:
        if style.color is not None and not style.color.is_default:
            got = toned(style).color
            assert got is not None
            assert got.type is ColorType.EIGHT_BIT


def test_what_has_no_colour_or_the_terminal_s_default_stays_as_it_is() -> None:
    for style in (Style(bold=True), Style(color="default", bgcolor="default"), Style(dim=True)):
        assert toned(style) == style
    assert MidTones().apply([Segment("x")], WHITE) == [Segment("x")]


def test_other_attributes_stay() -> None:
    style = toned(Style(color="red", bold=True, reverse=True))
    assert (style.bold, style.reverse) == (True, True)
    assert style.color == RichColor.from_ansi(MID_TONES[1])
