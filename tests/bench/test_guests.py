"""Devices that join a run which is at work: real workers, two of them on the CPU."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from rigcheck.bench import runner
from rigcheck.bench.events import (
    BenchEvent,
    BlockMeasured,
    DeviceFinished,
    DeviceStarted,
    GuestRefused,
    JoinChanged,
    PauseChanged,
    SampleTaken,
    StageEntered,
    WatchChanged,
)
from rigcheck.bench.guests import Guests
from rigcheck.bench.plan import BenchDevice, BenchPlan
from rigcheck.bench.result import DeviceRun, Outcome
from tests.bench.runs import CPU, finished, make_plan
from tests.mnist import write_set

AGAIN = BenchDevice(device="cpu:0", label="GPU 0", name="the CPU once more", identity="")
NOWHERE = BenchDevice(device="xpu:63", label="GPU 63", name="none", identity="")


class Run:
    """One run to its end, in which something is done once something has happened."""

    def __init__(
        self, plan: BenchPlan, when: Callable[[BenchEvent], bool], do: Callable[["Run"], None]
    ) -> None:
        self.guests, self.stop, self.pause = Guests(), threading.Event(), threading.Event()
        self.events = list[BenchEvent]()
        running = runner.run(plan, self.stop, self.pause, self.guests)
        is_done = False
        with contextlib.closing(running) as events:
            for event in events:
                self.events.append(event)
                if not is_done and when(event):
                    is_done = True
                    do(self)
        self.result = finished(self.events)

    def of(self, kind: type[BenchEvent]) -> list[BenchEvent]:
        return [event for event in self.events if isinstance(event, kind)]

    def joining(self) -> Iterator[tuple[JoinChanged, list[BenchEvent], JoinChanged]]:
        """Each guest's way in: its begin, what happened meanwhile, its end."""
        changes = [i for i, event in enumerate(self.events) if isinstance(event, JoinChanged)]
        for first, last in zip(changes[::2], changes[1::2], strict=True):
            begin, end = self.events[first], self.events[last]
            assert isinstance(begin, JoinChanged)
            assert isinstance(end, JoinChanged)
            assert (begin.device, begin.is_joining, end.is_joining) == (end.device, True, False)
            yield begin, self.events[first + 1 : last], end


def is_block(event: BenchEvent) -> bool:
    return isinstance(event, BlockMeasured)


def ask_for(*devices: BenchDevice) -> Callable[[Run], None]:
    def ask(run: Run) -> None:
        assert [run.guests.ask(device) for device in devices] == [""] * len(devices)

    return ask


def turns(run: DeviceRun) -> set[int]:
    return {block.turn for block in run.blocks}


def trained_s(run: DeviceRun) -> float:
    return sum(block.end_at_s - block.start_at_s for block in run.blocks)


@pytest.fixture(scope="module")
def joined(tmp_path_factory: pytest.TempPathFactory) -> Run:
    plan = make_plan(data_dir=write_set(tmp_path_factory.mktemp("data")), training_s=3.0)
    return Run(plan, is_block, ask_for(AGAIN, AGAIN))


def test_a_guest_is_started_while_the_others_rest(joined: Run) -> None:
    ((begin, between, end),) = joined.joining()
    assert begin.device == AGAIN
    assert begin.at_s < end.at_s
    kinds = {type(event) for event in between}
    assert {DeviceStarted, StageEntered} <= kinds
    assert kinds <= {DeviceStarted, StageEntered, SampleTaken, WatchChanged}
    assert all(e.device == "cpu:0" for e in between if isinstance(e, StageEntered))
    first, guest = joined.result.devices
    for block in first.blocks:
        assert block.end_at_s <= begin.at_s or block.start_at_s >= end.at_s
    assert guest.blocks[0].start_at_s > end.at_s


def test_a_guest_has_its_own_time_evaluation_and_ceilings(joined: Run) -> None:
    first, guest = joined.result.devices
    assert (guest.device, guest.label, guest.outcome) == ("cpu:0", "GPU 0", Outcome.DONE)
    assert trained_s(guest) >= 3.0
    assert guest.evaluation is not None
    assert guest.repeats_bitwise is True
    assert [c.name for c in guest.ceilings] == [c.name for c in first.ceilings]
    assert guest.ceilings


