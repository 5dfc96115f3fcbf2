import pytest
from rich.cells import cell_len

from rigcheck.terminal import Glyphs
from rigcheck.tui.plot.frame import Row
from rigcheck.tui.plot.raster import GLYPH_SETS
from rigcheck.tui.plot.shades import Lane, ShadeChart, lay_out_shades
from rigcheck.tui.plot.spans import Span, Spans

BRAILLE, ASCII = GLYPH_SETS[Glyphs.BRAILLE], GLYPH_SETS[Glyphs.ASCII]


def lane(core: int, *given: tuple[float, float, float], last: int | None = None) -> Lane:
    spans = Spans()
    for span in given:
        spans.add(Span(*span))
    return Lane(first=core, last=core if last is None else last, spans=spans)


def chart(*lanes: Lane) -> ShadeChart:
    return ShadeChart(title="busy", lanes=lanes, ink="line", shown_s=10.0, note="no reading yet")


def text(rows: list[Row]) -> list[str]:
    return ["".join(run.text for run in row) for row in rows]


def test_each_core_has_a_line_and_a_gap_is_not_rest() -> None:
    busy, resting = lane(0, (0, 5, 100.0), (5, 10, 50.0)), lane(1, (0, 5, 0.0))
    assert text(lay_out_shades(chart(busy, resting), 44, 4, BRAILLE, with_times=True)) == [
        " busy        · 0  ░ 25  ▒ 50  ▓ 75  █ 100 % ",
        " core 0┤██████████████████▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒",
        " core 1┤··················                  ",
        "       └0 s───────────────┴5 s─────────10 s┴",
    ]


def test_few_cores_are_drawn_higher() -> None:
    rows = text(lay_out_shades(chart(lane(0, (0, 10, 100.0))), 30, 4, BRAILLE, with_times=False))
    assert [row[:10] for row in rows[1:]] == [" core 0┤██", "       │██", "       │██"]


def test_many_cores_share_lines_which_show_their_mean() -> None:
    lanes = [lane(i, (0, 10, 100.0 * (i % 2))) for i in range(8)]
    rows = text(lay_out_shades(chart(*lanes), 30, 5, BRAILLE, with_times=False))
    assert [row[:10] for row in rows[1:]] == [
        "    0-1┤▒▒",
        "    2-3┤▒▒",
        "    4-5┤▒▒",
        "    6-7┤▒▒",
    ]


def test_ascii_has_shades_too() -> None:
    rows = text(lay_out_shades(chart(lane(0, (0, 10, 75.0))), 30, 3, ASCII, with_times=False))
    assert rows[1] == " core 0┤" + "*" * 22


def test_without_cores_the_note_says_why() -> None:
    rows = text(lay_out_shades(chart(), 60, 6, BRAILLE, with_times=True))
    assert any("no reading yet" in row for row in rows)


@pytest.mark.parametrize("n_columns", [0, 1, 5, 16, 40, 200])
@pytest.mark.parametrize("n_rows", [0, 1, 2, 3, 24])
@pytest.mark.parametrize("with_times", [True, False])
def test_at_any_size_it_fills_its_lines_exactly(
    n_columns: int, n_rows: int, with_times: bool
) -> None:
    lanes = [lane(i, (0, 5, 50.0)) for i in range(5)]
    rows = lay_out_shades(chart(*lanes), n_columns, n_rows, BRAILLE, with_times=with_times)
    assert [cell_len(row) for row in text(rows)] == [n_columns] * n_rows
