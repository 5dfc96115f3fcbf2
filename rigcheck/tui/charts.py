"""What the benchmark screen plots: throughput of all devices, meters of the chosen one."""

from rigcheck.tui.bench_model import BenchModel, DeviceProgress
from rigcheck.tui.look import CHOSEN_PATTERN, line_ink, line_pattern
from rigcheck.tui.meters import CPU, OF_A_CPU, OF_A_GPU, UNITS, Metric
from rigcheck.tui.plot.chart import Chart, Line
from rigcheck.tui.plot.scale import value_text
from rigcheck.units import rate_text


def throughput_chart(model: BenchModel, chosen: str) -> Chart:
    """Images a second in training, each device a line, the chosen one on top."""
    lines = [
        (device == chosen, _throughput_line(progress, index, is_chosen=device == chosen))
        for index, (device, progress) in enumerate(model.devices.items())
    ]
    return Chart(
        title="images/s in training",
        unit="",
        lines=tuple(line for _, line in sorted(lines, key=lambda item: item[0])),
        shown_s=model.shown_s,
        note="nothing trained yet" if not model.ended else "nothing was trained",
    )


def metrics_of(model: BenchModel, device: str) -> tuple[Metric, ...]:
    """What the meters tell of this device."""
    return OF_A_CPU if _identity(model, device) == CPU else OF_A_GPU


def metric_chart(model: BenchModel, device: str, metric: Metric) -> Chart:
    """One metric of one device over the same time."""
    index = list(model.devices).index(device)
    label = model.devices[device].device.label
    unit = UNITS[metric]
    told = model.meters.lines(_identity(model, device), metric)
    lines = tuple(
        Line(
            label=meter.name + _now_text(meter.spans.last, unit),
            spans=meter.spans,
            ink=line_ink(index) if meter is told[-1] else line_ink(index + 1),
            pattern=CHOSEN_PATTERN if meter is told[-1] else line_pattern(0),
        )
        for meter in told
    )
    return Chart(
        title=f"{label} {metric.value}",
        unit=unit,
        lines=lines,
        shown_s=model.shown_s,
        note="no reading yet" if not model.ended else "not read on this machine",
    )


def _throughput_line(progress: DeviceProgress, index: int, *, is_chosen: bool) -> Line:
    key = str(index + 1)
    rate = progress.images_per_s
    now = f" {rate_text(rate)}" if rate is not None else ""
    return Line(
        label=f"{key} {progress.device.label}{now}",
        spans=progress.rates,
        ink=line_ink(index),
        pattern=CHOSEN_PATTERN if is_chosen else line_pattern(index),
        mark=key[-1],
    )


def _identity(model: BenchModel, device: str) -> str:
    return model.devices[device].device.identity


def _now_text(value: float | None, unit: str) -> str:
    step = 0.1 if unit == UNITS[Metric.MEMORY] else 0.0
    return "" if value is None else f" {value_text(value, unit, step)}"
