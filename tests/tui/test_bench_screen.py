import dataclasses
import threading
from collections.abc import Iterator

import msgspec
import pytest

from rigcheck.bench import events
from rigcheck.bench.events import BenchEvent
from rigcheck.bench.plan import BenchPlan
from rigcheck.bench.result import BenchRun, Outcome
from rigcheck.bench.tier import Tier
from rigcheck.check_events import CheckEvent
from rigcheck.errors import RigcheckError
from rigcheck.facts import Absent, Reason, Rig, Torch
from rigcheck.monitor.sample import GpuSample, Sample, SamplerCost, XidEvent
from rigcheck.report.definitions import definition
from rigcheck.terminal import Glyphs
from rigcheck.tui.app import RigcheckApp
from rigcheck.tui.bench_model import Rest
from rigcheck.tui.bench_screen import BenchScreen
from rigcheck.tui.metrics import OF_A_GPU, OF_THE_HOST
from tests.tui.pilot import running, screen_lines, screen_text, until, until_shown
from tests.tui.streams import (
    INSTALL,
    NO_CODE,
    RIG,
    TERMINAL,
    bench_events,
    block,
    check_events,
    device,
    device_run,
    options,
    started,
    training_events,
    until_stopped,
)

HOSTILE = "\x1b]0;owned\x07[bold red]x[/] \u202eevil"


def bench_screen(app: object) -> BenchScreen:
    assert isinstance(app, RigcheckApp)
    assert isinstance(app.screen, BenchScreen)
    return app.screen


