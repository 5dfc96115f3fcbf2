"""The benchmark screen's first line: what runs, what is unusual, how long, what watching costs."""

from textual.content import Content

from rigcheck.bench.plan import BATCH_SIZE
from rigcheck.bench.result import DataKind
from rigcheck.report.watch_text import share_text
from rigcheck.tui.bench_choices import Length
from rigcheck.tui.bench_model import BenchModel
from rigcheck.tui.layout import styled, two_ends
from rigcheck.tui.look import FAINT, STRONG
from rigcheck.tui.time_window import TimeWindow
from rigcheck.tui.workbench import Workbench


def title_line(work: Workbench, window: TimeWindow, n_columns: int) -> Content:
    """`LeNet · MNIST (60,000 images) · batch 100 · 10 s a device      watch 0.4 % · 12 s`."""
    model = work.bench
    title = styled(f" {title_text(model) if model else 'LeNet'}", STRONG)
    if model is None:
        return two_ends(title, Content(""), n_columns)
    clock = f"{_state(work, model)}{_part(model, window)}{model.elapsed_s:.0f} s "
    return two_ends(title, _with_cost(model, clock, n_columns - title.cell_length), n_columns)


def title_text(model: BenchModel) -> str:
    """What is run: network, data, batch, length."""
    plan = model.plan
    length = Length(plan.training_s, plan.epochs)
    return f"LeNet · {_data_text(model)} · batch {BATCH_SIZE} · {length.text}"


def _data_text(model: BenchModel) -> str:
    data, data_dir = model.data, model.plan.data_dir
    if data is not None:
        return f"{data.kind.value} ({data.train_images:,} images)"
    return DataKind.BUILT_IN_DIGITS.value if data_dir is None else str(data_dir)


def _state(work: Workbench, model: BenchModel) -> str:
    """Why nothing trains, or soon will not."""
    if model.resting:
        return f"{model.resting} · "
    if work.pausing:
        return "pausing… · "
    return f"{work.guests[0].label} is to join · " if work.guests else ""


def _part(model: BenchModel, window: TimeWindow) -> str:
    """Which part of the time is shown, where it is not all."""
    if not window.is_part:
        return ""
    from_s, shown_s = window.shown(model.shown_s, model.elapsed_s)
    return f"{from_s:.0f}–{shown_s:.0f} s of "


def _with_cost(model: BenchModel, clock: str, n_columns: int) -> Content:
    """Before the time what watching costs, where there is room for both."""
    if model.watch.cost is not None:
        share = share_text(model.watch.cost)
        for cost in (f"watching costs {share} of a core · ", f"watch {share} · "):
            if len(cost + clock) < n_columns:
                return styled(cost + clock, FAINT)
    return styled(clock, FAINT)
