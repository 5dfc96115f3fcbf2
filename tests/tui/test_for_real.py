"""The interface over real probes, rules and workers, nothing in place of anything."""

import dataclasses
import sys
from pathlib import Path

import msgspec
import psutil

from rigcheck.bench.devices import bench_devices
from rigcheck.bench.plan import BenchPlan
from rigcheck.bench.result import Outcome
from rigcheck.bench.runner import run
from rigcheck.check import check
from rigcheck.facts import Found, Rig, Torch, TorchDevice
from rigcheck.probes.probe import ProbeContext
from rigcheck.tui.session import Options
from tests.tui.pilot import running, screen_text, until, until_shown
from tests.tui.streams import RIG, TERMINAL, check_events, options


def cpu_plan(rig: Rig, training_s: float = 1.0) -> BenchPlan:
    """On one thread: two wait for each other where something else has a core."""
    first = bench_devices(rig)[:1]
    return BenchPlan(python=sys.executable, devices=first, training_s=training_s, threads=1)


async def test_from_start_to_result(tmp_path: Path) -> None:
    context = ProbeContext(python=sys.executable, data_dir=tmp_path)
    real = Options(terminal=TERMINAL, check=lambda: check(context), make_plan=cpu_plan, bench=run)
    async with running(real) as (app, pilot):
        await until(pilot, lambda: app.work.check.finished)
        await until_shown(pilot, "PyTorch", "b benchmark")
        await pilot.press("b")
        await until(pilot, lambda: app.work.bench is not None and app.work.bench.ended)
        await until_shown(
            pilot, "built-in digits (60,000 images)", "✓ done", "CPU trains LeNet at", "% test"
        )
        assert "nothing was trained" not in screen_text(app)
    session = app.work.session()
    assert not session.interrupted
    assert session.bench is not None
    assert [run.outcome for run in session.bench.devices] == [Outcome.DONE]


async def test_a_device_that_is_added_trains_beside_the_first() -> None:
    again = TorchDevice(device="cpu:0", name="the CPU once more", uuid=Found("GPU-0", "torch"))
    torch = Torch(version=Found("2.15.0", "torch"), devices=Found((again,), "torch"))
    told = options()
    real = dataclasses.replace(
        told,
        check=lambda: check_events(rig=msgspec.structs.replace(RIG, torch=torch)),
        make_plan=lambda rig: cpu_plan(rig, training_s=600.0),
        bench=lambda of, stop: run(of, stop, told.pause, told.guests),
    )
    async with running(real) as (app, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b")
        await until_shown(pilot, "a add device")
        await pilot.press("a")
        await until_shown(pilot, "2 GPU 0", "^GPU 0 joins")
        bench = app.work.bench
        assert bench is not None
        await until(pilot, lambda: bench.devices["cpu:0"].images_per_s)
        await pilot.press("x")
        await until(pilot, lambda: bench.ended)
    assert bench.finished is not None
    assert [run.device for run in bench.finished.devices] == ["cpu", "cpu:0"]
    assert all(run.blocks for run in bench.finished.devices)


async def test_quitting_in_the_middle_leaves_no_process_behind() -> None:
    real = dataclasses.replace(
        options(), make_plan=lambda rig: cpu_plan(rig, training_s=600.0), bench=run
    )
    async with running(real) as (app, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b")
        await until(pilot, lambda: app.work.bench is not None and app.work.bench.at_work)
        await until_shown(pilot, "import torch")
        workers = psutil.Process().children(recursive=True)
        assert workers
        await pilot.press("q")
    app.work.end()
    _, alive = psutil.wait_procs(workers, timeout=10)
    assert alive == []
    session = app.work.session()
    assert session.interrupted
    assert session.bench is not None
    assert [run.outcome for run in session.bench.devices] == [Outcome.CANCELLED]
