"""Adding a device to a benchmark at work: by a key, from the screen's side."""

import dataclasses
import threading
from collections.abc import Iterator

import msgspec
import pytest

from rigcheck.bench import events
from rigcheck.bench.events import BenchEvent
from rigcheck.bench.plan import BenchDevice, BenchPlan
from rigcheck.bench.result import BenchRun, Outcome
from rigcheck.facts import Found, Rig, Torch, TorchDevice
from rigcheck.tui.session import Options
from tests.tui.pilot import running, screen_lines, screen_text, until, until_shown
from tests.tui.streams import (
    RIG,
    block,
    check_events,
    device,
    device_run,
    options,
    started,
    training_events,
)


def rig_of(n_gpus: int) -> Rig:
    """One with so many GPUs that torch offers."""
    gpus = (
        TorchDevice(
            device=f"cuda:{i}", name="NVIDIA GeForce GTX 960", uuid=Found(f"GPU-{i}", "torch")
        )
        for i in range(n_gpus)
    )
    return msgspec.structs.replace(
        RIG, torch=Torch(version=Found("2.15.0", "torch"), devices=Found(tuple(gpus), "torch"))
    )


def on_the_cpu(n_gpus: int) -> Options:
    """A benchmark of the CPU alone until it is stopped, on a machine with so many GPUs.

    It lets guests in as the runner does.
    """
    told = options()

    def bench(of: BenchPlan, stop: threading.Event) -> Iterator[BenchEvent]:
        yield from list(training_events(of.devices[0], 0.0, 16_400.0))[:-3]
        at_s = 3.0
        while not stop.wait(0.01):
            for guest in told.guests.take():
                yield from joined(guest, at_s)
                at_s += 6.0
        run = BenchRun(started_at="", devices=(), speed_ups=(), samples=())
        yield events.BenchFinished(run=run)

    return dataclasses.replace(
        told,
        check=lambda: check_events(rig=rig_of(n_gpus)),
        make_plan=lambda _rig: BenchPlan(python="py", devices=(device(),)),
        bench=bench,
    )


def joined(guest: BenchDevice, at_s: float) -> Iterator[BenchEvent]:
    yield events.JoinChanged(device=guest, is_joining=True, at_s=at_s)
    yield started(guest)
    yield events.JoinChanged(device=guest, is_joining=False, at_s=at_s + 4)
    yield events.BlockMeasured(device=guest.device, block=block(at_s + 5, 101_000.0), progress=0.1)


