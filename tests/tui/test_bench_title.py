"""The benchmark screen's first line."""

import dataclasses

import pytest

from rigcheck.bench import events
from rigcheck.bench.plan import BenchPlan
from rigcheck.tui.bench_model import BenchModel
from rigcheck.tui.bench_title import title_line, title_text
from rigcheck.tui.time_window import TimeWindow
from rigcheck.tui.workbench import Workbench
from tests.tui.streams import bench_events, device, options, plan


def model_after(of: BenchPlan, *told: events.BenchEvent) -> BenchModel:
    model = BenchModel(of, lambda: 0.0)
    for event in told:
        model.take(event)
    return model


def test_which_data_trained_it_is_said_before_and_after() -> None:
    assert "built-in digits" in title_text(model_after(plan()))
    assert "MNIST (60,000 images)" in title_text(model_after(plan(), *bench_events(plan())))


@pytest.mark.parametrize(
    ("epochs", "text"), [(None, "10 s a device"), (1, "1 epoch"), (15, "15 epochs")]
)
def test_the_length_is_said(epochs: int | None, text: str) -> None:
    title = title_text(model_after(dataclasses.replace(plan(), epochs=epochs)))
    assert title.endswith(f" · {text}")


def shown(model: BenchModel | None, *waiting: int, n_columns: int = 120) -> str:
    told = options()
    work = Workbench(told)
    work.bench = model
    for index in waiting:
        told.guests.ask(device(index))
    return str(title_line(work, TimeWindow(), n_columns))


def test_before_a_run_there_is_no_clock() -> None:
    assert shown(None).strip() == "LeNet"


def test_who_waits_to_join_and_who_joins_is_said() -> None:
    assert shown(model_after(plan()), 1, 2).endswith(" GPU 1 is to join · 0 s ")
    joins = events.JoinChanged(device=device(1), is_joining=True, at_s=0.0)
    assert shown(model_after(plan(), joins), 2).endswith(" GPU 1 joins · 0 s ")


def test_a_pause_is_said_and_who_waits_for_its_end_waits_unsaid() -> None:
    rests = events.PauseChanged(is_paused=True, at_s=0.0)
    assert shown(model_after(plan(), rests), 1).endswith(" paused · 0 s ")
