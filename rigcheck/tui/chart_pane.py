"""The benchmark's plots above one another, on one time axis."""

import itertools
from collections.abc import Iterator

from rich.segment import Segment

from rigcheck.terminal import Glyphs
from rigcheck.tui.bench_model import BenchModel
from rigcheck.tui.charts import View, marks_of, metric_chart, metrics_of, throughput_chart
from rigcheck.tui.live_rows import LiveRows
from rigcheck.tui.look import INKS
from rigcheck.tui.plot.chart import Chart, lay_out
from rigcheck.tui.plot.frame import Row
from rigcheck.tui.plot.raster import GLYPH_SETS, GlyphSet
from rigcheck.tui.plot.shades import ShadeChart, lay_out_shades

_LINES_A_CHART = 9
_MOST_CHARTS = 10
_LOW_LINES = 6
"""In lower plots a line of marks is dear."""


class ChartPane(LiveRows):
    """Throughput, then as many meters as there are lines to read them, the chosen one first.

    One widget for all of them, as each costs a frame its own.
    """

    DEFAULT_CSS = "ChartPane { height: 1fr; }"

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self._glyphs = GLYPH_SETS[glyphs]
        self._charts: tuple[Chart | ShadeChart, ...] = ()

    def show(self, model: BenchModel, view: View) -> None:
        """Draws what has changed."""
        self._charts = tuple(_charts(model, view, self.size.height))
        self.fit()

    def fit(self) -> None:
        """The same plots in another size."""
        self.show_rows(
            [tuple(Segment(run.text, INKS[run.ink]) for run in row) for row in self._laid_out()]
        )

    def _laid_out(self) -> Iterator[Row]:
        """All lines of all plots, which share the height; the last one has the time axis."""
        (width, height), n_charts = self.size, len(self._charts)
        tops = [i * height // max(n_charts, 1) for i in range(n_charts + 1)]
        for chart, (top, below) in zip(self._charts, itertools.pairwise(tops), strict=True):
            is_last = below == height
            yield from _rows(chart, width, below - top, self._glyphs, with_times=is_last)


def _rows(
    chart: Chart | ShadeChart, n_columns: int, n_rows: int, glyphs: GlyphSet, *, with_times: bool
) -> list[Row]:
    if isinstance(chart, ShadeChart):
        return lay_out_shades(chart, n_columns, n_rows, glyphs, with_times=with_times)
    return lay_out(chart, n_columns, n_rows, glyphs, with_times=with_times)


def _charts(model: BenchModel, view: View, n_lines: int) -> Iterator[Chart | ShadeChart]:
    metrics = metrics_of(model, view.device)
    first = metrics.index(view.metric)
    n_meters = min(max(n_lines // _LINES_A_CHART - 1, 1), _MOST_CHARTS - 1)
    in_turn = (*metrics[first:], *metrics[:first])[:n_meters]
    # The marks belong to all plots: they are told once.
    is_low = n_lines < (n_meters + 1) * _LOW_LINES
    marks = marks_of(model, view.device, grave_only=is_low)
    yield throughput_chart(model, view)
    yield metric_chart(model, view, in_turn[0], marks)
    yield from (metric_chart(model, view, metric) for metric in in_turn[1:])
