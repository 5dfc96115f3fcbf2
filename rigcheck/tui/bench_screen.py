"""The benchmark: a line a device, the result in a sentence, plots on one time axis."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from rigcheck.findings import Verdict
from rigcheck.report.watch_text import share_text
from rigcheck.terminal import Glyphs
from rigcheck.tui.bench_model import BenchModel
from rigcheck.tui.chart_pane import ChartPane
from rigcheck.tui.charts import metrics_of
from rigcheck.tui.definition_lines import definition_lines
from rigcheck.tui.detail import remedy_lines
from rigcheck.tui.device_pane import DevicePane
from rigcheck.tui.key_bar import Key, KeyBar
from rigcheck.tui.layout import hanging, styled, two_ends
from rigcheck.tui.live_screen import LiveScreen
from rigcheck.tui.look import FAINT, MARKS, STRONG, VERDICT_STYLES
from rigcheck.tui.metrics import OF_A_GPU, Metric
from rigcheck.tui.text import Text

_AT_REST = (Key("s", "start again", "app.benchmark_again"),)
_AT_WORK = (Key("x", "stop", "app.stop_benchmark"),)
_CHOOSE = (
    Key("1-9", "device", "screen.next_device(1)"),
    Key("m", "metric", "screen.next_metric(1)"),
    Key("d", "define", "screen.define"),
)
_ALWAYS = (
    Key("b", "back", "app.back"),
    Key("?", "help", "app.help"),
    Key("q", "quit", "app.quit"),
)


class BenchScreen(LiveScreen):
    """Trains while it is looked at, and while it is not."""

    DEFAULT_CSS = """
    #title { height: 1; }
    #message { max-height: 50%; padding: 0 1; }
    BenchScreen.-short #message { max-height: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(i), f"choose_device({i})", show=False) for i in range(1, 10)),
        Binding("right_square_bracket,down,j", "next_device(1)", "Next device"),
        Binding("left_square_bracket,up,k", "next_device(-1)", "Device before"),
        Binding("m", "next_metric(1)", "Next metric"),
        Binding("M", "next_metric(-1)", "Metric before"),
        Binding("d", "define", "Define the metric"),
        Binding("x", "app.stop_benchmark", "Stop"),
        Binding("s,enter", "app.benchmark_again", "Start again"),
        Binding("b,escape", "app.back", "Back to the check"),
    ]

    DRAW_EVERY = 2

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(KeyBar(_ALWAYS))
        self._chosen = ""
        self._metric = OF_A_GPU[0]
        self._defines = False
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
        self.key_bar.show_keys(self._keys(model))
        self._message.show(Content("\n").join(self._message_lines()))
        title = styled(f" {model.title if model else 'LeNet'}", STRONG)
        self._title.show(two_ends(title, self._clock(model, title), self.size.width))
        if model is not None and self.chosen:
            self._devices.show(model, self.chosen, self.size.width)
            self._charts.show(model, self.chosen, self.metric)

    def _clock(self, model: BenchModel | None, title: Content) -> Content:
        """The time, and what watching costs, where there is room for both."""
        if model is None:
            return Content("")
        clock = f"{model.elapsed_s:.0f} s "
        if model.watch.cost is not None:
            share = share_text(model.watch.cost)
            for cost in (f"watching costs {share} of a core · ", f"watch {share} · "):
                if title.cell_length + len(cost + clock) < self.size.width:
                    return styled(cost + clock, FAINT)
        return styled(clock, FAINT)

    def _keys(self, model: BenchModel | None) -> tuple[Key, ...]:
        if model is None:
            return (*self.copy_keys, *_ALWAYS)
        return (*(_AT_REST if model.ended else _AT_WORK), *_CHOOSE, *self.copy_keys, *_ALWAYS)

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
        self._defines = not self._defines
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

    def _message_lines(self) -> list[Content]:
        """What is waited for, what went wrong and what mends it, or the result."""
        work, width = self.rigcheck.work, max(self.size.width - 2, 1)
        if work.problem is not None:
            mark = styled(MARKS[Verdict.FAIL], VERDICT_STYLES[Verdict.FAIL])
            lines = hanging(mark, styled(work.problem.text, STRONG), width, 2)
            if work.remedy is not None:
                return [*lines, *remedy_lines(work.remedy, width)]
            hint = styled(work.problem.hint)
            return [*lines, *(hanging(styled("  mend", FAINT), hint, width, 8) if hint else ())]
        if work.bench is None:
            waiting = ", ".join(work.check.waiting_for)
            return styled(f"starts once the check is through: {waiting}…", FAINT).wrap(width)
        if self._defines:
            return definition_lines(self.metric, width)
        result = work.bench.result_of(self.chosen)
        return [styled(result, STRONG)] if result else []
