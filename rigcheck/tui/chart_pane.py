"""The benchmark's plots above one another, on one time axis."""

from textual.app import ComposeResult
from textual.containers import Vertical

from rigcheck.terminal import Glyphs
from rigcheck.tui.bench_model import BenchModel
from rigcheck.tui.charts import metric_chart, metrics_of, throughput_chart
from rigcheck.tui.line_chart import LineChart
from rigcheck.tui.meters import OF_A_GPU, Metric
from rigcheck.tui.plot.raster import GLYPH_SETS

_LINES_A_CHART = 9


class ChartPane(Vertical):
    """Throughput, then as many meters as there are lines to read them, the chosen one first."""

    DEFAULT_CSS = "ChartPane { height: 1fr; }"

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self._charts = [LineChart(GLYPH_SETS[glyphs]) for _ in (None, *OF_A_GPU)]

    def compose(self) -> ComposeResult:
        """Textual asks for the widgets."""
        yield from self._charts

    def show(self, model: BenchModel, chosen: str, metric: Metric) -> None:
        """Draws what has changed."""
        metrics = metrics_of(model, chosen)
        first = metrics.index(metric)
        n_meters = max(self.size.height // _LINES_A_CHART - 1, 1)
        in_turn = (*metrics[first:], *metrics[:first])[:n_meters]
        shown = [
            throughput_chart(model, chosen),
            *(metric_chart(model, chosen, m) for m in in_turn),
        ]
        for i, widget in enumerate(self._charts):
            widget.display = i < len(shown)
            if i < len(shown):
                widget.show(shown[i], with_times=i == len(shown) - 1)
