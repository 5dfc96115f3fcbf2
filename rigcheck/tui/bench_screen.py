"""The benchmark: a line a device, the result in a sentence, plots on one time axis."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from rigcheck.bench.plan import BenchDevice, BenchPlan
from rigcheck.terminal import Glyphs
from rigcheck.tui.add_screen import AddScreen
from rigcheck.tui.bench_keys import ALWAYS, BINDINGS, shown_keys
from rigcheck.tui.bench_look import BenchLook
from rigcheck.tui.bench_message import Asked, message_lines
from rigcheck.tui.bench_model import BenchModel
from rigcheck.tui.bench_title import title_line
from rigcheck.tui.chart_pane import ChartPane
from rigcheck.tui.choices_screen import ChoicesScreen
from rigcheck.tui.device_pane import DevicePane
from rigcheck.tui.joining import joins_soon, nobody_is_missing
from rigcheck.tui.key_bar import KeyBar
from rigcheck.tui.live_rows import LiveText
from rigcheck.tui.live_screen import LiveScreen
from rigcheck.tui.metrics import Metric
from rigcheck.tui.text import Text


class BenchScreen(LiveScreen):
    """Trains while it is looked at, and while it is not."""

    DEFAULT_CSS = """
    #title { height: 1; }
    #message { max-height: 50%; padding: 0 1; }
    BenchScreen.-short #message { max-height: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = BINDINGS

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(KeyBar(ALWAYS))
        self._look = BenchLook()
        self._title, self._message = LiveText(id="title"), Text(id="message")
        self._devices, self._charts = DevicePane(), ChartPane(glyphs)

    def compose(self) -> ComposeResult:
        """Textual asks for the widgets."""
        yield self._title
        yield self._devices
        yield self._message
        yield self._charts
        yield self.key_bar

    @property
    def draws_every(self) -> int:
        """Twice a second; beside training on the CPU once.

        There drawing takes from what is measured, and costs more than elsewhere: between two
        frames the training has thrown all that it needs out of the caches. Keys are answered at
        once all the same.
        """
        return 4 if self._model is not None and self._model.trains_on_cpu else 2

    @property
    def chosen(self) -> str:
        """The device whose meters are shown; empty for none."""
        return self._look.device(self._model)

    @property
    def metric(self) -> Metric:
        """That of the uppermost meter plot."""
        return self._look.metric(self._model)

    @property
    def remedy_commands(self) -> tuple[str, ...]:
        """Of what keeps the benchmark from running."""
        remedy = self.rigcheck.work.remedy
        return remedy.commands if remedy is not None else ()

    @property
    def _model(self) -> BenchModel | None:
        return self.rigcheck.work.bench

    def show_state(self) -> None:
        """Draws what has changed."""
        work, model, width = self.rigcheck.work, self._model, self.size.width
        self.key_bar.show_keys(shown_keys(work, self.copy_keys))
        told = message_lines(work, self.chosen, self.metric, self._look.asked, max(width - 2, 1))
        self._message.show(Content("\n").join(told))
        self._title.show((title_line(work, self._look.window, width),))
        if model is not None and self.chosen:
            self._devices.show(model, self.chosen, width)
            self._charts.show(model, self._look.view(model))

    def action_choose_device(self, number: int) -> None:
        """The device with this number, from 1."""
        if self._model is not None:
            self._look.choose_numbered(self._model, number)
        self.show_state()

    def action_next_device(self, step: int) -> None:
        """The device below or above, round and round."""
        if self._model is not None:
            self._look.next_device(self._model, step)
        self.show_state()

    def on_device_pane_chosen(self, message: DevicePane.Chosen) -> None:
        """A click on a device's line."""
        self._look.choose(message.device)
        self.show_state()

    def action_next_metric(self, step: int) -> None:
        """The next metric of this device, or the one before."""
        if self._model is not None:
            self._look.next_metric(self._model, step)
        self.show_state()

    def action_next_form(self) -> None:
        """Throughput of the next form of training."""
        if self._model is not None:
            self._look.next_form(self._model)
        self.show_state()

    def action_define(self) -> None:
        """Says what the plotted metric means, or no longer."""
        self._look.ask(Asked.DEFINITION)
        self.show_state()

    def action_why(self) -> None:
        """Says what holds the chosen device back and what shows it, or no longer."""
        self._look.ask(Asked.WHY)
        self.show_state()

    def action_zoom(self, step: int) -> None:
        """The plots show a shorter stretch of time, or a longer one."""
        model = self._model
        if model is not None:
            self._look.window.zoom(step, model.shown_s, model.elapsed_s)
        self.show_state()

    def action_scroll_time(self, step: int) -> None:
        """The plots show later times, or earlier ones."""
        model, window = self._model, self._look.window
        if model is not None:
            if not window.is_part:
                self.tell("the whole run is shown: + shows a part of it")
            window.scroll(step, model.shown_s, model.elapsed_s)
        self.show_state()

    def action_show_all(self) -> None:
        """The plots show the whole run."""
        self._look.window.show_all()
        self.show_state()

    def action_pause(self) -> None:
        """Has the benchmark rest, or go on."""
        self.rigcheck.work.pause_benchmark()
        self.show_state()

    def action_add_device(self) -> None:
        """Has a device join the benchmark at work: the one that is missing, or one of them."""
        work, model = self.rigcheck.work, self._model
        missing = work.missing_devices
        if model is None or not work.benching:
            self.tell("nothing runs: o chooses the devices of the next one")
        elif not missing:
            self.tell(nobody_is_missing(model, work.guests))
        elif len(missing) == 1:
            self._add(missing[0])
        else:
            self.app.push_screen(AddScreen(missing), self._add)

    def _add(self, device: BenchDevice | None) -> None:
        model = self._model
        if device is not None and model is not None:
            why_not = self.rigcheck.work.add_device(device)
            self.tell(why_not or joins_soon(model, device))
        self.show_state()

    def action_choose_benchmark(self) -> None:
        """Which devices, how long, how much: for the next benchmark."""
        work = self.rigcheck.work
        if work.benching:
            self.tell("not while one runs: x stops it")
            return
        if not work.check.finished:
            self.tell("once the check is through")
            return
        choices = work.choices()
        if choices is not None:
            self.app.push_screen(ChoicesScreen(choices), self._start_chosen)
        self.show_state()

    def _start_chosen(self, plan: BenchPlan | None) -> None:
        if plan is not None:
            self._look.begin_anew()
            self.rigcheck.work.want_benchmark(plan)
        self.show_state()
