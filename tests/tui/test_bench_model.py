from rigcheck.bench import events
from rigcheck.bench.events import BenchEvent
from rigcheck.bench.plan import BenchPlan
from rigcheck.bench.tier import Tier
from rigcheck.tui.bench_model import BenchModel, Rest
from tests.tui.streams import bench_events, block, device, device_run, plan, started


class Clock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def model_after(of: BenchPlan, *told: BenchEvent, clock: Clock | None = None) -> BenchModel:
    model = BenchModel(of, clock or Clock())
    for event in told:
        model.take(event)
    return model


def measured(images_per_s: float, start_at_s: float = 0.0, loss: float | None = 0.5) -> BenchEvent:
    return events.BlockMeasured(
        device="cpu", block=block(start_at_s, images_per_s, loss), progress=0.5
    )


def test_every_device_of_the_plan_is_there_from_the_start() -> None:
    model = model_after(plan(n_gpus=2))
    assert [d.ending for d in model.devices.values()] == ["waiting"] * 3
    assert model.at_work == ""


def test_a_device_says_which_stage_it_is_in() -> None:
    entered = events.StageEntered(device="cpu", stage="import torch")
    model = model_after(plan(), started(device()), entered)
    assert model.devices["cpu"].ending == "import torch"
    assert model.at_work == "cpu"


def test_the_rate_so_far_is_the_median_of_the_blocks() -> None:
    told = [measured(rate, i) for i, rate in enumerate((100.0, 300.0, 200.0))]
    progress = model_after(plan(), *told).devices["cpu"]
    assert (progress.images_per_s, progress.rate, progress.loss) == (200.0, None, 0.5)
    assert [span.value for span in progress.forms[Tier.IN_MEMORY].rates] == [100.0, 300.0, 200.0]


def test_once_a_device_is_through_its_result_counts() -> None:
    finished = events.DeviceFinished(run=device_run(device(), images_per_s=250.0))
    progress = model_after(plan(), measured(100.0), finished).devices["cpu"]
    assert progress.images_per_s == 250.0
    assert progress.ending == "done"


def test_a_loss_that_is_no_number_is_none() -> None:
    assert model_after(plan(), measured(100.0, loss=None)).devices["cpu"].loss is None


def test_a_whole_run_is_told_to_its_end() -> None:
    model = model_after(plan(), *bench_events(plan()))
    assert model.ended
    assert model.finished is not None
    assert model.devices["cuda:0"].test_accuracy == 0.968


def test_the_time_axis_holds_the_plan_and_grows_when_it_takes_longer() -> None:
    clock = Clock()
    model = model_after(plan(n_gpus=1), clock=clock)
    planned_s = model.shown_s
    assert planned_s >= 20
    clock.now_s = planned_s + 1
    assert model.shown_s == planned_s * 1.5


def test_at_the_end_the_axis_is_as_long_as_the_run_and_the_clock_stands() -> None:
    clock = Clock()
    model = model_after(plan(), clock=clock)
    clock.now_s = 12.0
    model.end()
    clock.now_s = 99.0
    assert (model.elapsed_s, model.shown_s) == (12.0, 12.0)


def test_pauses_are_known_by_their_times() -> None:
    paused = events.PauseChanged(is_paused=True, at_s=3.0)
    model = model_after(plan(), paused)
    assert (model.is_paused, model.rests) == (True, [Rest("paused", 3.0)])
    model.take(events.PauseChanged(is_paused=False, at_s=5.0))
    assert (model.is_paused, model.rests) == (False, [Rest("paused", 3.0, 5.0)])


def test_a_run_that_ended_in_its_pause_is_not_paused() -> None:
    model = model_after(plan(), events.PauseChanged(is_paused=True, at_s=3.0))
    model.end()
    assert not model.is_paused


def test_the_more_devices_take_turns_the_longer_a_line_goes_on_between_its_own() -> None:
    one, eight = BenchModel(plan(n_gpus=0)), BenchModel(plan(n_gpus=7))
    assert eight.joins_s(Tier.IN_MEMORY) == 8 * one.joins_s(Tier.IN_MEMORY)
    assert one.joins_s(Tier.AS_WRITTEN) > one.joins_s(Tier.IN_MEMORY)


def joins(at_s: float, *, begins: bool) -> BenchEvent:
    return events.JoinChanged(device=device(1), is_joining=begins, at_s=at_s)


def test_a_guest_is_there_from_the_moment_on_at_which_the_others_rest_for_it() -> None:
    model = model_after(plan(), started(device()), joins(4.0, begins=True))
    assert list(model.devices) == ["cpu", "cuda:0", "cuda:1"]
    assert (model.resting, model.is_paused) == ("GPU 1 joins", False)
    model.take(joins(9.0, begins=False))
    assert (model.resting, model.rests) == ("", [Rest("GPU 1 joins", 4.0, 9.0)])


def test_the_time_axis_grows_by_a_guest_s_time() -> None:
    model = model_after(plan(n_gpus=0), joins(4.0, begins=True))
    assert model.shown_s == BenchModel(plan(n_gpus=1)).shown_s


def test_a_guest_s_result_is_its_own() -> None:
    told = [joins(4.0, begins=True), started(device(1)), joins(9.0, begins=False)]
    run = events.DeviceFinished(run=device_run(device(1), images_per_s=250.0))
    model = model_after(plan(), *told, run)
    assert model.devices["cuda:1"].images_per_s == 250.0
    assert model.devices["cuda:0"].run is None


def test_why_a_guest_was_refused_is_known_until_another_joins() -> None:
    refused = events.GuestRefused(device=device(1), why="no room")
    model = model_after(plan(), refused)
    assert (model.refusal, list(model.devices)) == ("GPU 1 cannot join: no room", ["cpu", "cuda:0"])
    model.take(joins(4.0, begins=True))
    assert model.refusal == ""


def test_a_cpu_trains_until_it_is_through_and_not_while_all_rest() -> None:
    model = model_after(plan(n_gpus=1), started(device()))
    told = [model.trains_on_cpu]
    for event in (
        events.PauseChanged(is_paused=True, at_s=1.0),
        events.PauseChanged(is_paused=False, at_s=2.0),
        events.DeviceFinished(run=device_run(device(), images_per_s=250.0)),
    ):
        model.take(event)
        told.append(model.trains_on_cpu)
    assert told == [True, False, True, False]


def test_no_cpu_trains_where_there_is_none_or_all_has_ended() -> None:
    assert not model_after(BenchPlan(python="py", devices=(device(0),))).trains_on_cpu
    model = model_after(plan(), started(device()))
    model.end()
    assert not model.trains_on_cpu
