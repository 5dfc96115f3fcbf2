"""Who trains when, with seats that do what they are told in no time."""

import dataclasses
from collections.abc import Sequence
from typing import cast

import pytest

from rigcheck.bench import wire_events as wire
from rigcheck.bench.orders import (
    Evaluate,
    MeasureCeilings,
    MeasureWaits,
    Order,
    Prepare,
    Repeat,
    SweepBatches,
    SweepThreads,
    Train,
)
from rigcheck.bench.plan import BenchDevice, BenchPlan
from rigcheck.bench.record import DeviceRecord
from rigcheck.bench.schedule import schedule
from rigcheck.bench.seat import Seat
from rigcheck.bench.tier import Tier
from tests.bench.runs import CPU, make_plan

GPU = BenchDevice(device="cuda:0", label="GPU 0", name="a GPU", identity="GPU-0")
Done = tuple[str, Order]


@dataclasses.dataclass
class ObedientSeat:
    """Trains at the rates it is given, one after the other, as fast as it is asked."""

    device: BenchDevice
    record: DeviceRecord
    rates: Sequence[float] = (1_000.0,)
    refuses: tuple[Tier, ...] = ()
    dies_in_turn: int | None = None
    is_over: bool = False
    now_s: float = 0.0

    def obey(self, order: Order) -> None:
        match order:
            case Prepare(form=form) if form in self.refuses:
                self.record.take(wire.Refused(what="prepare", form=form, why="not here"))
            case Prepare(form=form):
                self.record.take(wire.WarmedUp(form=form, duration_s=0.1))
            case Train():
                self.is_over = order.turn == self.dies_in_turn
                self._train(order)

    def _train(self, order: Train) -> None:
        rate = self.rates[order.turn % len(self.rates)]
        self.record.take(
            wire.BlockTrained(
                form=order.form,
                turn=order.turn,
                start_s=self.now_s,
                end_s=self.now_s + order.duration_s,
                steps=10,
                images=round(rate * order.duration_s),
                epoch=1,
                loss=0.1,
                page_faults=0,
                cores_of_others=0.0,
            )
        )
        self.now_s += order.duration_s


def done(plan: BenchPlan, *seats: ObedientSeat) -> list[Done]:
    """Every order, by device, each obeyed before the next is asked for."""
    told = []
    for seat, order in schedule(plan, cast("tuple[Seat, ...]", seats)):
        obedient = cast("ObedientSeat", seat)
        obedient.obey(order)
        told.append((obedient.device.device, order))
    return told


def seat(plan: BenchPlan, device: BenchDevice, **fields: object) -> ObedientSeat:
    made = ObedientSeat(device=device, record=DeviceRecord(plan, device, 0.0))
    return dataclasses.replace(made, **fields)  # type: ignore[arg-type]  # fields are as named


def turns_of(told: list[Done], tier: Tier = Tier.IN_MEMORY) -> list[tuple[str, int]]:
    return [
        (device, order.turn)
        for device, order in told
        if isinstance(order, Train) and order.form is tier
    ]


RESTLESS = (600.0, 1_700.0, 900.0, 1_300.0, 400.0)


def test_devices_take_turns_there_and_back() -> None:
    plan = make_plan(devices=(CPU, GPU), training_s=3.0)
    told = done(plan, seat(plan, CPU, rates=RESTLESS), seat(plan, GPU, rates=RESTLESS[::-1]))
    assert turns_of(told)[:6] == [
        ("cpu", 0),
        ("cuda:0", 0),
        ("cuda:0", 1),
        ("cpu", 1),
        ("cpu", 2),
        ("cuda:0", 2),
    ]


def test_the_first_thing_measured_is_the_training_itself() -> None:
    plan = make_plan(tiers=(Tier.IN_MEMORY, Tier.AS_WRITTEN))
    first, second, *_ = (order for _, order in done(plan, seat(plan, CPU)))
    assert isinstance(first, Prepare)
    assert isinstance(second, Train)
    assert second.form is Tier.IN_MEMORY


