"""Many shares over one time: a line of shades each, for the cores of a CPU."""

import dataclasses
from collections.abc import Sequence
from statistics import fmean

from rigcheck.tui.plot.frame import (
    AXIS,
    BLANK,
    GUTTER,
    LEAST_PLOT_COLUMNS,
    Row,
    Run,
    fit,
    gutter,
    times_row,
    title_row,
)
from rigcheck.tui.plot.raster import GlyphSet
from rigcheck.tui.plot.scale import Axis, time_axis
from rigcheck.tui.plot.spans import Spans


@dataclasses.dataclass(frozen=True, kw_only=True)
class Lane:
    """One share over time, or the mean of several."""

    first: int
    """The number of the first core in it."""
    last: int
    spans: Spans


@dataclasses.dataclass(frozen=True, kw_only=True)
class ShadeChart:
    """What to plot: shares in percent, the first lane on top."""

    title: str
    lanes: tuple[Lane, ...]
    ink: str
    shown_s: float
    from_s: float = 0.0
    note: str = ""
    """Said where there are no lanes."""


def lay_out_shades(
    chart: ShadeChart, n_columns: int, n_rows: int, glyphs: GlyphSet, *, with_times: bool
) -> list[Row]:
    """As `chart.lay_out`: `n_rows` lines of `n_columns` cells each, at any size.

    Where lines are fewer than lanes, neighbouring lanes share one, which shows their mean.
    """
    title = title_row(chart.title, [_legend(chart, glyphs)], n_columns)
    n_lines, n_cells = n_rows - 1 - with_times, n_columns - GUTTER
    if n_lines < 1 or n_cells < LEAST_PLOT_COLUMNS:
        return [title, *([Run(" " * n_columns, BLANK)] for _ in range(n_rows - 1))][:n_rows]
    times = time_axis(chart.shown_s, n_cells, from_s=chart.from_s)
    lines = _lane_rows(chart, times, n_lines, n_cells, glyphs)
    return [title, *lines, times_row(times, n_cells)] if with_times else [title, *lines]


def _lane_rows(
    chart: ShadeChart, times: Axis, n_lines: int, n_cells: int, glyphs: GlyphSet
) -> list[Row]:
    if not chart.lanes:
        rows = [[gutter(None), Run(" " * n_cells, BLANK)] for _ in range(n_lines)]
        rows[n_lines // 2][1] = Run(fit(chart.note.center(n_cells), n_cells), AXIS)
        return rows
    drawn = [
        lane.spans.column_means(times.end, n_cells, from_s=times.start) for lane in chart.lanes
    ]
    n_lanes = len(chart.lanes)
    rows = list[Row]()
    before, shades = (-1, -1), Run("", BLANK)
    for line in range(n_lines):
        first = line * n_lanes // n_lines
        last = max((line + 1) * n_lanes // n_lines - 1, first)
        label = _label(chart.lanes[first], chart.lanes[last]) if first > before[0] else None
        if (first, last) != before:
            means = _means(drawn[first : last + 1])
            shades = Run("".join(_shade(mean, glyphs.shades) for mean in means), chart.ink)
        before = first, last
        rows.append([gutter(label), shades])
    return rows


def _means(lanes: Sequence[list[float | None]]) -> list[float | None]:
    told = ([v for v in column if v is not None] for column in zip(*lanes, strict=True))
    return [fmean(values) if values else None for values in told]


def _shade(percent: float | None, shades: str) -> str:
    if percent is None:
        return " "
    steps = len(shades) - 1
    return shades[min(max(round(percent / 100 * steps), 0), steps)]


def _label(first: Lane, last: Lane) -> str:
    if first.first == last.last:
        return f"core {first.first}"
    return f"{first.first}-{last.last}"


def _legend(chart: ShadeChart, glyphs: GlyphSet) -> Run:
    """`· 0  ░ 25  ▒ 50  ▓ 75  █ 100 %`."""
    steps = len(glyphs.shades) - 1
    told = (f"{shade} {100 * i // steps}" for i, shade in enumerate(glyphs.shades))
    return Run("  ".join(told) + " %", chart.ink)
