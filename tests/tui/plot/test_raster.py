import pytest

from rigcheck.terminal import Glyphs
from rigcheck.tui.plot.raster import GLYPH_SETS, Canvas


def text(canvas: Canvas) -> list[str]:
    return ["".join(character for character, _ in canvas.row(i)) for i in range(canvas.n_rows)]


@pytest.mark.parametrize(
    ("glyphs", "heights", "rows"),
    [
        (Glyphs.BRAILLE, [0, 1, 2, 3], ["⡠⠊"]),
        (Glyphs.BRAILLE, [7, 7, None, 0], ["⠉ ", " ⢀"]),
        (Glyphs.BLOCKS, [0, 1, 2, 3], ["  ▄▀", "▄▀  "]),
        (Glyphs.ASCII, [0, 1, 2, 3], ["  .'", ".'  "]),
    ],
)
def test_a_line_is_drawn_in_each_kind_of_glyph(
    glyphs: Glyphs, heights: list[int | None], rows: list[str]
) -> None:
    glyph_set = GLYPH_SETS[glyphs]
    canvas = Canvas(len(heights) // glyph_set.dots_across, len(rows), glyph_set)
    canvas.draw(heights, "ink")
    assert text(canvas) == rows


def test_a_steep_line_is_joined_upright() -> None:
    canvas = Canvas(2, 4, GLYPH_SETS[Glyphs.ASCII])
    canvas.draw([0, 7], "ink")
    assert text(canvas) == [" :", " :", " :", ".'"]


def test_a_gap_is_not_bridged() -> None:
    canvas = Canvas(3, 4, GLYPH_SETS[Glyphs.ASCII])
    canvas.draw([0, None, 7], "ink")
    assert text(canvas) == ["  '", "   ", "   ", ".  "]


def test_a_pattern_leaves_columns_out() -> None:
    canvas = Canvas(6, 1, GLYPH_SETS[Glyphs.ASCII])
    canvas.draw([0] * 6, "ink", "##.")
    assert text(canvas) == [".. .. "]


def test_where_lines_cross_the_later_one_has_the_ink() -> None:
    canvas = Canvas(1, 1, GLYPH_SETS[Glyphs.BRAILLE])
    canvas.draw([0, 0], "first")
    canvas.draw([3, 3], "second")
    assert list(canvas.row(0)) == [("⣉", "second")]


def test_a_mark_takes_the_cell_and_one_outside_does_nothing() -> None:
    canvas = Canvas(2, 1, GLYPH_SETS[Glyphs.BRAILLE])
    canvas.draw([0, 0, 0, 0], "ink")
    canvas.mark(3, 0, "1", "ink")
    canvas.mark(4, 0, "2", "ink")
    assert text(canvas) == ["⣀1"]


@pytest.mark.parametrize("glyphs", Glyphs)
def test_every_set_of_dots_has_a_character(glyphs: Glyphs) -> None:
    glyph_set = GLYPH_SETS[glyphs]
    assert len(glyph_set.characters) == 2 ** (glyph_set.dots_across * glyph_set.dots_down)
    assert len(set(glyph_set.characters)) == len(glyph_set.characters)
