"""One chart as lines of inked text: title and legend, value axis, dots, marks, time axis."""

import dataclasses
import functools
from collections.abc import Iterable

from rigcheck.terminal import plain
from rigcheck.tui.plot.frame import (
    AXIS,
    BLANK,
    GRID,
    GUTTER,
    LEAST_PLOT_COLUMNS,
    Row,
    Run,
    fit,
    gutter,
    times_row,
    title_row,
)
from rigcheck.tui.plot.mark_rows import Mark, mark_rows
from rigcheck.tui.plot.raster import Canvas, GlyphSet
from rigcheck.tui.plot.scale import Axis, percent_axis, time_axis, value_axis
from rigcheck.tui.plot.spans import Spans, joined

_SAMPLE_COLUMNS = 3
_LINES_A_MARK_ROW = 3
"""So many lines of a plot bear one line of marks."""
_N_KEPT = 64
"""Parts that are kept: most are what they were a frame ago."""


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
    joins_s: float = 0.0
    """Gaps of this length at most are drawn over; longer ones stay gaps."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Chart:
    """What to plot. The last line lies on top of the others and comes first in the legend."""

    title: str
    unit: str
    """Of the value axis's labels; `%` fixes the axis at 0 to 100."""
    lines: tuple[Line, ...]
    shown_s: float
    """Where the time axis ends."""
    from_s: float = 0.0
    """Where it begins."""
    marks: tuple[Mark, ...] = ()
    """Told below the dots, as far as there is room, the first ones first."""
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
    room = n_rows - 1 - with_times
    times = time_axis(chart.shown_s, n_columns - GUTTER, from_s=chart.from_s)
    marks = mark_rows(chart.marks, times, n_columns, room // _LINES_A_MARK_ROW)
    title = title_row(_title(chart, has_marks=bool(marks)), _legend(chart, glyphs), n_columns)
    n_plot_rows = room - len(marks)
    n_plot_columns = n_columns - GUTTER
    if n_plot_rows < 1 or n_plot_columns < LEAST_PLOT_COLUMNS:
        return [title, *([Run(" " * n_columns, BLANK)] for _ in range(n_rows - 1))][:n_rows]
    rows = [
        title,
        *_plot_rows(chart, times, Canvas(n_plot_columns, n_plot_rows, glyphs)),
    ]
    return [*rows, *marks, times_row(times, n_plot_columns)] if with_times else [*rows, *marks]


def _plot_rows(chart: Chart, times: Axis, canvas: Canvas) -> list[Row]:
    drawn = [(line, _means(line, times, canvas.dots_across)) for line in chart.lines]
    values = (
        percent_axis(canvas.n_rows)
        if chart.unit == "%"
        else value_axis(_highest(means for _, means in drawn), chart.unit, canvas.n_rows)
    )
    for line, means in drawn:
        _draw(line, means, values, canvas)
    labels = _labels_by_row(values, canvas.n_rows, canvas.dots_down)
    rows = [
        [gutter(label), *_runs(canvas.row(i), canvas.glyphs.grid if label else " ")]
        for i, label in enumerate(labels)
    ]
    if chart.note and not any(len(line.spans) for line in chart.lines):
        rows[canvas.n_rows // 2] = _note_row(chart.note, labels[canvas.n_rows // 2], canvas)
    return rows


def _means(line: Line, times: Axis, n_dots: int) -> list[float | None]:
    means = line.spans.column_means(times.end, n_dots, from_s=times.start)
    return joined(means, int(line.joins_s / (times.end - times.start) * n_dots))


def _highest(lines: Iterable[list[float | None]]) -> float:
    """Of what is drawn, which is less than the highest of the spans."""
    return max((mean for means in lines for mean in means if mean is not None), default=0.0)


def _draw(line: Line, means: list[float | None], values: Axis, canvas: Canvas) -> None:
    heights = values.positions(means, canvas.dots_down)
    canvas.draw(heights, line.ink, line.pattern)
    newest = next((x for x in reversed(range(len(heights))) if heights[x] is not None), None)
    if line.mark and newest is not None:
        # Beside the line's end, where there is room.
        x = min(newest + canvas.glyphs.dots_across, canvas.dots_across - 1)
        canvas.mark(x, heights[newest] or 0, line.mark, line.ink)


@functools.lru_cache(_N_KEPT)
def _labels_by_row(values: Axis, n_rows: int, n_dots: int) -> tuple[str | None, ...]:
    """From the top; None where no tick is."""
    labels: list[str | None] = [None] * n_rows
    for tick, label in zip(values.ticks, values.labels, strict=True):
        row = n_rows - 1 - values.position(tick, n_dots) * n_rows // n_dots
        labels[row] = labels[row] or label
    return tuple(labels)


def _runs(pieces: Iterable[tuple[str, str]], blank: str) -> Row:
    """Blank cells show the grid."""
    return [Run(text, ink) if ink else Run(blank * len(text), GRID) for text, ink in pieces]


def _note_row(note: str, label: str | None, canvas: Canvas) -> Row:
    return [gutter(label), Run(fit(note.center(canvas.n_columns), canvas.n_columns), AXIS)]


def _title(chart: Chart, *, has_marks: bool) -> str:
    """With the first mark, where there is no line for it."""
    if has_marks or not chart.marks:
        return chart.title
    mark = chart.marks[0]
    return f"{chart.title}: {mark.text} at {mark.start_s:.0f} s"


def _legend(chart: Chart, glyphs: GlyphSet) -> list[Run]:
    return [
        Run(f"{_sample(line.pattern, glyphs)} {plain(line.label)}", line.ink)
        for line in reversed(chart.lines)
    ]


@functools.lru_cache(_N_KEPT)
def _sample(pattern: str, glyphs: GlyphSet) -> str:
    """A short piece of the line."""
    canvas = Canvas(_SAMPLE_COLUMNS, 1, glyphs)
    canvas.draw([canvas.dots_down // 2] * canvas.dots_across, "line", pattern)
    return "".join(text for text, _ in canvas.row(0))