def test_training_ends_with_its_time_and_is_followed_by_an_evaluation() -> None:
    plan = make_plan(training_s=4.0)
    told = done(plan, seat(plan, CPU, rates=RESTLESS))
    trained_s = sum(order.duration_s for _, order in told if isinstance(order, Train))
    assert 4.0 <= trained_s < 4.5
    assert told[-3:-1] == [("cpu", Evaluate(form=Tier.IN_MEMORY)), ("cpu", Repeat())]


def test_waits_are_measured_where_there_is_something_to_wait_for() -> None:
    plan = make_plan(devices=(CPU, GPU))
    told = done(plan, seat(plan, CPU), seat(plan, GPU))
    assert [device for device, order in told if isinstance(order, MeasureWaits)] == ["cuda:0"]


def test_a_speed_that_is_known_well_ends_the_run_early() -> None:
    plan = make_plan(devices=(CPU, GPU), training_s=60.0)
    told = done(plan, seat(plan, CPU), seat(plan, GPU, rates=(6_300.0, 6_310.0)))
    assert turns_of(told)[-1][1] == 9


def test_a_device_alone_takes_all_the_time_there_is() -> None:
    plan = make_plan(training_s=20.0)
    assert turns_of(done(plan, seat(plan, CPU)))[-1][1] > 20


def test_a_speed_up_that_is_not_yet_known_takes_all_the_time_there_is() -> None:
    plan = make_plan(devices=(CPU, GPU), training_s=20.0)
    told = done(plan, seat(plan, CPU), seat(plan, GPU, rates=RESTLESS))
    assert turns_of(told)[-1][1] > 20


def test_epochs_that_are_asked_for_are_trained_whole() -> None:
    plan = make_plan(epochs=5)
    one = seat(plan, CPU)
    one.record.in_memory.train_images = 10_000
    told = done(plan, one)
    trained = sum(order.duration_s for _, order in told if isinstance(order, Train)) * 1_000
    assert 50_000 <= trained <= 51_000


def test_the_form_as_written_has_four_turns_spread_over_the_run() -> None:
    plan = make_plan(tiers=(Tier.IN_MEMORY, Tier.AS_WRITTEN), training_s=10.0)
    told = done(plan, seat(plan, CPU, rates=RESTLESS))
    assert turns_of(told, Tier.AS_WRITTEN) == [("cpu", turn) for turn in (0, 3, 6, 9)]


def test_a_form_that_is_refused_is_not_asked_for_again() -> None:
    plan = make_plan(tiers=(Tier.IN_MEMORY, Tier.PEAK), training_s=3.0)
    told = done(plan, seat(plan, CPU, refuses=(Tier.PEAK,)))
    assert [o for _, o in told if isinstance(o, Prepare)] == [
        Prepare(form=Tier.IN_MEMORY),
        Prepare(form=Tier.PEAK),
    ]
    assert turns_of(told, Tier.PEAK) == []
    assert Evaluate(form=Tier.PEAK) not in [order for _, order in told]


def test_a_device_that_dies_gets_no_more_orders_and_the_others_go_on() -> None:
    plan = make_plan(devices=(CPU, GPU), training_s=5.0)
    told = done(plan, seat(plan, CPU, rates=RESTLESS), seat(plan, GPU, dies_in_turn=2))
    assert turns_of(told)[-1][0] == "cpu"
    assert max(turn for device, turn in turns_of(told) if device == "cuda:0") == 2
    assert ("cuda:0", Evaluate(form=Tier.IN_MEMORY)) not in told


@pytest.mark.parametrize("is_full", [False, True])
def test_ceilings_are_measured_on_each_device_and_all_of_them_when_asked(*, is_full: bool) -> None:
    plan = make_plan(devices=(CPU, GPU), is_full=is_full)
    told = done(plan, seat(plan, CPU), seat(plan, GPU))
    kinds = [o.is_full for _, o in told if isinstance(o, MeasureCeilings)]
    assert kinds == [False, False, is_full, is_full]
    swept = [device for device, order in told if isinstance(order, SweepBatches)]
    assert swept == (["cpu", "cuda:0"] if is_full else [])
    # Threads are the CPU's affair.
    threads = [device for device, order in told if isinstance(order, SweepThreads)]
    assert threads == (["cpu"] if is_full else [])
