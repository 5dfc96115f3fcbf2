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
from rigcheck.bench.schedule import Step, closing, rounds
from rigcheck.bench.seat import Seat
from rigcheck.bench.tier import Tier
from tests.bench.runs import CPU, make_plan

GPU = BenchDevice(device="cuda:0", label="GPU 0", name="a GPU", identity="GPU-0")
Done = tuple[str, Order]
Guests = dict[int, list["ObedientSeat"]]


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


def done(plan: BenchPlan, *seats: ObedientSeat, guests: Guests | None = None) -> list[Done]:
    """Every order, by device, each obeyed before the next is asked for.

    `guests` join after so many rounds.
    """
    told = list[Done]()
    there = cast("list[Seat]", list(seats))
    n_rounds = 0
    for step in rounds(plan, there):
        if step is None:
            n_rounds += 1
            there += cast("list[Seat]", (guests or {}).get(n_rounds, []))
        else:
            told.append(_obeyed(step))
    told += [_obeyed(step) for step in closing(plan, there)]
    return told


def _obeyed(step: Step) -> Done:
    seat, order = step
    obedient = cast("ObedientSeat", seat)
    obedient.obey(order)
    return obedient.device.device, order


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


def both_had(told: list[Done], tier: Tier = Tier.IN_MEMORY) -> list[int]:
    """The turns that the CPU and the GPU had side by side."""
    turns = turns_of(told, tier)
    cpu, gpu = ({turn for on, turn in turns if on == one} for one in ("cpu", "cuda:0"))
    return sorted(cpu & gpu)


def test_a_guest_takes_turns_of_the_same_numbers_from_the_next_round_on() -> None:
    plan = make_plan(devices=(CPU,), training_s=10.0)
    told = done(plan, seat(plan, CPU), guests={2: [seat(plan, GPU, rates=RESTLESS)]})
    assert turns_of(told)[:7] == [
        ("cpu", 0),
        ("cpu", 1),
        ("cpu", 2),
        ("cuda:0", 2),
        ("cuda:0", 3),
        ("cpu", 3),
        ("cpu", 4),
    ]
    first = next(order for on, order in told if on == "cuda:0" and isinstance(order, Train))
    # As the first one's first turn: the meters need it.
    assert first.duration_s == 2.5


def test_a_guest_has_its_whole_time_and_whom_it_is_compared_with_goes_on_beside_it() -> None:
    plan = make_plan(devices=(CPU,), training_s=5.0)
    guest = seat(plan, GPU, rates=RESTLESS)
    told = done(plan, seat(plan, CPU), guests={6: [guest]})
    of_guest = [turn for on, turn in turns_of(told) if on == "cuda:0"]
    assert guest.record.in_memory.trained_s >= 5.0
    assert of_guest[0] == 6
    assert both_had(told) == of_guest
    evaluate, ceilings = Evaluate(form=Tier.IN_MEMORY), MeasureCeilings(is_full=False)
    assert told[-7:] == [
        *(("cpu", order) for order in (evaluate, Repeat(), ceilings)),
        *(("cuda:0", order) for order in (evaluate, Repeat(), MeasureWaits(), ceilings)),
    ]
    short = [on for on, o in told if o == MeasureCeilings(is_full=False)]
    assert sorted(short) == ["cpu", "cpu", "cuda:0", "cuda:0"]


def test_the_cpu_may_be_the_guest_and_the_gpus_go_on_for_it() -> None:
    plan = make_plan(devices=(GPU,), training_s=5.0)
    told = done(plan, seat(plan, GPU), guests={6: [seat(plan, CPU, rates=RESTLESS)]})
    assert both_had(told) == [turn for on, turn in turns_of(told) if on == "cpu"]


def test_a_device_that_the_guest_is_not_compared_with_ends_with_its_own_time() -> None:
    plan = make_plan(devices=(GPU,), training_s=5.0)
    other = dataclasses.replace(GPU, device="cuda:1")
    told = done(plan, seat(plan, GPU), guests={6: [seat(plan, other, rates=RESTLESS)]})
    last = dict(turns_of(told))
    assert last["cuda:0"] < last["cuda:1"]


def test_whole_epochs_stay_whole_when_a_guest_comes() -> None:
    plan = make_plan(devices=(CPU,), epochs=1)
    first, guest = seat(plan, CPU), seat(plan, GPU)
    for one in (first, guest):
        one.record.in_memory.train_images = 4_000
    told = done(plan, first, guests={3: [guest]})
    trained = [o.duration_s for on, o in told if on == "cpu" and isinstance(o, Train)]
    assert 4_000 <= sum(trained) * 1_000 < 4_500
    assert both_had(told) == [3, 4, 5, 6, 7]
    assert turns_of(told)[-1] == ("cuda:0", 10)


def test_as_written_the_guest_has_its_four_turns_and_the_cpu_beside_it() -> None:
    plan = make_plan(tiers=(Tier.IN_MEMORY, Tier.AS_WRITTEN), training_s=10.0)
    told = done(plan, seat(plan, CPU), guests={11: [seat(plan, GPU, rates=RESTLESS)]})
    assert [turn for on, turn in turns_of(told, Tier.AS_WRITTEN) if on == "cuda:0"] == [
        12,
        15,
        18,
        21,
    ]
    assert both_had(told, Tier.AS_WRITTEN) == [12, 15, 18, 21]


def test_a_run_whose_speed_up_is_known_goes_on_for_a_guest() -> None:
    plan = make_plan(devices=(CPU, GPU), training_s=60.0)
    guest = seat(plan, dataclasses.replace(GPU, device="cuda:1"))
    told = done(plan, seat(plan, CPU), seat(plan, GPU), guests={10: [guest]})
    assert guest.record.in_memory.turns == 10
    assert max(turn for _, turn in turns_of(told)) == 19
