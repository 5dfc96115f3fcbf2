"""What all plots have around their dots: title, value axis, time axis. Texts with inks.

An ink is a name (`axis`, `title`, or a line's own); whoever shows the plot gives it a colour.
"""

import functools
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from rigcheck.terminal import plain
from rigcheck.tui.plot.scale import Axis

GUTTER = 8
"""Columns for the value axis: labels, a space and the axis, alike in every plot, so that plots
above one another share their time axis."""
LEAST_PLOT_COLUMNS = 8
BLANK, AXIS, GRID, TITLE, MARK = "", "axis", "grid", "title", "mark"


_APART = 3
"""Columns between two times, at least."""
_N_KEPT = 64
"""Texts that are kept: most are what they were a frame ago."""


class Run(NamedTuple):
    """Text in one ink."""

    text: str
    ink: str


Row = list[Run]


@functools.lru_cache(_N_KEPT)
def gutter(label: str | None) -> Run:
    """The value axis at one line."""
    return Run(f"{(label or '')[: GUTTER - 1]:>{GUTTER - 1}}" + ("┤" if label else "│"), AXIS)


def times_row(times: Axis, n_columns: int) -> Row:
    """The time axis."""
    return [Run(_times_text(times, n_columns), AXIS)]


@functools.lru_cache(_N_KEPT)
def _times_text(times: Axis, n_columns: int) -> str:
    cells = ["─"] * n_columns
    for tick, label in zip(times.ticks, times.labels, strict=True):
        column = times.position(tick, n_columns)
        is_first = tick == times.start
        if not is_first:
            cells[column] = "┴"
        start = column + (not is_first)
        if start + len(label) > n_columns:
            # The last one may stand before its tick, if it keeps its distance to the one before.
            start = column - len(label)
        if set(cells[max(start - _APART, 0) : start]) <= {"─", "┴"}:
            cells[start : start + len(label)] = label
    return " " * (GUTTER - 1) + "└" + "".join(cells)


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
