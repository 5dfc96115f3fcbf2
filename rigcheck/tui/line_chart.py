"""The plot widget."""

from rich.segment import Segment
from textual import events
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from rigcheck.tui.look import INKS
from rigcheck.tui.plot.chart import Chart, lay_out
from rigcheck.tui.plot.frame import Row
from rigcheck.tui.plot.raster import GlyphSet
from rigcheck.tui.plot.shades import ShadeChart, lay_out_shades


class LineChart(Widget):
    """Shows a plot. Only the lines that differ from what is on the screen are drawn again."""

    DEFAULT_CSS = "LineChart { height: 1fr; }"

    def __init__(self, glyphs: GlyphSet, *, with_times: bool = False) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._with_times = with_times
        self._chart: Chart | ShadeChart | None = None
        self._rows: list[Row] = []

    def show(self, chart: Chart | ShadeChart, *, with_times: bool) -> None:
        """Plots this from now on; `with_times` adds the time axis below."""
        self._chart, self._with_times = chart, with_times
        self._lay_out()

    def on_resize(self, _event: events.Resize) -> None:
        """Textual's message."""
        self._lay_out()

    def render_line(self, y: int) -> Strip:
        """Textual asks for one line of the widget."""
        if y >= len(self._rows):
            return Strip.blank(self.size.width, INKS[""])
        return Strip(
            [Segment(run.text, INKS[run.ink]) for run in self._rows[y]], self.size.width
        ).crop(0, self.size.width)

    def _lay_out(self) -> None:
        if self._chart is None:
            return
        width, height = self.size
        rows = _laid_out(self._chart, width, height, self._glyphs, with_times=self._with_times)
        before, self._rows = self._rows, rows
        if len(before) != len(rows):
            self.refresh()
            return
        changed = [y for y, (old, new) in enumerate(zip(before, rows, strict=True)) if old != new]
        if changed:
            self.refresh(*(Region(0, y, width, 1) for y in changed))


def _laid_out(
    chart: Chart | ShadeChart, width: int, height: int, glyphs: GlyphSet, *, with_times: bool
) -> list[Row]:
    if isinstance(chart, ShadeChart):
        return lay_out_shades(chart, width, height, glyphs, with_times=with_times)
    return lay_out(chart, width, height, glyphs, with_times=with_times)
