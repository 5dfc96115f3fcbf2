from pathlib import Path

import msgspec
import pytest

from rigcheck.bench import wire_events as wire
from rigcheck.bench.events import BlockMeasured
from rigcheck.bench.record import DeviceRecord
from rigcheck.bench.result import Data, DataKind, Outcome
from rigcheck.bench.tier import Tier
from tests.bench.runs import CPU, make_plan


def block(start_s: float, end_s: float, images: int) -> wire.BlockTrained:
    return wire.BlockTrained(
        form=Tier.IN_MEMORY,
        turn=0,
        start_s=start_s,
        end_s=end_s,
        steps=images // 100,
        images=images,
        epoch=1,
        loss=0.5,
        page_faults=None,
        cores_of_others=None,
    )


def progress_of(record: DeviceRecord, event: wire.WireEvent) -> float:
    told = record.take(event)
    assert isinstance(told, BlockMeasured)
    return told.progress


def test_the_workers_clock_becomes_the_runs() -> None:
    record = DeviceRecord(make_plan(), CPU, run_started_s=1_000.0)
    told = record.take(block(1_002.0, 1_002.5, 800))
    assert isinstance(told, BlockMeasured)
    assert (told.block.start_at_s, told.block.end_at_s) == (2.0, 2.5)
    assert told.block.images_per_s == 1_600.0


def test_progress_is_that_of_the_time_and_ends_at_one() -> None:
    record = DeviceRecord(make_plan(training_s=2.0), CPU, 0.0)
    assert progress_of(record, block(5.0, 5.5, 100)) == 0.25
    # The pause between the blocks is no training.
    assert progress_of(record, block(9.0, 10.0, 100)) == 0.75
    assert progress_of(record, block(10.0, 11.0, 100)) == 1.0


def test_progress_is_that_of_the_epochs_where_they_are_counted() -> None:
    record = DeviceRecord(make_plan(epochs=2), CPU, 0.0)
    record.take(wire.DataLoaded(kind=DataKind.MNIST, train_images=1_000, test_images=100))
    assert progress_of(record, block(0.0, 1.0, 500)) == 0.25
    assert progress_of(record, block(1.0, 2.0, 1_500)) == 1.0


def test_a_result_without_a_worker_is_empty_and_says_where_it_stands() -> None:
    run = DeviceRecord(make_plan(), CPU, 0.0).finish(Outcome.CANCELLED, None)
    assert (run.stage, run.error, run.torch_version, run.threads) == ("start", "", "", None)
    assert (run.data, run.rate, run.epoch_s, run.evaluation) == (None, None, None, None)


def test_the_result_says_where_the_data_lies(tmp_path: Path) -> None:
    record = DeviceRecord(make_plan(data_dir=tmp_path), CPU, 0.0)
    record.take(wire.DataLoaded(kind=DataKind.OTHER, train_images=300, test_images=100))
    assert record.finish(Outcome.DONE, None).data == Data(
        kind=DataKind.OTHER, path=str(tmp_path), train_images=300, test_images=100
    )


def test_an_epoch_takes_60_000_images_at_the_measured_rate() -> None:
    record = DeviceRecord(make_plan(), CPU, 0.0)
    record.take(block(0.0, 0.5, 1_000))
    assert record.finish(Outcome.DONE, None).epoch_s == 30.0


def test_what_is_no_event_is_refused() -> None:
    good = {"event": "warm_up", "form": "in-memory", "duration_s": 0.5}
    assert wire.decode(good) == wire.WarmedUp(form=Tier.IN_MEMORY, duration_s=0.5)
    for bad in (
        {"event": "warm_up", "form": "in-memory"},
        {"event": "warm_up", "form": "upside-down", "duration_s": 0.5},
        {"event": "unheard_of"},
        {"event": "warm_up", "form": "in-memory", "duration_s": "x"},
    ):
        with pytest.raises(msgspec.ValidationError):
            wire.decode(bad)


def test_a_loss_that_is_no_number_is_none() -> None:
    decoded = wire.decode({"event": "loss_window", "steps": 50, "loss": None})
    assert isinstance(decoded, wire.LossWindow)
    assert decoded.loss is None


def test_what_the_waits_cost_is_the_median_of_rounds_side_by_side() -> None:
    record = DeviceRecord(make_plan(), CPU, 0.0)
    rounds = tuple((1e-3 * drift, 2e-3 * drift) for drift in (1.0, 1.1, 1.2, 1.3, 1.4))
    record.take(wire.WaitsMeasured(rounds=rounds, in_memory=0.0, as_written=4.0))
    waits = record.finish(Outcome.DONE, None).waits
    assert waits is not None
    assert waits.images_per_s == pytest.approx(100 / 2.4e-3)
    assert waits.of_in_memory.ratio == waits.of_in_memory.high == pytest.approx(0.5)
    assert (waits.of_in_memory.turns, waits.as_written_a_step) == (5, 4.0)


def test_the_way_that_was_chosen_for_a_form_is_in_the_result() -> None:
    record = DeviceRecord(make_plan(tiers=(Tier.IN_MEMORY, Tier.PEAK)), CPU, 0.0)
    record.take(wire.WarmedUp(form=Tier.PEAK, duration_s=40.0, how="a CUDA graph of its own"))
    (peak,) = record.finish(Outcome.DONE, None).tiers
    assert (peak.how, peak.warm_up_s) == ("a CUDA graph of its own", 40.0)


def test_a_form_that_is_refused_says_why_and_leaves_the_others_alone() -> None:
    record = DeviceRecord(make_plan(tiers=(Tier.IN_MEMORY, Tier.PEAK)), CPU, 0.0)
    record.take(wire.Refused(what="prepare", form=Tier.PEAK, why="no faster form for xpu"))
    record.take(block(0.0, 0.5, 1_000))
    run = record.finish(Outcome.DONE, None)
    (peak,) = run.tiers
    assert (peak.tier, peak.why_not, peak.rate) == (Tier.PEAK, "no faster form for xpu", None)
    assert run.rate is not None