def test_a_guest_is_compared_in_turns_that_both_had(joined: Run) -> None:
    first, guest = joined.result.devices
    assert min(turns(guest)) > min(turns(first)) == 0
    assert turns(guest) <= turns(first)
    (speed_up,) = joined.result.speed_ups
    assert (speed_up.device, speed_up.baseline) == ("cpu:0", "cpu")


def test_a_device_that_is_in_already_does_not_join_a_second_time(joined: Run) -> None:
    assert len(list(joined.joining())) == 1
    assert len(joined.of(DeviceFinished)) == 2


def test_once_the_training_is_over_nobody_joins_and_is_told_why(tmp_path: Path) -> None:
    answers = list[str]()
    plan = make_plan(data_dir=write_set(tmp_path))
    run = Run(
        plan,
        lambda event: event == StageEntered(device="cpu", stage="repeat"),
        lambda of: answers.append(of.guests.ask(AGAIN)),
    )
    assert answers == ["the training is over: what is left could not be compared with it"]
    assert [one.device for one in run.result.devices] == ["cpu"]


def test_a_guest_that_fails_leaves_the_others_their_run(tmp_path: Path) -> None:
    plan = make_plan(data_dir=write_set(tmp_path), training_s=1.0)
    run = Run(plan, is_block, ask_for(NOWHERE))
    done, failed = run.result.devices
    assert (failed.outcome, failed.stage) == (Outcome.FAILED, "device")
    assert (done.outcome, done.evaluation is not None) == (Outcome.DONE, True)
    ((_, between, _),) = run.joining()
    assert isinstance(between[-1], DeviceFinished)


def test_a_guest_of_a_run_that_is_paused_joins_once_it_goes_on(tmp_path: Path) -> None:
    plan = make_plan(data_dir=write_set(tmp_path), training_s=1.0)

    def ask_and_pause(run: Run) -> None:
        run.guests.ask(NOWHERE)
        run.pause.set()
        threading.Timer(1.0, run.pause.clear).start()

    run = Run(plan, is_block, ask_and_pause)
    ((begin, _, _),) = run.joining()
    resumed = run.of(PauseChanged)[-1]
    assert isinstance(resumed, PauseChanged)
    assert (resumed.is_paused, resumed.at_s <= begin.at_s) == (False, True)


def test_a_run_stopped_while_a_guest_waits_refuses_it() -> None:
    def ask_and_stop(run: Run) -> None:
        run.guests.ask(AGAIN)
        run.stop.set()

    run = Run(make_plan(training_s=600.0), is_block, ask_and_stop)
    (refused,) = run.of(GuestRefused)
    assert isinstance(refused, GuestRefused)
    assert refused.device == AGAIN
    assert [one.device for one in run.result.devices] == ["cpu"]


class ScarceMemory:
    available = 1024**3


def test_a_guest_whose_worker_finds_no_room_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(psutil, "virtual_memory", ScarceMemory)
    plan = make_plan(data_dir=write_set(tmp_path), training_s=1.0)
    run = Run(plan, is_block, ask_for(AGAIN))
    assert run.of(GuestRefused) == [
        GuestRefused(
            device=AGAIN, why="its worker takes 2.0 GiB of main memory, and 1.0 GiB are free"
        )
    ]
    assert [one.device for one in run.result.devices] == ["cpu"]


def test_where_devices_train_one_after_the_other_nobody_joins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(psutil, "virtual_memory", ScarceMemory)
    plan = make_plan(devices=(NOWHERE, CPU), data_dir=write_set(tmp_path), training_s=1.0)
    answers = list[str]()
    Run(plan, is_block, lambda of: answers.append(of.guests.ask(AGAIN)))
    assert answers == ["memory is short here: the devices train one after the other"]


def test_guests_wait_once_each_until_they_are_taken() -> None:
    guests = Guests()
    assert [guests.ask(one) for one in (AGAIN, NOWHERE, AGAIN)] == ["", "", ""]
    assert guests.waiting == (AGAIN, NOWHERE)
    assert guests.take() == (AGAIN, NOWHERE)
    assert [*guests.waiting, *guests.take()] == []


def test_who_is_not_taken_before_it_is_closed_is_told_so_until_another_run_begins() -> None:
    guests = Guests()
    guests.ask(AGAIN)
    assert guests.close("too late") == (AGAIN,)
    assert guests.close("over") == ()
    assert (guests.ask(NOWHERE), guests.waiting) == ("too late", ())
    guests.open()
    assert (guests.ask(NOWHERE), guests.waiting) == ("", (NOWHERE,))