async def test_from_start_to_result() -> None:
    async with running(options()) as (_, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b")
        await until_shown(
            pilot,
            "LeNet · MNIST (60,000 images) · batch 100 · 10 s a device",
            "1 CPU   Athlon X4 …   16.4 k   ±2 %  0.500  96.8 % test",
            "2 GPU 0 GTX 960        101 k   ±2 %  0.500  96.8 % test",
            "✓ done",
            "GPU 0 trains LeNet 6.2× as fast as the CPU (6–6.4)",
            "images/s in training",
            "GPU 0 busy",
            "GPU 97 %",
            "100 %┤",
            "s start again",
        )


async def test_while_it_runs_the_device_at_work_is_shown_and_x_stops_it() -> None:
    endless = dataclasses.replace(options(), bench=until_stopped)
    async with running(endless) as (app, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b")
        await until_shown(pilot, "▸1 CPU", "CPU busy", "91.0 % train", "training    ", "x stop")
        assert "waiting" in screen_text(app)
        await pilot.press("x")
        await until_shown(pilot, "! cancelled", "stopping; what was measured stays")
        assert app.work.bench is not None
        assert app.work.bench.finished is not None


async def test_beside_training_on_the_cpu_it_draws_half_as_often() -> None:
    endless = dataclasses.replace(options(), bench=until_stopped)
    async with running(endless) as (app, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b")
        await until_shown(pilot, "91.0 % train")
        beside = bench_screen(app).draws_every
        await pilot.press("x")
        await until_shown(pilot, "! cancelled")
        assert (beside, bench_screen(app).draws_every) == (4, 2)


async def test_keys_choose_device_and_metric() -> None:
    async with running(options(n_gpus=2)) as (app, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b")
        await until_shown(pilot, "✓ done")
        await pilot.press("1")
        await until_shown(pilot, "▸1 CPU", "CPU busy", "busiest core 70 %")
        await pilot.press("m")
        await until_shown(pilot, "CPU busy per core", "core 3┤")
        await pilot.press("m")
        await until_shown(pilot, "CPU memory used", "CPU 3.0 GiB")
        await pilot.press("right_square_bracket")
        await until_shown(pilot, "▸2 GPU 0", "GPU 0 memory used", "GPU 1.0 GiB")
        await pilot.press("M", "M")
        await until_shown(pilot, "GPU 0 busy")
        await pilot.press("m")
        await until_shown(pilot, "GPU 0 power", "GPU 82 W")
        await pilot.press("up", "up")
        assert bench_screen(app).chosen == "cuda:1"
        await pilot.press("9")
        assert bench_screen(app).chosen == "cuda:1"
        await pilot.press("j")
        assert (bench_screen(app).chosen, bench_screen(app).metric) == ("cpu", OF_THE_HOST[0])


async def test_every_metric_of_a_gpu_has_its_plot_and_its_definition_by_one_key() -> None:
    async with running(options()) as (app, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b", "2", "d")
        for metric in OF_A_GPU:
            meter = metric.meters[-1]
            begins = " ".join(definition(meter.field).split()[:6])
            await until_shown(pilot, f"GPU 0 {metric.name}", f"{meter.name}  {begins}")
            await pilot.press("m")
        await until(pilot, lambda: bench_screen(app).metric == OF_A_GPU[0])
        await pilot.press("d")
        await until_shown(pilot, "GPU 0 trains LeNet 6.2× as fast as the CPU")


async def test_a_gpu_that_trains_alone_has_the_metrics_of_its_host_too() -> None:
    alone = dataclasses.replace(
        options(), make_plan=lambda _rig: BenchPlan(python="py", devices=(device(0),))
    )
    async with running(alone) as (_, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b")
        await until_shown(pilot, "GPU 0 trains LeNet at")
        await pilot.press("M")
        await until_shown(pilot, "CPU temperature")
        await pilot.press("M", "M", "M")
        await until_shown(pilot, "CPU busy per core", "core 0┤")


HELD_BACK = GpuSample(
    gpu="GPU-0",
    utilization_percent=97.0,
    clocks_event_reasons=("power cap", "power brake"),
)


def held_back(of: BenchPlan, stop: threading.Event) -> Iterator[BenchEvent]:
    """The GPU's clocks are held back from second 6 on, and at 7.5 an Xid comes."""
    for on in of.devices:
        yield from list(training_events(on, 5.0 * (on.device != "cpu"), 16_400.0))[:-1]
    for half in range(15, 24):
        gpus = (HELD_BACK,) if half > 16 else ()
        xids = (XidEvent(time_s=8.8, gpu="GPU-0", xid=79),) if half == 18 else ()
        told = Sample(time_s=half / 2, gpus=gpus, xids=xids)
        yield events.SampleTaken(sample=told)
    yield events.WatchChanged(cost=SamplerCost(cpu_share=0.0034, samples=40, missed=0))
    stop.wait()


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (200, 60)])
async def test_what_holds_the_clocks_back_is_told_in_words_below_the_plot(
    size: tuple[int, int],
) -> None:
    told = dataclasses.replace(options(), bench=held_back)
    async with running(told, size=size) as (app, pilot):
        await until(pilot, lambda: app.work.check.finished)
        await pilot.press("b", "2")
        await until_shown(pilot, "Xid 79")
        if size == (40, 12):
            await until_shown(pilot, "GPU 0 busy: Xid 79 at 9 s")
        else:
            await until_shown(pilot, "^power brake", "+1 more")
            await pilot.press("m", "m")
            await until_shown(pilot, "GPU 0 memory used", "^Xid 79")
        await pilot.press("1")
        await until(pilot, lambda: "Xid" not in screen_text(app))


async def test_what_watching_costs_is_told_where_there_is_room() -> None:
    told = dataclasses.replace(options(), bench=held_back)
    async with running(told, size=(120, 30)) as (app, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b")
        await until_shown(pilot, "watching costs 0.34 % of a core")
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: "watching costs" not in screen_text(app))
        await until_shown(pilot, "watch 0.34 %")


async def test_why_a_gpu_has_no_meters_is_told_in_their_place() -> None:
    def blind(of: BenchPlan, _stop: threading.Event) -> Iterator[BenchEvent]:
        yield from list(training_events(of.devices[0], 0.0, 16_400.0))[:3]
        why = Absent(Reason.NO_PERMISSION, "nvmlInitWithFlags", "Insufficient Permissions")
        yield events.WatchChanged(no_gpus=why)

    async with running(dataclasses.replace(options(), bench=blind)) as (_, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b", "2", "m")
        await until_shown(
            pilot, "no GPU has meters: no permission (Insufficient Permissions)", "GPU 0 power"
        )


async def test_devices_and_length_are_chosen_by_keys_before_a_run() -> None:
    plans = list[BenchPlan]()

    def noted(of: BenchPlan, _stop: threading.Event) -> Iterator[BenchEvent]:
        plans.append(of)
        yield from bench_events(of)

    async with running(dataclasses.replace(options(n_gpus=2), bench=noted)) as (_, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("B")
        await until_shown(pilot, "[x] NVIDIA GeForce GTX 960", "< 10 s a device >", "< quick")
        await pilot.press("1", "3", "l", "f", "enter")
        await until_shown(pilot, "30 s a device", "✓ done", "▸1 GPU 0")
        (first,) = plans
        assert [d.device for d in first.devices] == ["cuda:0"]
        assert (first.training_s, first.is_full, first.tiers) == (30.0, True, tuple(Tier))
        await pilot.press("o")
        await until_shown(pilot, "[ ] AMD Athlon X4 760K", "< 30 s a device >", "< full")
        await pilot.press("space", "down", "down", "right", "down", "space", "s")
        await until(pilot, lambda: len(plans) == 2)
        await until_shown(pilot, "60 s a device", "1 CPU")
        assert [d.device for d in plans[1].devices] == ["cpu", "cuda:0"]
        assert not plans[1].is_full


async def test_nothing_is_run_where_the_choice_is_cancelled_or_empty() -> None:
    async with running(options(n_gpus=0)) as (app, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("B")
        await until_shown(pilot, "this device alone")
        await pilot.press("1", "enter")
        await until_shown(pilot, "choose one device at least")
        await pilot.press("escape")
        await until_shown(pilot, "nothing runs: s starts, o chooses devices", "s start")
        assert app.work.bench is None


async def test_while_one_runs_no_other_is_chosen() -> None:
    async with running(dataclasses.replace(options(), bench=until_stopped)) as (app, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b")
        await until_shown(pilot, "x stop")
        await pilot.press("o")
        await until_shown(pilot, "not while one runs: x stops it")
        assert isinstance(app.screen, BenchScreen)


@pytest.mark.parametrize("size", [(20, 5), (40, 10), (200, 60)])
async def test_choices_fit_any_size_and_eight_gpus_scroll(size: tuple[int, int]) -> None:
    async with running(options(n_gpus=8), size=size) as (app, pilot):
        await until(pilot, lambda: app.work.check.finished)
        await pilot.press("B")
        await until_shown(pilot, "▸ 1 CPU", "q quit")
        await pilot.press("up", "up", "up")
        await until_shown(pilot, "▸ 9 GPU 7")


async def test_p_pauses_and_goes_on() -> None:
    told = options()

    def resting(of: BenchPlan, stop: threading.Event) -> Iterator[BenchEvent]:
        yield from list(training_events(of.devices[0], 0.0, 16_400.0))[:-2]
        while not told.pause.wait(0.01) and not stop.is_set():
            pass
        yield events.PauseChanged(is_paused=True, at_s=1.0)
        while told.pause.is_set() and not stop.wait(0.01):
            pass
        yield events.PauseChanged(is_paused=False, at_s=1.5)
        stop.wait()

    async with running(dataclasses.replace(told, bench=resting)) as (app, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b")
        await until_shown(pilot, "p pause")
        await pilot.press("p")
        await until_shown(pilot, "paused · ", "p go on", "^paused")
        await pilot.press("p")
        rest = Rest("paused", 1.0, 1.5)
        await until(pilot, lambda: app.work.bench and app.work.bench.rests == [rest])
        await until_shown(pilot, "p pause")
        assert "paused · " not in screen_text(app)


def long_ago(of: BenchPlan, stop: threading.Event) -> Iterator[BenchEvent]:
    """Turns of the CPU, one of them in another form, and a long gap."""
    yield started(of.devices[0])
    for start_s, tier in ((0, Tier.IN_MEMORY), (1, Tier.AS_WRITTEN), (10, Tier.IN_MEMORY)):
        images_per_s = 1_000.0 if tier is Tier.IN_MEMORY else 90.0
        yield events.BlockMeasured(
            device="cpu", tier=tier, block=block(start_s, images_per_s), progress=0.1
        )
    stop.wait()


async def test_the_plots_are_zoomed_scrolled_and_shown_whole_by_keys() -> None:
    async with running(dataclasses.replace(options(n_gpus=0), bench=long_ago)) as (app, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b")
        await until_shown(pilot, "1 CPU 1.00 k", "└0 s", "┴10 s")
        await pilot.press("left")
        await until_shown(pilot, "the whole run is shown: + shows a part of it")
        await pilot.press("plus", "plus")
        await until_shown(pilot, "0–4 s of ", "┴3 s")
        await pilot.press("minus")
        await until_shown(pilot, "0–8 s of ", "┴6 s")
        await pilot.press("0")
        await until_shown(pilot, "┴10 s")
        assert " s of " not in screen_lines(app)[0]


async def test_t_plots_the_throughput_of_the_other_form() -> None:
    async with running(dataclasses.replace(options(n_gpus=0), bench=long_ago)) as (_, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b")
        await until_shown(pilot, "1 CPU 1.00 k", "as-written · 90.0 images/s so far")
        await pilot.press("t")
        await until_shown(pilot, "images/s in training, as-written", "1 CPU 90.0")
        await pilot.press("t")
        await until_shown(pilot, "1 CPU 1.00 k")


async def test_w_tells_why() -> None:
    async with running(options()) as (_, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b", "w")
        await until_shown(pilot, "why   what holds GPU 0 back could not be told")
        await pilot.press("w")
        await until_shown(pilot, "GPU 0 trains LeNet 6.2× as fast as the CPU")


async def test_help_called_from_here_begins_with_the_benchmark() -> None:
    async with running(options()) as (_, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b", "question_mark")
        await until_shown(pilot, "Keys of the benchmark", "Figures of the benchmark")


async def test_eight_gpus_fit_80_by_24_and_scroll_with_the_choice() -> None:
    async with running(options(n_gpus=8)) as (app, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b")
        await until(pilot, lambda: app.work.bench is not None and app.work.bench.ended)
        await pilot.press("1")
        await until_shown(pilot, "▸1 CPU", "images/s in training", "CPU busy", "q quit")
        assert "9 GPU 7" not in screen_text(app).partition("images/s in training")[0]
        await pilot.press("9")
        await until_shown(pilot, "▸9 GPU 7", "GPU 7 busy")


async def test_on_a_large_screen_all_meters_are_plotted() -> None:
    async with running(options(), size=(200, 60)) as (_, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b", "2")
        await until_shown(
            pilot, "GPU 0 busy", "GPU 0 power", "GPU 0 memory used", "GPU 0 temperature", "16.1 k –"
        )


@pytest.mark.parametrize("key", ["1", "2"])
async def test_before_the_first_reading_every_plot_says_so(key: str) -> None:
    def silent(of: BenchPlan, stop: threading.Event) -> Iterator[BenchEvent]:
        yield events.StageEntered(device=of.devices[0].device, stage="training")
        stop.wait()

    async with running(dataclasses.replace(options(), bench=silent), size=(200, 60)) as (
        _,
        pilot,
    ):
        await until_shown(pilot, "4/4")
        await pilot.press("b", key)
        await until_shown(pilot, "nothing trained yet", "no reading yet")
        await pilot.press("m", "m")
        await until_shown(pilot, "memory used")


async def test_the_benchmark_waits_for_the_check() -> None:
    released = threading.Event()

    def slow() -> Iterator[CheckEvent]:
        *most, last = check_events()
        yield from most[:5]
        released.wait()
        yield from (*most[5:], last)

    async with running(dataclasses.replace(options(), check=slow)) as (app, pilot):
        await until_shown(pilot, "1/4")
        await pilot.press("b")
        await until_shown(pilot, "starts once the check is through: PyTorch, CPU, Memory")
        assert app.work.bench is None
        released.set()
        await until_shown(pilot, "✓ done")


async def test_it_goes_on_while_another_screen_is_shown() -> None:
    endless = dataclasses.replace(options(), bench=until_stopped)
    async with running(endless) as (app, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b")
        await until_shown(pilot, "training    ")
        await pilot.press("escape")
        await until_shown(pilot, "4/4")
        assert app.work.benching
        await pilot.press("r")
        await until_shown(pilot, "not while the benchmark runs")
        await pilot.press("b")
        await until_shown(pilot, "training    ")


async def test_s_starts_again() -> None:
    n_runs = 0

    def counted(of: BenchPlan, _stop: threading.Event) -> Iterator[BenchEvent]:
        nonlocal n_runs
        n_runs += 1
        yield from options().bench(of, _stop)

    async with running(dataclasses.replace(options(), bench=counted)) as (_, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b")
        await until_shown(pilot, "s start again")
        await pilot.press("s")
        await until(pilot, lambda: n_runs == 2)
        await until_shown(pilot, "✓ done")


async def test_without_torch_the_remedy_is_shown_instead() -> None:
    no_torch = Torch(version=Absent(Reason.NOT_THERE, "import torch"))
    missing = msgspec.structs.replace(NO_CODE, id="torch-missing", headline="no torch here")

    def no_plan(_rig: Rig) -> BenchPlan:
        raise RigcheckError("no torch that works, so nothing can be trained", hint="see above")

    told = dataclasses.replace(
        options(),
        check=lambda: check_events(
            rig=msgspec.structs.replace(RIG, torch=no_torch), findings=(missing,)
        ),
        make_plan=no_plan,
    )
    async with running(told) as (app, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b")
        await until_shown(
            pilot, "✗ no torch that works, so nothing can be trained", "mend", "pip install torch"
        )
        await pilot.press("c")
        assert app.clipboard == INSTALL


async def test_a_plan_that_cannot_be_made_says_why_with_its_hint() -> None:
    def no_plan(_rig: Rig) -> BenchPlan:
        raise RigcheckError("no such device: cuda:3", hint="there is cpu (CPU)")

    async with running(dataclasses.replace(options(), make_plan=no_plan)) as (_, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b")
        await until_shown(pilot, "✗ no such device: cuda:3", "mend  there is cpu (CPU)")


async def test_a_run_that_breaks_off_says_why_in_place() -> None:
    def broken(of: BenchPlan, _stop: threading.Event) -> Iterator[BenchEvent]:
        yield from list(training_events(of.devices[0], 0.0, 16_400.0))[:5]
        raise RigcheckError("train-images is cut short", hint="fetch it again")

    async with running(dataclasses.replace(options(), bench=broken)) as (_, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b")
        await until_shown(
            pilot, "✗ train-images is cut short", "mend  fetch it again", "s start again"
        )


async def test_a_device_that_fails_says_why_below_its_line() -> None:
    def failing(of: BenchPlan, _stop: threading.Event) -> Iterator[BenchEvent]:
        cpu, gpu = of.devices
        yield from training_events(cpu, 0.0, 16_400.0)
        run = device_run(
            gpu,
            outcome=Outcome.FAILED,
            error="CUDA out of memory",
            hint="close what else uses it",
            images_per_s=None,
        )
        yield events.DeviceFinished(run=run)
        result = BenchRun(started_at="", devices=(run,), speed_ups=(), samples=())
        yield events.BenchFinished(run=result)

    async with running(dataclasses.replace(options(), bench=failing)) as (_, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b")
        await until_shown(pilot, "✗ failed", "why  CUDA out of memory", "close what else uses it")


async def test_hostile_device_names_and_errors_reach_the_screen_as_harmless_text() -> None:
    evil = dataclasses.replace(device(0, name=HOSTILE), label=HOSTILE)

    def failing(_of: BenchPlan, _stop: threading.Event) -> Iterator[BenchEvent]:
        run = device_run(evil, outcome=Outcome.FAILED, error=HOSTILE, hint=HOSTILE)
        yield events.DeviceFinished(run=run)
        raise RuntimeError(HOSTILE)

    told = dataclasses.replace(
        options(), make_plan=lambda _rig: BenchPlan(python="py", devices=(evil,)), bench=failing
    )
    async with running(told, size=(160, 40)) as (app, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b")
        await until_shown(pilot, "✗ failed", "why  \\x1b]0;owned", "rigcheck itself failed")
        assert screen_text(app).replace("\n", "").isprintable()


@pytest.mark.parametrize("size", [(120, 40), (64, 14), (44, 16), (20, 5)])
async def test_it_works_at_any_size(size: tuple[int, int]) -> None:
    async with running(options(), size=size) as (app, pilot):
        await until(pilot, lambda: app.work.check.finished)
        await pilot.press("b")
        await until_shown(pilot, "busy")
        assert [len(screen_lines(app)), "q quit" in screen_lines(app)[-1]] == [size[1], True]


async def test_it_bears_every_change_of_size() -> None:
    async with running(options(n_gpus=3)) as (app, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b")
        for size in ((200, 60), (20, 5), (1, 1), (500, 3), (80, 24)):
            await pilot.resize_terminal(*size)
            while app.size != size:
                await pilot.pause()
        await until_shown(pilot, "GPU 0 trains LeNet", "images/s in training", "✓ done")


@pytest.mark.parametrize(
    ("glyphs", "drawn"), [(Glyphs.BRAILLE, "⠒"), (Glyphs.BLOCKS, "▀"), (Glyphs.ASCII, "'")]
)
async def test_plots_are_drawn_with_what_the_terminal_has(glyphs: Glyphs, drawn: str) -> None:
    terminal = msgspec.structs.replace(TERMINAL, glyphs_asked_for=glyphs.value)
    async with running(options(terminal=terminal)) as (_, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b")
        await until_shown(pilot, "✓ done", drawn * 3)


async def test_without_colour_none_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with running(options()) as (app, pilot):
        await until_shown(pilot, "4/4", "✗ PyTorch 1 fail")
        await pilot.press("b")
        await until_shown(pilot, "✓ done", "1 CPU", "2 GPU 0")
        assert "NoColor" in {type(f).__name__ for f in app._filters}


async def test_a_click_chooses_a_device() -> None:
    async with running(options(n_gpus=2)) as (app, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b")
        await until_shown(pilot, "✓ done")
        row = next(i for i, line in enumerate(screen_lines(app)) if "GPU 1" in line)
        await pilot.click(offset=(12, row))
        await until_shown(pilot, "▸3 GPU 1")
