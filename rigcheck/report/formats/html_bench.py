"""The benchmark's part of the page: plots, tables of figures, and what they mean."""

from collections.abc import Iterator

from rigcheck.bench.ceiling import Ceiling
from rigcheck.bench.result import BenchRun, DeviceRun, Outcome
from rigcheck.facts import Rig
from rigcheck.report.bench_text import data_text, further_texts, interval_text, tier_text
from rigcheck.report.definitions import definition
from rigcheck.report.formats.lines import device_name, gpu_names
from rigcheck.report.formats.markup import Child, Markup, folded, section, table, tag
from rigcheck.report.formats.plots import speed_up_plot, time_plot
from rigcheck.report.watch_text import watch_sentences
from rigcheck.units import bytes_text, counted, duration_text

_NO_PLOTS = "The plots need matplotlib where the page is made: pip install 'rigcheck[plots]'"
_DEFINED = {
    "images/s": ("Rate.images_per_s",),
    "speed-up": ("SpeedUp.ratio", "SpeedUp.low"),
    "accuracy": ("Evaluation.accuracy",),
    "epoch": ("DeviceRun.epoch_s",),
    "of its arithmetic": ("DeviceRun.ceiling_share", "CeilingShare.limit_images_per_s"),
    "utilization of a GPU": ("GpuSample.utilization_percent",),
    "utilization of the CPU": ("Sample.cpu_percent",),
    "power": ("GpuSample.power_w",),
    "temperature of a GPU": ("GpuSample.temperature_c",),
    "temperature of the CPU": ("Sample.cpu_temperature_c",),
    "clock of a GPU": ("GpuSample.sm_clock_mhz",),
    "clock of the CPU": ("Sample.cpu_frequency_mhz",),
}


def bench_sections(bench: BenchRun, rig: Rig) -> Iterator[Child]:
    """What was measured, the comparison first."""
    data = next((run.data for run in bench.devices if run.data is not None), None)
    yield section(
        "LeNet on each device",
        tag("p", f"LeNet{data_text(data)}, batch 100, in memory", class_="soft"),
        _device_table(bench),
        _speed_ups(bench),
        map(_device, bench.devices),
        id_="benchmark",
    )
    yield section("Over time", _over_time(bench, rig), id_="time")


def definitions() -> Markup:
    """The report's own definitions, one source for file, screen and page."""
    told = [
        (tag("dt", word), tag("dd", " ".join(map(definition, fields))))
        for word, fields in _DEFINED.items()
    ]
    return tag("dl", told)


def _device_table(bench: BenchRun) -> Markup:
    head = ("device", "images/s (95 %)", "an epoch", "accuracy", "of its arithmetic", "images/J")
    return table(head, map(_device_row, bench.devices))


def _device_row(run: DeviceRun) -> tuple[Child, ...]:
    ended = f"{run.outcome.value} in {run.stage}" if run.outcome is not Outcome.DONE else ""
    rate = interval_text(run.rate) if run.rate else ""
    return (
        tag("strong", device_name(run)),
        ", ".join(filter(None, (rate, ended))) or "not measured",
        duration_text(run.epoch_s) if run.epoch_s is not None else "",
        f"{run.evaluation.accuracy:.1%}" if run.evaluation else "",
        f"{run.ceiling_share.share:.0%}" if run.ceiling_share else "",
        f"{run.energy.images_per_j:.3g}" if run.energy else "",
    )


def _speed_ups(bench: BenchRun) -> Iterator[Child]:
    if not bench.speed_ups:
        return
    yield tag("ul", [tag("li", up.sentence) for up in bench.speed_ups])
    try:
        drawing = speed_up_plot(bench.speed_ups, bench.devices)
    except ImportError:
        return  # said once, below
    yield _figure(drawing, "How many times as fast as the baseline each device trains LeNet")


def _over_time(bench: BenchRun, rig: Rig) -> Iterator[Child]:
    try:
        drawing = time_plot(bench, gpu_names(rig))
    except ImportError:
        yield tag("p", _NO_PLOTS)
    else:
        if drawing:
            yield _figure(drawing, "Training and the meters on one clock; a gap was not measured")
    yield from (tag("p", sentence, class_="soft") for sentence in watch_sentences(bench))


def _figure(drawing: Markup, caption: str) -> Markup:
    return tag(
        "figure",
        tag("div", drawing, class_="scroll", role="img", aria_label=caption),
        tag("figcaption", caption),
    )


def _device(run: DeviceRun) -> Child:
    parts: list[Child] = []
    if run.error:
        parts.append(tag("p", tag("strong", "Why: "), run.error))
    if run.hint:
        parts.append(tag("p", tag("strong", "What mends it: "), run.hint))
    if run.tiers:
        parts.append(tag("ul", [tag("li", tier_text(tier)) for tier in run.tiers]))
    told = list(further_texts(run))
    parts.append(tag("ul", [tag("li", text.strip()) for text in told]) if told else "")
    if run.ceilings:
        head = ("ceiling", "", "median", "best")
        parts.append(table(head, map(_ceiling_row, run.ceilings)))
    if run.details:
        parts.append(folded("traceback and last output", tag("pre", run.details)))
    return folded(tag("strong", device_name(run)), *parts, is_open=True) if any(parts) else ""


def _ceiling_row(ceiling: Ceiling) -> tuple[Child, ...]:
    threads = counted(ceiling.threads, "thread") if ceiling.threads else ""
    what = ", ".join(filter(None, (ceiling.variant, ceiling.dtype, threads)))
    if ceiling.problem:
        return ceiling.name.value, what, ceiling.problem, ""
    return ceiling.name.value, what, _speed(ceiling, ""), _speed(ceiling, "best_")


def _speed(ceiling: Ceiling, which: str) -> str:
    flop, size, wait = (
        getattr(ceiling, which + name) for name in ("flop_per_s", "bytes_per_s", "duration_s")
    )
    if flop is not None:
        return f"{flop / 1e12:.3g} TFLOP/s"
    if size is not None:
        return f"{bytes_text(int(size))}/s"
    return f"{wait * 1e6:.3g} µs" if wait is not None else ""
