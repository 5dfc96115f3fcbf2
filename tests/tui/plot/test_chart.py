import dataclasses
import re

import pytest
from rich.cells import cell_len

from rigcheck.terminal import Glyphs
from rigcheck.tui.plot.chart import Chart, Line, lay_out
from rigcheck.tui.plot.frame import Row
from rigcheck.tui.plot.mark_rows import Mark
from rigcheck.tui.plot.raster import GLYPH_SETS
from rigcheck.tui.plot.spans import Span, Spans

BRAILLE, ASCII = GLYPH_SETS[Glyphs.BRAILLE], GLYPH_SETS[Glyphs.ASCII]


def line(
    *given: tuple[float, float, float],
    label: str = "CPU",
    ink: str = "line",
    pattern: str = "#",
    mark: str = "",
) -> Line:
    spans = Spans()
    for span in given:
        spans.add(Span(*span))
    return Line(label=label, spans=spans, ink=ink, pattern=pattern, mark=mark)


def chart(*lines: Line, unit: str = "%", note: str = "") -> Chart:
    return Chart(title="busy", unit=unit, lines=lines, shown_s=10.0, note=note)


def text(rows: list[Row]) -> list[str]:
    return ["".join(run.text for run in row) for row in rows]


def test_a_chart_has_title_legend_both_axes_and_the_line() -> None:
    first_half = line((0, 5, 0.0))
    assert text(lay_out(chart(first_half), 30, 7, ASCII, with_times=True)) == [
        " busy                 ''' CPU ",
        "  100 %┤                      ",
        "       │                      ",
        "   50 %┤                      ",
        "       │                      ",
        "    0 %┤...........           ",
        "       └0 s───────┴5 s───10 s┴",
    ]


@pytest.mark.parametrize("n_columns", [0, 1, 5, 16, 20, 40, 80, 200])
@pytest.mark.parametrize("n_rows", [0, 1, 2, 3, 6, 24])
@pytest.mark.parametrize("with_times", [True, False])
def test_at_any_size_it_fills_its_lines_exactly(
    n_columns: int, n_rows: int, with_times: bool
) -> None:
    shown = chart(line((0, 5, 50.0), mark="1"), line((2, 9, 80.0), label="网卡 busy"), note="none")
    rows = lay_out(shown, n_columns, n_rows, BRAILLE, with_times=with_times)
    assert [cell_len(row) for row in text(rows)] == [n_columns] * n_rows


def test_percent_stays_between_0_and_100_when_all_values_are_alike() -> None:
    rows = text(lay_out(chart(line((0, 10, 98.0))), 40, 8, BRAILLE, with_times=True))
    assert rows[1].startswith("  100 %┤⠉")
    assert rows[6].startswith("    0 %┤·")


def test_a_gap_stays_a_gap() -> None:
    rows = text(lay_out(chart(line((0, 2, 0.0), (8, 10, 0.0))), 28, 3, ASCII, with_times=False))
    assert rows[-1] == "    0 %┤....            ...."


def test_turns_that_lie_close_are_one_line_and_a_pause_stays_a_gap() -> None:
    turns = line((0, 1, 0.0), (2, 3, 0.0), (8, 10, 0.0))
    one = dataclasses.replace(turns, joins_s=1.5)
    apart, together = (
        text(lay_out(chart(of), 28, 3, ASCII, with_times=False))[-1] for of in (turns, one)
    )
    assert apart == "    0 %┤..  ..          ...."
    assert together == "    0 %┤......          ...."


def test_a_stretch_of_time_fills_the_width() -> None:
    late = dataclasses.replace(chart(line((0, 5, 0.0), (8, 10, 0.0))), from_s=6.0)
    rows = text(lay_out(late, 28, 4, ASCII, with_times=True))
    assert rows[-2] == "    0 %┤          .........."
    assert rows[-1] == "       └6 s───────┴8 s─────┴"


def test_times_keep_their_distance_at_the_right_edge() -> None:
    for n_columns in range(20, 200):
        for shown_s in (9.9, 15.0, 26.0, 49.7, 100.4):
            shown = dataclasses.replace(chart(line((0, 5, 0.0))), shown_s=shown_s)
            last = text(lay_out(shown, n_columns, 4, ASCII, with_times=True))[-1]
            assert not re.search(r"s[─┴]{0,2}\d", last), last


def test_the_newest_point_bears_the_mark() -> None:
    rows = text(lay_out(chart(line((0, 5, 0.0), mark="7")), 28, 3, ASCII, with_times=False))
    assert rows[-1].rstrip() == "    0 %┤..........7"


def test_without_values_the_note_says_why() -> None:
    rows = text(lay_out(chart(line(), note="no reading yet"), 60, 6, BRAILLE, with_times=True))
    assert any("no reading yet" in row for row in rows)
    drawn = text(
        lay_out(chart(line((0, 1, 5.0)), note="no reading yet"), 60, 6, BRAILLE, with_times=True)
    )
    assert not any("no reading yet" in row for row in drawn)


def test_lines_are_told_apart_by_pattern_and_not_by_ink_alone() -> None:
    solid, dotted = line((0, 10, 50.0)), line((0, 10, 50.0), pattern="#.")
    with_pattern, without = (
        text(lay_out(chart(one), 40, 4, BRAILLE, with_times=False)) for one in (dotted, solid)
    )
    assert with_pattern != without


def test_the_legend_leads_with_the_last_line_and_keeps_what_fits() -> None:
    lines = [line((0, 1, 5.0), label=f"GPU {i}", ink=f"line-{i}") for i in range(9)]
    title = text(lay_out(chart(*lines), 50, 4, BRAILLE, with_times=False))[0]
    assert title.index("GPU 8") < title.index("GPU 7")
    assert "GPU 0" not in title


def test_charts_above_one_another_share_their_time_axis() -> None:
    upper, lower = (
        lay_out(chart(line((3, 4, value)), unit=unit), 60, 4, ASCII, with_times=False)
        for value, unit in ((120_000.0, ""), (97.0, "%"))
    )
    columns = [
        {i for row in text(rows)[1:] for i, c in enumerate(row) if c in ".':" and i > 7}
        for rows in (upper, lower)
    ]
    assert columns[0] == columns[1] != set()


def test_foreign_names_are_harmless_in_title_and_legend() -> None:
    evil = Chart(
        title="\x1b[2J", unit="%", lines=(line((0, 1, 5.0), label="\x1b]0;x\x07"),), shown_s=10.0
    )
    title = text(lay_out(evil, 60, 4, BRAILLE, with_times=False))[0]
    assert title.isprintable()
    assert "\\x1b[2J" in title


def test_a_moment_too_short_to_be_drawn_does_not_stretch_the_axis() -> None:
    spike = line((0, 5, 100.0), (5, 5.001, 9_000.0), (5.001, 10, 100.0))
    rows = text(lay_out(chart(spike, unit="W"), 40, 9, BRAILLE, with_times=False))
    assert any("100 W" in row for row in rows)


def test_marks_stand_below_the_dots_or_where_there_is_no_line_for_them_in_the_title() -> None:
    marked = dataclasses.replace(chart(line((0, 10, 50.0))), marks=(Mark(4, 4, "Xid 79"),))
    high, low = (text(lay_out(marked, 50, n, ASCII, with_times=True)) for n in (9, 4))
    assert high[0].startswith(" busy  ")
    assert high[-2].startswith("  marks│                ^Xid 79")
    assert low[0].startswith(" busy: Xid 79 at 4 s ")
    assert not any("^" in row for row in low)
