import pytest
from rich.cells import cell_len
from textual.content import Content

from rigcheck.tui.layout import column, hanging, styled, two_ends


def text(lines: list[Content]) -> list[str]:
    return [line.plain.rstrip() for line in lines]


def test_what_follows_hangs_below_the_first_line() -> None:
    lines = hanging(Content("seen"), Content("one two three four five"), 18, 6)
    assert text(lines) == ["seen  one two", "      three four", "      five"]


def test_a_label_longer_than_its_column_has_a_line_of_its_own() -> None:
    lines = hanging(Content("temperature"), Content("64 °C of 90"), 18, 6)
    assert text(lines) == ["temperature", "      64 °C of 90"]


@pytest.mark.parametrize("n_columns", [1, 3, 8, 15, 16, 40])
def test_no_line_is_wider_than_there_is_room(n_columns: int) -> None:
    lines = hanging(Content("mend"), Content("pip install torch 网卡网卡网卡"), n_columns, 6)
    assert all(line.cell_length <= max(n_columns, 2) for line in lines)


@pytest.mark.parametrize(
    ("given", "n_columns", "right", "shown"),
    [
        ("CPU", 5, False, "CPU  "),
        ("CPU", 5, True, "  CPU"),
        ("GeForce", 5, False, "GeFo…"),
        ("网卡网卡", 5, False, "网卡…"),
        ("网卡", 6, True, "  网卡"),
        ("CPU", 0, False, ""),
        ("\x1b[2J", 9, False, "\\x1b[2J  "),
    ],
)
def test_a_column_has_exactly_its_width(
    given: str, n_columns: int, right: bool, shown: str
) -> None:
    assert column(given, n_columns, right=right) == shown
    assert cell_len(shown) == n_columns


def test_of_two_ends_the_right_one_is_kept() -> None:
    left, right = Content("a long title"), Content("3 s")
    assert two_ends(left, right, 20).plain == "a long title     3 s"
    assert two_ends(left, right, 10).plain == "a lon… 3 s"
    assert cell_len(two_ends(left, right, 2).plain) == 2


def test_foreign_text_is_neither_markup_nor_escape_sequence() -> None:
    content = styled("[bold red]x[/] \x1b[31m")
    assert content.plain == "[bold red]x[/] \\x1b[31m"
