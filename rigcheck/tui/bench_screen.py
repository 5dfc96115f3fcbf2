"""The benchmark: a line a device, the result in a sentence, plots on one time axis."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from rigcheck.bench.plan import BenchPlan
from rigcheck.bench.tier import Tier
from rigcheck.report.watch_text import share_text
from rigcheck.terminal import Glyphs
from rigcheck.tui.bench_keys import ALWAYS, BINDINGS, shown_keys
from rigcheck.tui.bench_message import Asked, message_lines
from rigcheck.tui.bench_model import BenchModel
from rigcheck.tui.chart_pane import ChartPane
from rigcheck.tui.charts import View, metrics_of
from rigcheck.tui.choices_screen import ChoicesScreen
from rigcheck.tui.device_pane import DevicePane
from rigcheck.tui.key_bar import KeyBar
from rigcheck.tui.layout import styled, two_ends
from rigcheck.tui.live_screen import LiveScreen
from rigcheck.tui.look import FAINT, STRONG
from rigcheck.tui.metrics import OF_A_GPU, Metric
from rigcheck.tui.text import Text
from rigcheck.tui.time_window import TimeWindow


class BenchScreen(LiveScreen):
    """Trains while it is looked at, and while it is not."""

    DEFAULT_CSS = """
    #title { height: 1; }
    #message { max-height: 50%; padding: 0 1; }
    BenchScreen.-short #message { max-height: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = BINDINGS

    DRAW_EVERY = 2

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(KeyBar(ALWAYS))
        self._chosen = ""
        self._metric = OF_A_GPU[0]
        self._tier = Tier.IN_MEMORY
        self._window = TimeWindow()
        self._asked = Asked.RESULT
        self._title, self._message = Text(id="title"), Text(id="message")
        self._devices, self._charts = DevicePane(), ChartPane(glyphs)

    def compose(self) -> ComposeResult:
        """Textual asks for the widgets."""
        yield self._title
        yield self._devices
        yield self._message
        yield self._charts
        yield self.key_bar

    @property
    def chosen(self) -> str:
        """The device that the meters are shown of: until the user chooses, the one at work."""
        model = self.rigcheck.work.bench
        devices = list(model.devices) if model is not None else []
        if model is None or self._chosen in devices:
            return self._chosen
        return model.at_work or (devices or [""])[0]

    @property
    def metric(self) -> Metric:
        """The metric of the uppermost meter plot: of each device the one of the same name."""
        model = self.rigcheck.work.bench
        metrics = metrics_of(model, self.chosen) if model is not None and self.chosen else OF_A_GPU
        if self._metric in metrics:
            return self._metric
        return next((m for m in metrics if m.name == self._metric.name), metrics[0])

    @property
    def remedy_commands(self) -> tuple[str, ...]:
        """Of what keeps the benchmark from running."""
        remedy = self.rigcheck.work.remedy
        return remedy.commands if remedy is not None else ()

    def show_state(self) -> None:
        """Draws what has changed."""
        model = self.rigcheck.work.bench
        self.key_bar.show_keys(shown_keys(self.rigcheck.work, self.copy_keys))
        told = message_lines(
            self.rigcheck.work, self.chosen, self.metric, self._asked, max(self.size.width - 2, 1)
        )
        self._message.show(Content("\n").join(told))
        title = styled(f" {model.title if model else 'LeNet'}", STRONG)
        self._title.show(two_ends(title, self._clock(model, title), self.size.width))
        if model is not None and self.chosen:
            self._devices.show(model, self.chosen, self.size.width)
            self._charts.show(model, self._view(model))

    def _view(self, model: BenchModel) -> View:
        from_s, shown_s = self._window.shown(model.shown_s, model.elapsed_s)
        return View(
            device=self.chosen,
            metric=self.metric,
            tier=self._tier if self._tier in model.plan.tiers else Tier.IN_MEMORY,
            from_s=from_s,
            shown_s=shown_s,
        )

    def _clock(self, model: BenchModel | None, title: Content) -> Content:
        """The time, and what watching costs, where there is room for both."""
        if model is None:
            return Content("")
        clock = f"{self._state(model)}{model.elapsed_s:.0f} s "
        if model.watch.cost is not None:
            share = share_text(model.watch.cost)
            for cost in (f"watching costs {share} of a core · ", f"watch {share} · "):
                if title.cell_length + len(cost + clock) < self.size.width:
                    return styled(cost + clock, FAINT)
        return styled(clock, FAINT)

    def _state(self, model: BenchModel) -> str:
        """What is unusual: a pause, or that only a part of the time is shown."""
        pause = ""
        if self.rigcheck.work.pausing:
            pause = "paused · " if model.is_paused else "pausing… · "
        if not self._window.is_part:
            return pause
        from_s, shown_s = self._window.shown(model.shown_s, model.elapsed_s)
        return f"{pause}{from_s:.0f}–{shown_s:.0f} s of "

    def action_choose_device(self, number: int) -> None:
        """The device with this number, from 1."""
        model = self.rigcheck.work.bench
        devices = list(model.devices) if model is not None else []
        if number <= len(devices):
            self._choose(devices[number - 1])

    def action_next_device(self, step: int) -> None:
        """The device below or above, round and round."""
        model = self.rigcheck.work.bench
        if model is not None and model.devices:
            devices = list(model.devices)
            self._choose(devices[(devices.index(self.chosen) + step) % len(devices)])

    def action_define(self) -> None:
        """Says what the plotted metric means, or no longer."""
        self._ask(Asked.DEFINITION)

    def action_why(self) -> None:
        """Says what holds the chosen device back and what shows it, or no longer."""
        self._ask(Asked.WHY)

    def _ask(self, asked: Asked) -> None:
        self._asked = Asked.RESULT if self._asked is asked else asked
        self.show_state()

    def action_next_form(self) -> None:
        """Throughput of the next form of training."""
        model = self.rigcheck.work.bench
        if model is not None:
            tiers = model.plan.tiers
            at = tiers.index(self._tier) if self._tier in tiers else 0
            self._tier = tiers[(at + 1) % len(tiers)]
            self.show_state()

    def action_zoom(self, step: int) -> None:
        """The plots show a shorter stretch of time, or a longer one."""
        model = self.rigcheck.work.bench
        if model is not None:
            self._window.zoom(step, model.shown_s, model.elapsed_s)
            self.show_state()

    def action_scroll_time(self, step: int) -> None:
        """The plots show later times, or earlier ones."""
        model = self.rigcheck.work.bench
        if model is not None:
            if not self._window.is_part:
                self.tell("the whole run is shown: + shows a part of it")
            self._window.scroll(step, model.shown_s, model.elapsed_s)
            self.show_state()

    def action_show_all(self) -> None:
        """The plots show the whole run."""
        self._window.show_all()
        self.show_state()

    def action_pause(self) -> None:
        """Has the benchmark rest, or go on."""
        self.rigcheck.work.pause_benchmark()
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
            self._chosen = ""
            self._window.show_all()
            self.rigcheck.work.want_benchmark(plan)
        self.show_state()

    def action_next_metric(self, step: int) -> None:
        """The next metric of this device, or the one before."""
        model = self.rigcheck.work.bench
        if model is not None and self.chosen:
            metrics = metrics_of(model, self.chosen)
            self._metric = metrics[(metrics.index(self.metric) + step) % len(metrics)]
            self.show_state()

    def on_device_pane_chosen(self, message: DevicePane.Chosen) -> None:
        """A click on a device's line."""
        self._choose(message.device)

    def _choose(self, device: str) -> None:
        self._chosen = device
        self.show_state()
