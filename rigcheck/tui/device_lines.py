"""The benchmark's devices, one line each, in columns."""

import dataclasses
import functools
from collections.abc import Iterator

from rich.cells import cell_len
from textual.content import Content
from textual.style import Style

from rigcheck.bench.result import DeviceRun, Outcome
from rigcheck.bench.tier import Tier
from rigcheck.findings import Verdict
from rigcheck.terminal import plain
from rigcheck.tui.bench_model import BenchModel
from rigcheck.tui.device_progress import DeviceProgress
from rigcheck.tui.layout import column, hanging, styled
from rigcheck.tui.look import (
    CHOSEN,
    FAINT,
    MARKS,
    PLAIN,
    STRONG,
    VERDICT_STYLES,
    line_style,
)
from rigcheck.units import rate_text

_BAR_CELLS = 8
_MAX_SPARE = 19
_FORM_CELLS = 13
_WIDE = 110
_N_KEPT = 64
_WIDE_INTERVAL, _NARROW_INTERVAL = 17, 6
_MAKERS_WORDS = {"NVIDIA", "GeForce", "AMD", "Intel(R)", "Core(TM)", "Xeon(R)", "CPU", "Processor"}
_ENDINGS = {
    Outcome.DONE: Verdict.PASS,
    Outcome.FAILED: Verdict.FAIL,
    Outcome.CANCELLED: Verdict.WARN,
}


@dataclasses.dataclass(frozen=True)
class Columns:
    """Widths for a line of so many cells; what does not fit is 0."""

    label: int
    name: int
    rate: int
    interval: int
    loss: int
    accuracy: int
    bar: int
    ending: int
    form: int = 0
    """Of each form but the in-memory one."""
    forms: tuple[Tier, ...] = ()

    @classmethod
    def fitting(cls, model: BenchModel, n_columns: int) -> "Columns":
        """The name takes what is left; with little room, the least important columns go."""
        label = max((cell_len(plain(d.device.label)) for d in model.devices.values()), default=3)
        name = max((cell_len(plain(d.device.name)) for d in model.devices.values()), default=0)
        fixed = {"label": label, "rate": 8, "ending": 12}
        interval = _WIDE_INTERVAL if n_columns >= _WIDE else _NARROW_INTERVAL
        optional = {"accuracy": 12, "interval": interval, "bar": _BAR_CELLS, "loss": 6}
        room = n_columns - 4 - sum(width + 1 for width in fixed.values())
        widths = dict.fromkeys(optional, 0)
        for key, width in optional.items():
            if room > width:
                widths[key] = width
                room -= width + 1
        forms = tuple(tier for tier in model.plan.tiers if tier is not Tier.IN_MEMORY)
        form = _FORM_CELLS if n_columns >= _WIDE else 0
        room -= (form + 1) * len(forms) if form else 0
        name = max(0, min(name, room - 1))
        fixed["ending"] += min(max(room - name - 1, 0), _MAX_SPARE)
        return cls(**fixed, **widths, name=name, form=form, forms=forms)


@functools.lru_cache(1)
def header(columns: Columns) -> Content:
    """The columns' names."""
    cells = (
        ("", columns.label + 2, False),
        ("", columns.name, False),
        ("images/s", columns.rate, True),
        ("95 % interval" if columns.interval == _WIDE_INTERVAL else "±", columns.interval, True),
        *((tier.value, columns.form, True) for tier in columns.forms),
        ("loss", columns.loss, True),
        ("accuracy", columns.accuracy, True),
        ("", columns.bar, False),
        ("", columns.ending, False),
    )
    text = " ".join(column(text, width, right=right) for text, width, right in cells if width)
    return styled(f" {text}", FAINT)


def device_lines(
    model: BenchModel, chosen: str, columns: Columns, n_columns: int
) -> Iterator[tuple[str, Content]]:
    """Each line with the device that it belongs to: its figures, and what went wrong with it."""
    for index, (device, progress) in enumerate(model.devices.items()):
        line = _line(progress, index, columns, is_chosen=device == chosen)
        # One column is left for a scrollbar.
        parts = (line,) if line.cell_length < n_columns else line.wrap(max(n_columns - 1, 1))
        for part in parts:
            yield device, part
        if progress.run is not None:
            for line in _error_lines(progress.run, n_columns):
                yield device, line


