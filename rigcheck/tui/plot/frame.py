"""What all plots have around their dots: title, value axis, time axis. Texts with inks.

An ink is a name (`axis`, `title`, or a line's own); whoever shows the plot gives it a colour.
"""

from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from rigcheck.terminal import plain
from rigcheck.tui.plot.scale import Axis

GUTTER = 8
"""Columns for the value axis: labels, a space and the axis, alike in every plot, so that plots
above one another share their time axis."""
LEAST_PLOT_COLUMNS = 8
BLANK, AXIS, GRID, TITLE, MARK = "", "axis", "grid", "title", "mark"


class Run(NamedTuple):
    """Text in one ink."""

    text: str
    ink: str


Row = list[Run]


def gutter(label: str | None) -> Run:
    """The value axis at one line."""
    return Run(f"{(label or '')[: GUTTER - 1]:>{GUTTER - 1}}" + ("┤" if label else "│"), AXIS)


def times_row(times: Axis, n_columns: int) -> Row:
    """The time axis."""
    cells = ["─"] * n_columns
    for tick, label in zip(times.ticks[1:], times.labels[1:], strict=True):
        column = times.position(tick, n_columns)
        cells[column] = "┴"
        start = column + 1 if column + len(label) < n_columns else column - len(label)
        # The last one may stand before its tick, if there is room between it and the one before.
        if start > 0 and set(cells[start - 1 : start + len(label)]) <= {"─", "┴"}:
            cells[start : start + len(label)] = label
    first = times.labels[0]
    cells[: len(first)] = first
    return [Run(" " * (GUTTER - 1) + "└" + "".join(cells), AXIS)]


def title_row(title: str, legend: list[Run], n_columns: int) -> Row:
    """The title, then as much of the legend as there is room for, at the right."""
    title = f" {plain(title)}"
    room = n_columns - cell_len(title) - 1
    told: Row = []
    for entry in legend:
        room -= cell_len(entry.text) + 2
        if room < 0:
            room += cell_len(entry.text) + 2
            break
        told += [Run("  ", BLANK), entry]
    if not told:
        return [Run(fit(title, n_columns), TITLE)]
    return [Run(title, TITLE), Run(" " * room, BLANK), *told, Run(" ", BLANK)]


def fit(text: str, n_columns: int) -> str:
    """Text in exactly so many cells."""
    return set_cell_size(text, max(n_columns, 0))
