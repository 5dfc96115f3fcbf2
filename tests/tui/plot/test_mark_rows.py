import pytest
from rich.cells import cell_len

from rigcheck.tui.plot.mark_rows import Mark, mark_rows
from rigcheck.tui.plot.scale import Axis


def drawn(*marks: Mark, n_cells: int = 40, n_rows: int = 2) -> list[str]:
    """On an axis of as many seconds as cells."""
    rows = mark_rows(marks, Axis(float(n_cells), (), ()), n_cells + 8, n_rows)
    return ["".join(run.text for run in row).rstrip() for row in rows]


def test_a_mark_stands_at_its_time_and_goes_on_as_long_as_it_lasts() -> None:
    assert drawn(Mark(3, 20, "power brake"), Mark(30, 30, "Xid 79")) == [
        "  marks│   ^power brake──────         ^Xid 79"
    ]


def test_at_the_right_edge_the_word_comes_before_its_moment() -> None:
    assert drawn(Mark(38, 39, "power cap")) == ["  marks│                             power cap^─"]


def test_marks_of_one_time_lie_below_one_another_the_first_on_top() -> None:
    assert drawn(Mark(5, 9, "Xid 79"), Mark(5, 30, "power brake")) == [
        "  marks│     ^Xid 79",
        "       │     ^power brake──────────────",
    ]


def test_of_a_stretch_of_time_only_its_own_marks_are_told() -> None:
    times = Axis(20.0, (), (), start=10.0)
    marks = (Mark(1, 2, "Xid 79"), Mark(5, 12, "power cap"), Mark(30, 31, "idle"))
    (row,) = mark_rows(marks, times, 48, 2)
    assert "".join(run.text for run in row).rstrip() == "  marks│^power cap"


def test_what_finds_no_room_is_counted() -> None:
    told = drawn(Mark(5, 9, "Xid 79"), Mark(6, 30, "power brake"), Mark(7, 9, "idle"), n_rows=1)
    assert told == ["+2 more│     ^Xid 79"]


def test_one_word_again_at_once_is_one_mark() -> None:
    assert drawn(Mark(0, 3, "power cap"), Mark(5, 20, "power cap")) == [
        "  marks│^power cap───────────"
    ]


def test_one_word_again_later_is_another_mark() -> None:
    assert drawn(Mark(0, 3, "power cap"), Mark(20, 22, "power cap")) == [
        "  marks│^power cap          ^power cap"
    ]


def test_without_marks_or_room_there_is_no_line() -> None:
    assert drawn() == []
    assert drawn(Mark(1, 2, "idle"), n_rows=0) == []
    assert mark_rows((Mark(1, 2, "idle"),), Axis(10.0, (), ()), 12, 2) == []


@pytest.mark.parametrize("n_cells", [8, 9, 20, 72, 192])
def test_every_line_is_as_wide_as_the_plot(n_cells: int) -> None:
    marks = [Mark(s, s + 3, f"网卡 {s % 4}") for s in range(0, n_cells, 2)]
    rows = mark_rows(marks, Axis(float(n_cells), (), ()), n_cells + 8, 3)
    assert {cell_len("".join(run.text for run in row)) for row in rows} == {n_cells + 8}


def test_foreign_words_are_harmless() -> None:
    assert "\x1b" not in "".join(drawn(Mark(1, 2, "\x1b[2J")))
