import dataclasses
from pathlib import Path

import pytest

from rigcheck.tui.results_screen import ResultsScreen
from rigcheck.tui.run_list import RunList
from rigcheck.tui.session import Options
from tests.tui.kept_runs import keep, keep_lines
from tests.tui.pilot import running, screen_lines, screen_text, until, until_shown
from tests.tui.streams import options


def kept_options(directory: Path) -> Options:
    """Two benchmarks, of which the later is faster, and an interrupted one."""
    keep(directory, "20250101T000000Z-9", images_per_s=10_000.0)
    keep(directory, "20250102T000000Z-9", images_per_s=20_000.0)
    keep_lines(directory, "20250103T000000Z-9")
    return dataclasses.replace(options(), runs_dir=directory)


@pytest.mark.parametrize("size", [(200, 60), (80, 24), (40, 12), (20, 5)])
async def test_runs_are_listed_opened_and_left_again(tmp_path: Path, size: tuple[int, int]) -> None:
    async with running(kept_options(tmp_path), size=size) as (app, pilot):
        await until(pilot, lambda: app.work.check.finished)
        await pilot.press("h")
        await until_shown(pilot, "this run", "2025-01-03"[: size[0] - 3])
        await pilot.press("down", "down", "enter")
        await until_shown(pilot, "rigcheck 0.")
        assert len(screen_lines(app)) == size[1]
        assert "q quit" in screen_lines(app)[-1]
        await pilot.press("escape")
        if size[0] < 64:
            await until(pilot, lambda: app.screen.query_one(RunList).has_focus)
            await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, ResultsScreen))


async def test_the_path_of_the_chosen_run_is_shown(tmp_path: Path) -> None:
    async with running(kept_options(tmp_path), size=(200, 60)) as (_, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("h")
        await until_shown(pilot, "3 kept", "this run, as far as it has come")
        await pilot.press("end")
        await until_shown(pilot, str(tmp_path / "20250101T000000Z-9.json"), "10.0 k images/s")


async def test_two_runs_are_compared(tmp_path: Path) -> None:
    async with running(kept_options(tmp_path), size=(120, 40)) as (app, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("h")
        await until_shown(pilot, "3 kept")
        await pilot.press("end", "m", "up")
        await until_shown(
            pilot,
            "A to B, the same machine",
            "CPU 2×",
            "faster",
        )
        await pilot.press("end", "m", "up")
        await until(pilot, lambda: "A to B" not in screen_text(app))


async def test_a_run_is_saved_and_its_path_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    async with running(kept_options(tmp_path), size=(120, 40)) as (app, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("h", "end")
        await until_shown(pilot, "rigcheck 0.")
        await pilot.press("s")
        await until_shown(pilot, "Save this run as", "JSON")
        await pilot.press("end", "enter")
        await until_shown(pilot, "saved: ")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ResultsScreen))
    (saved,) = (tmp_path / "here").iterdir()
    assert saved.suffix == ".json"


async def test_an_interrupted_run_shows_what_it_measured(tmp_path: Path) -> None:
    async with running(kept_options(tmp_path)) as (_, pilot):
        await until_shown(pilot, "was interrupted")
        await pilot.press("h", "down")
        await until_shown(pilot, "it was interrupted", "until then: CPU 16.4 k")


async def test_a_damaged_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "20250101T000000Z-9.json").write_bytes(b"{")
    of = dataclasses.replace(options(), runs_dir=tmp_path)
    async with running(of, size=(200, 60)) as (_, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("h", "down")
        await until_shown(pilot, "is not JSON")
        await pilot.press("s")
        await until_shown(pilot, "only a run that can be read can be saved")
