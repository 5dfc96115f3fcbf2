"""The benchmark screen over the real sampler and an NVML that plays a scenario."""

import pytest

from tests.nvml.fake import PlugInNvml
from tests.tui.pilot import running, screen_text, until, until_shown
from tests.tui.streams import TERMINAL
from tests.tui.watched import options


async def test_the_outlier_of_eight_gpus_has_its_reason_below_its_plot(
    plug_in_nvml: PlugInNvml,
) -> None:
    plug_in_nvml("eight-h100")
    async with running(options(TERMINAL, training_s=60.0)) as (app, pilot):
        await until(pilot, lambda: app.work.check.finished)
        await pilot.press("b", "7")
        await until_shown(pilot, "▸7 GPU 5", "^software thermal slowdown", "GPU 99 %")
        await pilot.press("8")
        await until_shown(pilot, "▸8 GPU 6", "GPU 99 %")
        assert "slowdown" not in screen_text(app)
        await pilot.press("m", "m", "m", "m", "m", "m")
        await until_shown(pilot, "GPU 6 fan", "it has none")


@pytest.mark.parametrize(
    ("scenario", "lines", "shown"),
    [
        ("power-brake", (), "^power brake"),
        ("thermal", (), "^hardware thermal slowdown"),
        ("rtx-4090", ("gpu 0 xid 79 0.5",), "^Xid 79"),
        ("rtx-4090", ("gpu 0 fail * 15 1s",), "^no answer"),
    ],
)
async def test_what_befalls_a_gpu_is_told_in_words(
    plug_in_nvml: PlugInNvml, scenario: str, lines: tuple[str, ...], shown: str
) -> None:
    plug_in_nvml(scenario, *lines)
    async with running(options(TERMINAL, training_s=60.0)) as (app, pilot):
        await until(pilot, lambda: app.work.check.finished)
        await pilot.press("b", "2")
        await until_shown(pilot, "▸2 GPU 0", shown, "images/s in training")


async def test_without_a_driver_the_plan_has_no_gpu_and_the_cpu_is_watched(
    plug_in_nvml: PlugInNvml,
) -> None:
    plug_in_nvml("driver-not-loaded")
    async with running(options(TERMINAL, training_s=60.0)) as (app, pilot):
        await until(pilot, lambda: app.work.check.finished)
        await pilot.press("b")
        await until_shown(pilot, "CPU busy", "busiest core")
        await until(pilot, lambda: app.work.bench and app.work.bench.watch.no_gpus)
