"""The benchmark's devices: a header and a line each, which scroll."""

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message

from rigcheck.tui.bench_model import BenchModel
from rigcheck.tui.device_lines import Columns, device_lines, header
from rigcheck.tui.kept_lines import KeptLines
from rigcheck.tui.live_rows import LiveText


class DevicePane(KeptLines, VerticalScroll, can_focus=False):
    """Keeps the chosen device in sight."""

    DEFAULT_CSS = """
    DevicePane { height: auto; max-height: 25%; scrollbar-size-vertical: 1; }
    DevicePane > #header { dock: top; height: 1; }
    """

    class Chosen(Message):
        """A device's line was clicked on."""

        def __init__(self, device: str) -> None:
            super().__init__()
            self.device = device

    def __init__(self) -> None:
        super().__init__()
        self._header, self._lines = LiveText(id="header"), LiveText()
        self._owners: list[str] = []

    def compose(self) -> ComposeResult:
        """Textual asks for the widgets."""
        yield self._header
        yield self._lines

    def show(self, model: BenchModel, chosen: str, n_columns: int) -> None:
        """Draws what has changed."""
        columns = Columns.fitting(model, n_columns)
        told = list(device_lines(model, chosen, columns, n_columns))
        self._header.show((header(columns),))
        self._lines.show([line for _, line in told])
        self._owners = [device for device, _ in told]
        self._keep_in_sight(chosen)

    def on_click(self, event: events.Click) -> None:
        """Textual's message."""
        line = event.screen_y - self._lines.region.y
        is_header = self._header.region.contains_point(event.screen_offset)
        if not is_header and 0 <= line < len(self._owners):
            self.post_message(self.Chosen(self._owners[line]))

    def _keep_in_sight(self, chosen: str) -> None:
        height = self.size.height - 1
        if chosen in self._owners and height > 0:
            y = self._owners.index(chosen)
            top = min(max(self.scroll_offset.y, y - height + 1), y)
            if top != self.scroll_offset.y:
                self.scroll_to(y=top, animate=False)