async def test_the_one_device_that_is_missing_joins_at_a_key() -> None:
    async with running(on_the_cpu(n_gpus=1)) as (app, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b")
        await until_shown(pilot, "1 CPU ", "a add device", "p pause")
        assert "2 GPU 0" not in screen_text(app)
        await pilot.press("a")
        await until_shown(
            pilot, "GPU 0 joins after this round of turns", "2 GPU 0", "101 k", "^GPU 0 joins"
        )
        # Nothing more is to be added: the key is no longer named, and says why.
        await pilot.press("a")
        await until_shown(pilot, "every device that torch offers takes part already")
        await until(pilot, lambda: "p pause" in screen_text(app))
        assert "a add device" not in screen_text(app)
        await pilot.press("x")
        await until(pilot, lambda: not app.work.benching)
        # What joined is in the next run, too.
        choices = app.work.choices()
        assert choices is not None
        assert choices.chosen == {"cpu", "cuda:0"}


async def test_where_several_are_missing_one_is_chosen() -> None:
    async with running(on_the_cpu(n_gpus=3)) as (app, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b")
        await until_shown(pilot, "a add device")
        await pilot.press("a")
        await until_shown(pilot, "Which device is to join", "GPU 0  NVIDIA", "GPU 2  NVIDIA")
        await pilot.press("escape")
        await until(pilot, lambda: "Which device" not in screen_text(app))
        assert app.work.bench is not None
        assert list(app.work.bench.devices) == ["cpu"]
        await pilot.press("a")
        await until_shown(pilot, "Which device is to join")
        await pilot.press("down", "enter")
        await until_shown(pilot, "2 GPU 1")
        await pilot.press("a")
        await until_shown(pilot, "GPU 0  NVIDIA", "GPU 2  NVIDIA")
        assert "GPU 1  NVIDIA" not in screen_text(app)


@pytest.mark.parametrize("size", [(20, 5), (40, 12), (200, 60)])
async def test_the_choice_fits_any_size_and_many_gpus_scroll(size: tuple[int, int]) -> None:
    async with running(on_the_cpu(n_gpus=16), size=size) as (app, pilot):
        await until(pilot, lambda: app.work.check.finished)
        await pilot.press("b")
        await until(pilot, lambda: app.work.missing_devices)
        await pilot.press("a")
        await until_shown(pilot, "GPU 0")
        await pilot.press("up")
        await until_shown(pilot, "GPU 15")
        assert len(screen_lines(app)) == size[1]


async def test_once_the_run_takes_nobody_the_key_says_why() -> None:
    told = on_the_cpu(n_gpus=1)
    async with running(told) as (app, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b")
        await until_shown(pilot, "a add device")
        told.guests.close("the training is over")
        await pilot.press("a")
        await until_shown(pilot, "the training is over")
        assert app.work.guests == ()
        choices = app.work.choices()
        assert choices is not None
        assert choices.chosen == {"cpu"}


async def test_a_guest_that_finds_no_room_is_told_of() -> None:
    told = on_the_cpu(n_gpus=1)

    def full(of: BenchPlan, stop: threading.Event) -> Iterator[BenchEvent]:
        yield from list(training_events(of.devices[0], 0.0, 16_400.0))[:-3]
        while not stop.wait(0.01):
            for guest in told.guests.take():
                yield events.GuestRefused(device=guest, why="its worker takes 2.0 GiB")

    async with running(dataclasses.replace(told, bench=full)) as (app, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b")
        await until_shown(pilot, "a add device")
        await pilot.press("a")
        await until_shown(pilot, "GPU 0 cannot join: its worker takes 2.0 GiB")
        assert "2 GPU 0" not in screen_text(app)


async def test_a_device_that_failed_cannot_be_added_again() -> None:
    def failing(of: BenchPlan, stop: threading.Event) -> Iterator[BenchEvent]:
        cpu, gpu = of.devices
        yield from list(training_events(cpu, 0.0, 16_400.0))[:-3]
        run = device_run(gpu, outcome=Outcome.FAILED, error="CUDA out of memory", images_per_s=None)
        yield events.DeviceFinished(run=run)
        stop.wait()

    told = dataclasses.replace(
        on_the_cpu(n_gpus=1),
        make_plan=lambda _rig: BenchPlan(python="py", devices=(device(), device(0))),
        bench=failing,
    )
    async with running(told) as (_, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b")
        await until_shown(pilot, "✗ failed")
        await pilot.press("a")
        await until_shown(pilot, "GPU 0 has failed and cannot join again: x stops, then s starts")


async def test_without_a_benchmark_at_work_nobody_is_added() -> None:
    async with running(options()) as (app, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b")
        await until_shown(pilot, "✓ done", "s start again")
        await until(pilot, lambda: not app.work.benching)
        await pilot.press("a")
        await until_shown(pilot, "nothing runs: o chooses the devices of the next one")


async def test_a_guest_of_a_paused_run_joins_once_it_goes_on() -> None:
    told = on_the_cpu(n_gpus=1)

    def paused(of: BenchPlan, stop: threading.Event) -> Iterator[BenchEvent]:
        yield from list(training_events(of.devices[0], 0.0, 16_400.0))[:-3]
        yield events.PauseChanged(is_paused=True, at_s=3.0)
        stop.wait()

    async with running(dataclasses.replace(told, bench=paused)) as (app, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b")
        await until_shown(pilot, "paused · ")
        await pilot.press("a")
        await until_shown(pilot, "GPU 0 joins once the run goes on")
        assert app.work.guests == (device(0),)


async def test_the_palette_names_it() -> None:
    async with running(on_the_cpu(n_gpus=1)) as (_, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b")
        await until_shown(pilot, "a add device")
        await pilot.press("ctrl+p")
        await pilot.press(*"add a dev")
        await until_shown(pilot, "Add a device to this run")
