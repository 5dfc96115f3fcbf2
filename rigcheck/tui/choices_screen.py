"""Before a benchmark: on which devices, how long, how much."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen

from rigcheck.bench.plan import BenchPlan
from rigcheck.tui.bench_choices import BenchChoices
from rigcheck.tui.choices_lines import choices_lines
from rigcheck.tui.key_bar import Key, KeyBar
from rigcheck.tui.layout import styled
from rigcheck.tui.look import STRONG
from rigcheck.tui.text import Text

_KEYS = (
    Key("Enter", "start", "screen.start"),
    Key("Space", "change", "screen.change(1)"),
    Key("↑↓", "choose", "screen.move(1)"),
    Key("1-9", "device", "screen.change(1)"),
    Key("Esc", "cancel", "screen.cancel"),
    Key("q", "quit", "app.quit"),
)


class ChoicesScreen(Screen[BenchPlan | None]):
    """Ends with the plan to run, or None where nothing is to be run."""

    DEFAULT_CSS = """
    #choices-title { height: 1; }
    #choices { height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(i), f"choose_device({i})", show=False) for i in range(1, 10)),
        Binding("up,k", "move(-1)", "Line before"),
        Binding("down,j,tab", "move(1)", "Next line"),
        Binding("space,right", "change(1)", "Change"),
        Binding("left", "change(-1)", "Change back"),
        Binding("l", "length(1)", "Longer"),
        Binding("L", "length(-1)", "Shorter"),
        Binding("f", "extent", "Quick or full"),
        Binding("enter,s", "start", "Start"),
        Binding("escape,b", "cancel", "Cancel"),
    ]

    def __init__(self, choices: BenchChoices) -> None:
        super().__init__()
        self._choices = choices
        self._row = 0
        self._title, self._lines = Text(id="choices-title"), Text()
        self._pane = VerticalScroll(self._lines, id="choices", can_focus=False)
        self._key_bar = KeyBar(_KEYS)

    def compose(self) -> ComposeResult:
        """Textual asks for the widgets."""
        yield self._title
        yield self._pane
        yield self._key_bar

    def on_resize(self) -> None:
        """Textual's message; the widgets have their new sizes after it."""
        self.call_after_refresh(self._show)

    def action_move(self, step: int) -> None:
        """To another line, round and round."""
        self._row = (self._row + step) % (len(self._choices.devices) + 2)
        self._show()

    def action_change(self, step: int) -> None:
        """What the line says: a device in or out, another length, another extent."""
        n_devices = len(self._choices.devices)
        if self._row < n_devices:
            self.action_choose_device(self._row + 1)
        elif self._row == n_devices:
            self.action_length(step)
        else:
            self.action_extent()

    def action_choose_device(self, number: int) -> None:
        """The device with this number, from 1, in or out."""
        if number <= len(self._choices.devices):
            self._row = number - 1
            self._take(self._choices.with_device(self._choices.devices[number - 1].device))

    def action_length(self, step: int) -> None:
        """Longer or shorter."""
        self._take(self._choices.with_length(step))

    def action_extent(self) -> None:
        """Quick or full."""
        self._take(self._choices.with_extent())

    def action_start(self) -> None:
        """Runs it."""
        plan = self._choices.plan
        if plan is None:
            self._key_bar.tell("choose one device at least")
        else:
            self.dismiss(plan)

    def action_cancel(self) -> None:
        """Runs nothing."""
        self.dismiss(None)

    def _take(self, choices: BenchChoices) -> None:
        self._choices = choices
        self._show()

    def _show(self) -> None:
        self._title.show(styled(" The next benchmark", STRONG))
        width = self._pane.scrollable_content_region.width
        self._lines.show(Content("\n").join(choices_lines(self._choices, self._row, max(width, 1))))
        height = self._pane.size.height
        top = min(max(self._pane.scroll_offset.y, self._row - height + 1), self._row)
        self._pane.scroll_to(y=top, animate=False)
