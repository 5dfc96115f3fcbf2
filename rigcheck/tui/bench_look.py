"""What the user has chosen to look at on the benchmark screen; knows no Textual."""

from rigcheck.bench.tier import Tier
from rigcheck.tui.bench_message import Asked
from rigcheck.tui.bench_model import BenchModel
from rigcheck.tui.charts import View, metrics_of
from rigcheck.tui.metrics import OF_A_GPU, Metric
from rigcheck.tui.time_window import TimeWindow


class BenchLook:
    """Device, metric, form, stretch of time, and what is told in words; outlasts a benchmark.

    Attributes:
        window: the stretch of time.
        asked: what is told between the devices and the plots.
    """

    def __init__(self) -> None:
        """At whatever is at work."""
        self.window = TimeWindow()
        self.asked = Asked.RESULT
        self._device = ""
        self._metric = OF_A_GPU[0]
        self._tier = Tier.IN_MEMORY

    def device(self, model: BenchModel | None) -> str:
        """Whose meters are plotted: until the user chooses, the one at work; empty for none."""
        if model is None or self._device in model.devices:
            return self._device
        return model.at_work or next(iter(model.devices), "")

    def metric(self, model: BenchModel | None) -> Metric:
        """That of the uppermost meter plot: of each device the one of the same name."""
        metrics = self._metrics(model)
        if self._metric in metrics:
            return self._metric
        return next((m for m in metrics if m.name == self._metric.name), metrics[0])

    def view(self, model: BenchModel) -> View:
        """What the plots are to show."""
        from_s, shown_s = self.window.shown(model.shown_s, model.elapsed_s)
        return View(
            device=self.device(model),
            metric=self.metric(model),
            tier=self._tier if self._tier in model.plan.tiers else Tier.IN_MEMORY,
            from_s=from_s,
            shown_s=shown_s,
        )

    def choose(self, device: str) -> None:
        """This device, as torch names it."""
        self._device = device

    def choose_numbered(self, model: BenchModel, number: int) -> None:
        """The device with this number, from 1, where there is one."""
        devices = list(model.devices)
        if number <= len(devices):
            self._device = devices[number - 1]

    def next_device(self, model: BenchModel, step: int) -> None:
        """The device below or above, round and round."""
        devices = list(model.devices)
        if devices:
            self._device = devices[(devices.index(self.device(model)) + step) % len(devices)]

    def next_metric(self, model: BenchModel, step: int) -> None:
        """The next metric of this device, or the one before, round and round."""
        metrics = self._metrics(model)
        self._metric = metrics[(metrics.index(self.metric(model)) + step) % len(metrics)]

    def next_form(self, model: BenchModel) -> None:
        """The throughput of the next form of training, round and round."""
        tiers = model.plan.tiers
        at = tiers.index(self._tier) if self._tier in tiers else 0
        self._tier = tiers[(at + 1) % len(tiers)]

    def ask(self, asked: Asked) -> None:
        """Has this told; asked for again, the result."""
        self.asked = Asked.RESULT if self.asked is asked else asked

    def begin_anew(self) -> None:
        """Another benchmark: its own device at work, all of its time."""
        self._device = ""
        self.window.show_all()

    def _metrics(self, model: BenchModel | None) -> tuple[Metric, ...]:
        device = self.device(model)
        return metrics_of(model, device) if model is not None and device else OF_A_GPU