def _line(progress: DeviceProgress, index: int, columns: Columns, *, is_chosen: bool) -> Content:
    cells = (
        (column(progress.device.label, columns.label), STRONG),
        (column(_name(progress, columns.name), columns.name), PLAIN),
        (column(_rate(progress), columns.rate, right=True), STRONG),
        (column(_interval(progress, columns), columns.interval, right=True), PLAIN),
        *((column(_form(progress, t), columns.form, right=True), PLAIN) for t in columns.forms),
        (column(_loss(progress), columns.loss, right=True), PLAIN),
        (column(_accuracy(progress), columns.accuracy, right=True), PLAIN),
        (_bar(progress, columns.bar), line_style(index)),
    )
    key = str(index + 1) if index < 9 else " "  # noqa: PLR2004 -- keys 1 to 9
    return _joined(
        (CHOSEN if is_chosen else " ", STRONG),
        (f"{key} ", line_style(index)),
        *((f"{text} ", style) for text, style in cells if text),
        _ending(progress, columns.ending),
    )


@functools.lru_cache(_N_KEPT)
def _joined(*cells: tuple[str, Style]) -> Content:
    """Kept, as most lines are what they were a frame ago."""
    return Content.assemble(*(styled(text, style) for text, style in cells))


def _name(progress: DeviceProgress, n_columns: int) -> str:
    """The model; without its maker where there is no room for both."""
    name = progress.device.name
    if cell_len(plain(name)) <= n_columns:
        return name
    return " ".join(word for word in name.split() if word not in _MAKERS_WORDS)


def _rate(progress: DeviceProgress) -> str:
    rate = progress.images_per_s
    return "" if rate is None else rate_text(rate)


def _interval(progress: DeviceProgress, columns: Columns) -> str:
    rate = progress.rate
    if rate is None:
        return ""
    low, high = rate.low_images_per_s, rate.high_images_per_s
    if columns.interval == _WIDE_INTERVAL:
        return f"{rate_text(low)} – {rate_text(high)}"
    half = max(high - rate.images_per_s, rate.images_per_s - low) / rate.images_per_s
    return f"±{half:.0%}".replace("%", " %")


def _form(progress: DeviceProgress, tier: Tier) -> str:
    """Its rate, and what that is of the rate in memory."""
    rate, ratio = progress.images_per_s_in(tier), progress.of_in_memory(tier)
    if rate is None:
        return ""
    return rate_text(rate) + (f" {ratio:.2g}×" if ratio is not None else "")


def _loss(progress: DeviceProgress) -> str:
    if progress.loss is None:
        return "NaN" if progress.forms[Tier.IN_MEMORY].recent else ""
    return f"{progress.loss:.3f}"


def _accuracy(progress: DeviceProgress) -> str:
    """Of the test images, once they were asked; else of the training images while learning."""
    if progress.test_accuracy is not None:
        return f"{progress.test_accuracy * 100:.1f} % test"
    if progress.train_accuracy is not None:
        return f"{progress.train_accuracy * 100:.1f} % train"
    return ""


def _bar(progress: DeviceProgress, n_cells: int) -> str:
    is_done = progress.run is not None and progress.run.outcome is Outcome.DONE
    n_full = n_cells if is_done else round(progress.progress * n_cells)
    return "▰" * n_full + "▱" * (n_cells - n_full)


def _ending(progress: DeviceProgress, n_columns: int) -> tuple[str, Style]:
    if progress.run is not None:
        verdict = _ENDINGS[progress.run.outcome]
        text = f"{MARKS[verdict]} {progress.ending}"
        if progress.run.bottleneck is not None:
            limited = f"{text}: {progress.run.bottleneck.kind.value}"
            text = limited if cell_len(limited) <= n_columns else text
        return column(text, n_columns), VERDICT_STYLES[verdict]
    stage = progress.ending
    if cell_len(stage) > n_columns:
        # `training as-written`: which form says enough.
        stage = stage.removeprefix("training ")
    return column(stage, n_columns), FAINT


def _error_lines(run: DeviceRun, n_columns: int) -> Iterator[Content]:
    for label, text in (("why", run.error), ("mend", run.hint)):
        if text:
            yield from hanging(styled(label, FAINT).pad_left(4), styled(text), n_columns, 9)
