"""What the benchmark screen plots: throughput of all devices, meters of the chosen one."""

import dataclasses

from rigcheck.bench.tier import Tier
from rigcheck.facts import NOT_ASKED, Found, value_of
from rigcheck.report.rows import fact_text
from rigcheck.report.watch_text import no_gpus_text
from rigcheck.tui.bench_model import BenchModel
from rigcheck.tui.look import CHOSEN_PATTERN, line_ink, line_pattern
from rigcheck.tui.marks import HARMLESS
from rigcheck.tui.meters import CPU
from rigcheck.tui.metrics import OF_A_GPU, OF_THE_HOST, Metric
from rigcheck.tui.plot.chart import Chart, Line
from rigcheck.tui.plot.mark_rows import Mark
from rigcheck.tui.plot.scale import value_text
from rigcheck.tui.plot.shades import ShadeChart
from rigcheck.units import rate_text


@dataclasses.dataclass(frozen=True, kw_only=True)
class View:
    """What was chosen to be looked at."""

    device: str
    """Whose meters."""
    metric: Metric
    """Which of them first."""
    tier: Tier = Tier.IN_MEMORY
    """The throughput of which form."""
    from_s: float = 0.0
    shown_s: float
    """Where the time axis ends."""


def throughput_chart(model: BenchModel, view: View) -> Chart:
    """Images a second in training, each device a line, the chosen one on top."""
    lines = [
        (device == view.device, _throughput_line(model, device, index, view))
        for index, device in enumerate(model.devices)
    ]
    form = "" if view.tier is Tier.IN_MEMORY else f", {view.tier.value}"
    return Chart(
        title=f"images/s in training{form}",
        unit="",
        lines=tuple(line for _, line in sorted(lines, key=lambda item: item[0])),
        from_s=view.from_s,
        shown_s=view.shown_s,
        marks=tuple(
            Mark(rest.start_s, model.elapsed_s if rest.end_s is None else rest.end_s, rest.why)
            for rest in model.rests
        ),
        note="nothing trained yet" if not model.ended else "nothing was trained",
    )


def metrics_of(model: BenchModel, device: str) -> tuple[Metric, ...]:
    """What the meters tell of this device; of a GPU that trains alone, its host's, too."""
    if _identity(model, device) == CPU:
        return OF_THE_HOST
    has_cpu = any(d.device.identity == CPU for d in model.devices.values())
    return OF_A_GPU if has_cpu else (*OF_A_GPU, *OF_THE_HOST)


def marks_of(model: BenchModel, device: str, *, grave_only: bool) -> tuple[Mark, ...]:
    """What held this GPU back and its errors; `grave_only`: without what is normal under load."""
    marks = model.meters.marks(_identity(model, device))
    return tuple(mark for mark in marks if not (grave_only and mark.text == HARMLESS))


def metric_chart(
    model: BenchModel, view: View, metric: Metric, marks: tuple[Mark, ...] = ()
) -> Chart | ShadeChart:
    """One metric of the chosen device over the same time, with these marks below it."""
    device = view.device
    index = list(model.devices).index(device)
    title = f"{'CPU' if metric.of_host else model.devices[device].device.label} {metric.name}"
    if metric.by_core:
        return _core_chart(model, view, title, line_ink(index))
    identity = _identity(model, device)
    told = model.meters.lines(identity, metric)
    return Chart(
        title=title,
        unit=metric.unit,
        lines=tuple(
            Line(
                label=meter.name + _now_text(meter.now, metric),
                spans=meter.spans,
                ink=line_ink(index) if meter is told[-1] else line_ink(index + 1),
                pattern=CHOSEN_PATTERN if meter is told[-1] else line_pattern(0),
            )
            for meter in told
        ),
        from_s=view.from_s,
        shown_s=view.shown_s,
        marks=marks,
        note=_lack(model, identity, metric) or _note(model, of_host=metric.of_host),
    )


def _core_chart(model: BenchModel, view: View, title: str, ink: str) -> ShadeChart:
    return ShadeChart(
        title=title,
        lanes=model.meters.cores,
        ink=ink,
        from_s=view.from_s,
        shown_s=view.shown_s,
        note=_note(model, of_host=True),
    )


def _lack(model: BenchModel, identity: str, metric: Metric) -> str:
    """Why this GPU has no such meter, where the check knows."""
    for gpu in model.gpus:
        if identity in (value_of(gpu.uuid), value_of(gpu.pci_bus_id)):
            fact = getattr(gpu, metric.meters[-1].name_in_check, NOT_ASKED)
            if fact == NOT_ASKED:
                return ""
            if isinstance(fact, Found):
                return "it has none" if fact.value == () else ""
            return fact_text("", fact)
    return ""


def _note(model: BenchModel, *, of_host: bool) -> str:
    """Why there is nothing to plot."""
    if model.watch.problem:
        return model.watch.problem
    if model.watch.no_gpus is not None and not of_host:
        return no_gpus_text(model.watch.no_gpus)
    return "not read on this machine" if model.ended else "no reading yet"


def _throughput_line(model: BenchModel, device: str, index: int, view: View) -> Line:
    key, progress = str(index + 1), model.devices[device]
    rate = progress.images_per_s_in(view.tier)
    now = f" {rate_text(rate)}" if rate is not None else ""
    return Line(
        label=f"{key} {progress.device.label}{now}",
        spans=progress.forms[view.tier].rates,
        ink=line_ink(index),
        pattern=CHOSEN_PATTERN if device == view.device else line_pattern(index),
        mark=key[-1],
        joins_s=model.joins_s(view.tier),
    )


def _identity(model: BenchModel, device: str) -> str:
    return model.devices[device].device.identity


def _now_text(value: float | None, metric: Metric) -> str:
    return " –" if value is None else f" {value_text(value, metric.unit, metric.step)}"
