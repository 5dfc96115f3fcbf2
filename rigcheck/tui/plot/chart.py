"""One chart as lines of inked text: title and legend, value axis, dots, time axis.

An ink is a name (`axis`, `title`, or a line's own); whoever shows the chart gives it a colour.
"""

import dataclasses
import itertools
import operator
from collections.abc import Iterable
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from rigcheck.terminal import plain
from rigcheck.tui.plot.raster import Canvas, GlyphSet
from rigcheck.tui.plot.scale import Axis, percent_axis, time_axis, value_axis
from rigcheck.tui.plot.spans import Spans, column_means

_GUTTER = 8
"""Columns for the value axis: labels, a space and the axis, alike in every chart, so that charts
above one another share their time axis."""
_LEAST_PLOT_COLUMNS = 8
_SAMPLE_COLUMNS = 3
_BLANK, _AXIS, _GRID, _TITLE = "", "axis", "grid", "title"


class Run(NamedTuple):
    """Text in one ink."""

    text: str
    ink: str


Row = list[Run]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Line:
    """One series."""

    label: str
    spans: Spans
    ink: str
    pattern: str = "#"
    """Which dots of it are drawn, over and over; see `Canvas.draw`."""
    mark: str = ""
    """One character at its newest point."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Chart:
    """What to plot. The last line lies on top of the others and comes first in the legend."""

    title: str
    unit: str
    """Of the value axis's labels; `%` fixes the axis at 0 to 100."""
    lines: tuple[Line, ...]
    shown_s: float
    """The time axis goes from 0 to this, rounded up."""
    note: str = ""
    """Said in place of the lines when none of them has a value."""


def lay_out(
    chart: Chart, n_columns: int, n_rows: int, glyphs: GlyphSet, *, with_times: bool
) -> list[Row]:
    """`n_rows` lines of `n_columns` character cells each, at any size.

    Args:
        chart: what to plot.
        n_columns: the width in cells.
        n_rows: the height in lines.
        glyphs: what to draw with.
        with_times: the last line is the time axis; without, a chart below has it.
    """
    n_plot_rows = n_rows - 1 - with_times
    n_plot_columns = n_columns - _GUTTER
    if n_plot_rows < 1 or n_plot_columns < _LEAST_PLOT_COLUMNS:
        title = _title_row(chart, n_columns, glyphs)
        return [title, *([Run(" " * n_columns, _BLANK)] for _ in range(n_rows - 1))][:n_rows]
    times = time_axis(chart.shown_s, n_plot_columns)
    rows = [
        _title_row(chart, n_columns, glyphs),
        *_plot_rows(chart, times, Canvas(n_plot_columns, n_plot_rows, glyphs)),
    ]
    return [*rows, _times_row(times, n_plot_columns)] if with_times else rows


def _plot_rows(chart: Chart, times: Axis, canvas: Canvas) -> list[Row]:
    drawn = [
        (line, column_means(line.spans, times.end, canvas.dots_across)) for line in chart.lines
    ]
    values = (
        percent_axis(canvas.n_rows)
        if chart.unit == "%"
        else value_axis(_highest(means for _, means in drawn), chart.unit, canvas.n_rows)
    )
    for line, means in drawn:
        _draw(line, means, values, canvas)
    labels = _labels_by_row(values, canvas)
    rows = [
        [_gutter(labels.get(i)), *_runs(canvas.row(i), canvas.glyphs.grid if i in labels else " ")]
        for i in range(canvas.n_rows)
    ]
    if chart.note and not any(len(line.spans) for line in chart.lines):
        rows[canvas.n_rows // 2] = _note_row(chart.note, labels.get(canvas.n_rows // 2), canvas)
    return rows


def _highest(lines: Iterable[list[float | None]]) -> float:
    """Of what is drawn, which is less than the highest of the spans."""
    return max((mean for means in lines for mean in means if mean is not None), default=0.0)


def _draw(line: Line, means: list[float | None], values: Axis, canvas: Canvas) -> None:
    heights = [None if m is None else values.position(m, canvas.dots_down) for m in means]
    canvas.draw(heights, line.ink, line.pattern)
    newest = next((x for x in reversed(range(len(heights))) if heights[x] is not None), None)
    if line.mark and newest is not None:
        # Beside the line's end, where there is room.
        x = min(newest + canvas.glyphs.dots_across, canvas.dots_across - 1)
        canvas.mark(x, heights[newest] or 0, line.mark, line.ink)


def _labels_by_row(values: Axis, canvas: Canvas) -> dict[int, str]:
    labels: dict[int, str] = {}
    for tick, label in zip(values.ticks, values.labels, strict=True):
        dot = values.position(tick, canvas.dots_down)
        labels.setdefault(canvas.n_rows - 1 - dot // canvas.glyphs.dots_down, label)
    return labels


def _gutter(label: str | None) -> Run:
    return Run(f"{(label or '')[: _GUTTER - 1]:>{_GUTTER - 1}}" + ("┤" if label else "│"), _AXIS)


def _runs(cells: list[tuple[str, str]], blank: str) -> Row:
    """Neighbouring cells of one ink become one run; blank ones show the grid."""
    return [
        Run("".join(character if ink else blank for character, _ in group), ink or _GRID)
        for ink, group in itertools.groupby(cells, key=operator.itemgetter(1))
    ]


def _note_row(note: str, label: str | None, canvas: Canvas) -> Row:
    return [_gutter(label), Run(_fit(note.center(canvas.n_columns), canvas.n_columns), _AXIS)]


def _times_row(times: Axis, n_columns: int) -> Row:
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
    return [Run(" " * (_GUTTER - 1) + "└" + "".join(cells), _AXIS)]


def _title_row(chart: Chart, n_columns: int, glyphs: GlyphSet) -> Row:
    """The title, then as much of the legend as there is room for, at the right."""
    title = f" {plain(chart.title)}"
    room = n_columns - cell_len(title) - 1
    legend: Row = []
    for line in reversed(chart.lines):
        entry = [Run("  ", _BLANK), Run(f"{_sample(line, glyphs)} {plain(line.label)}", line.ink)]
        room -= sum(cell_len(run.text) for run in entry)
        if room < 0:
            room += sum(cell_len(run.text) for run in entry)
            break
        legend += entry
    if not legend:
        return [Run(_fit(title, n_columns), _TITLE)]
    return [Run(title, _TITLE), Run(" " * room, _BLANK), *legend, Run(" ", _BLANK)]


def _sample(line: Line, glyphs: GlyphSet) -> str:
    """A short piece of the line."""
    canvas = Canvas(_SAMPLE_COLUMNS, 1, glyphs)
    canvas.draw([canvas.dots_down // 2] * canvas.dots_across, line.ink, line.pattern)
    return "".join(character for character, _ in canvas.row(0))


def _fit(text: str, n_columns: int) -> str:
    return set_cell_size(text, max(n_columns, 0))
