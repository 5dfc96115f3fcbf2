"""The benchmark's plots above one another, on one time axis."""

from textual.app import ComposeResult
from textual.containers import Vertical

from rigcheck.terminal import Glyphs
from rigcheck.tui.bench_model import BenchModel
from rigcheck.tui.charts import View, marks_of, metric_chart, metrics_of, throughput_chart
from rigcheck.tui.line_chart import LineChart
from rigcheck.tui.plot.raster import GLYPH_SETS

_LINES_A_CHART = 9
_MOST_CHARTS = 10
_LOW_LINES = 6
"""In lower plots a line of marks is dear."""


class ChartPane(Vertical):
    """Throughput, then as many meters as there are lines to read them, the chosen one first."""

    DEFAULT_CSS = "ChartPane { height: 1fr; }"

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self._charts = [LineChart(GLYPH_SETS[glyphs]) for _ in range(_MOST_CHARTS)]

    def compose(self) -> ComposeResult:
        """Textual asks for the widgets."""
        yield from self._charts

    def show(self, model: BenchModel, view: View) -> None:
        """Draws what has changed."""
        metrics = metrics_of(model, view.device)
        first = metrics.index(view.metric)
        n_meters = min(max(self.size.height // _LINES_A_CHART - 1, 1), _MOST_CHARTS - 1)
        in_turn = (*metrics[first:], *metrics[:first])[:n_meters]
        # The marks belong to all plots: they are told once.
        is_low = self.size.height < (n_meters + 1) * _LOW_LINES
        marks = marks_of(model, view.device, grave_only=is_low)
        shown = [
            throughput_chart(model, view),
            metric_chart(model, view, in_turn[0], marks),
            *(metric_chart(model, view, m) for m in in_turn[1:]),
        ]
        for i, widget in enumerate(self._charts):
            widget.display = i < len(shown)
            if i < len(shown):
                widget.show(shown[i], with_times=i == len(shown) - 1)
