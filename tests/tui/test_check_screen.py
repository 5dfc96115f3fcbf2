import dataclasses
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from textual.command import CommandList, CommandPalette

from rigcheck.check_events import CheckEvent, CheckFinished, ProbeFinished, ProbeStarted
from rigcheck.facts import Cpu, Failed, Found, Rig
from rigcheck.findings import Evidence, Finding, Remedy
from rigcheck.probes.probe import ProbeOutcome
from rigcheck.report.report import make_report
from rigcheck.tui.group_list import GroupList
from rigcheck.tui.results_screen import ResultsScreen
from rigcheck.tui.two_panes import DetailPane
from tests.tui.kept_runs import keep_lines
from tests.tui.pilot import running, screen_lines, screen_text, until, until_shown
from tests.tui.streams import (
    CPU,
    FINDINGS,
    INSTALL,
    NO_CODE,
    RIG,
    SHM_FINE,
    check_events,
    options,
    until_stopped,
)

HOSTILE = "\x1b]0;owned\x07[bold red]x[/] \u202eevil \x1b[2J"


async def test_the_cause_leads_with_its_remedy_and_its_details_are_open() -> None:
    async with running(options()) as (_, pilot):
        await until_shown(
            pilot,
            "athlon-box · Ubuntu 24.04.3 LTS",
            "✗ GPU 0 cannot run this torch: its wheel has no code for sm_52",
            "pip install torch==2.9.1",
            "4/4  2.5 s",
            "✗ PyTorch 1 fail, 1 follows",
            "! CPU     1 warn",
            "seen  GPU 0 has compute capability 5.2",
        )


async def test_the_first_frame_does_not_wait_for_the_check() -> None:
    released = threading.Event()

    def slow() -> Iterator[CheckEvent]:
        released.wait()
        yield from check_events()

    async with running(dataclasses.replace(options(), check=slow)) as (_, pilot):
        await until_shown(pilot, "rigcheck", "looking at this machine", "b benchmark", "q quit")
        released.set()
        await until_shown(pilot, "4/4")


async def test_findings_and_facts_fill_in_while_torch_is_still_asked() -> None:
    released = threading.Event()

    def torch_last() -> Iterator[CheckEvent]:
        for event in check_events():
            if "torch" in str(getattr(event, "outcome", "")):
                released.wait()
            yield event

    async with running(dataclasses.replace(options(), check=torch_last)) as (_, pilot):
        await until_shown(pilot, "! The CPU has no AVX2", "looking at PyTorch", "3/4", "20.0 GiB")
        released.set()
        await until_shown(pilot, "✗ GPU 0 cannot run this torch", "4/4")
        assert "looking at" not in screen_text(pilot.app)


async def test_when_nothing_is_wrong_it_says_so() -> None:
    fine = dataclasses.replace(options(), check=lambda: check_events(findings=(SHM_FINE,)))
    async with running(fine) as (_, pilot):
        await until_shown(pilot, "✓ nothing wrong found: 1 passed")


async def test_keys_walk_through_the_groups_and_the_details_follow() -> None:
    async with running(options()) as (app, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("j")
        await until_shown(pilot, "The CPU has no AVX2", "model", "AMD Athlon X4 760K")
        await pilot.press("down", "down", "k")
        assert app.screen.query_one(GroupList).chosen == "memory"
        await until_shown(pilot, "memory.max", "no permission")


async def test_enter_leads_to_the_details_and_escape_back() -> None:
    async with running(options()) as (app, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("enter")
        pane = app.screen.query_one(DetailPane)
        await until(pilot, lambda: pane.has_focus)
        await pilot.press("j", "j")
        await until(pilot, lambda: pane.scroll_offset.y > 0)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen.query_one(GroupList).has_focus)
        await pilot.press("tab")
        await until(pilot, lambda: pane.has_focus)


async def test_the_cursor_stays_where_the_user_put_it() -> None:
    released = threading.Event()

    def torch_last() -> Iterator[CheckEvent]:
        for event in check_events():
            if "torch" in str(getattr(event, "outcome", "")):
                released.wait()
            yield event

    async with running(dataclasses.replace(options(), check=torch_last)) as (app, pilot):
        await until_shown(pilot, "3/4")
        await pilot.press("end")
        released.set()
        await until_shown(pilot, "4/4")
        assert app.screen.query_one(GroupList).chosen == "host"


async def test_c_copies_the_remedy_for_the_terminal_s_clipboard() -> None:
    async with running(options()) as (app, pilot):
        await until_shown(pilot, "4/4", "c copy remedy")
        await pilot.press("c")
        await until_shown(pilot, "sent to the terminal's clipboard")
        assert app.clipboard == INSTALL


async def test_where_there_is_nothing_to_copy_c_says_so() -> None:
    fine = dataclasses.replace(options(), check=lambda: check_events(findings=(SHM_FINE,)))
    async with running(fine) as (app, pilot):
        await until_shown(pilot, "4/4")
        assert "c copy" not in screen_lines(app)[-1]
        await pilot.press("c")
        await until_shown(pilot, "there is no command to copy here")


async def test_capital_r_checks_everything_again() -> None:
    n_checks = 0

    def counted() -> Iterator[CheckEvent]:
        nonlocal n_checks
        n_checks += 1
        yield from check_events()

    async with running(dataclasses.replace(options(), check=counted)) as (_, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("R")
        await until(pilot, lambda: n_checks == 2)
        await until_shown(pilot, "4/4")


async def test_a_check_that_breaks_off_says_why_and_keeps_what_it_has() -> None:
    def broken() -> Iterator[CheckEvent]:
        yield from list(check_events())[:-2]
        raise RuntimeError(HOSTILE)

    async with running(dataclasses.replace(options(), check=broken)) as (_, pilot):
        await until_shown(pilot, "rigcheck itself failed: RuntimeError: \\x1b]0;owned", "20.0 GiB")


async def test_a_click_on_a_group_and_on_a_key_does_what_the_keys_do() -> None:
    async with running(options()) as (app, pilot):
        # The box on top has its final height, so the list below stays where it is.
        await until_shown(pilot, "4/4", "│         https://example.org/cu126")
        row = next(i for i, line in enumerate(screen_lines(app)) if "Memory" in line)
        await pilot.click(offset=(5, row))
        await until(pilot, lambda: app.screen.query_one(GroupList).chosen == "memory")
        await pilot.click(offset=(screen_lines(app)[-1].index("help"), 23))
        await until_shown(pilot, "Keys everywhere")


async def test_hostile_names_reach_the_screen_as_harmless_text() -> None:
    told = msgspec.structs.replace(
        NO_CODE,
        headline=HOSTILE,
        evidence=(Evidence(HOSTILE, HOSTILE),),
        remedy=Remedy(text=HOSTILE, commands=(HOSTILE,), verify=HOSTILE),
    )
    host = msgspec.structs.replace(
        RIG.host, hostname=Found(HOSTILE, ""), distribution=Found(HOSTILE, "")
    )
    cpu = msgspec.structs.replace(CPU, model=Found(HOSTILE, HOSTILE), vendor=Failed(HOSTILE, ""))
    rig = Rig(host=host, cpu=cpu, memory=RIG.memory, torch=RIG.torch)
    hostile = dataclasses.replace(
        options(), check=lambda: check_events(rig=rig, findings=(told, SHM_FINE))
    )
    async with running(hostile, size=(120, 40)) as (app, pilot):
        await until_shown(pilot, "4/4", "\\x1b]0;owned\\x07[bold red]x[/] \\u202eevil")
        await pilot.press("j")
        await until_shown(pilot, "vendor")
        shown = screen_text(app).replace("\n", "")
        assert shown.isprintable()


@pytest.mark.parametrize("size", [(200, 60), (120, 40), (64, 14), (44, 16), (40, 10), (20, 5)])
async def test_it_works_at_any_size(size: tuple[int, int]) -> None:
    async with running(options(), size=size) as (app, pilot):
        await until(pilot, lambda: app.work.check.finished)
        await until_shown(pilot, "GPU 0")
        lines = screen_lines(app)
        assert len(lines) == size[1]
        assert "q quit" in lines[-1]


async def test_a_narrow_screen_shows_list_or_details() -> None:
    async with running(options(), size=(44, 20)) as (_, pilot):
        await until_shown(pilot, "Memory")
        assert "seen" not in screen_text(pilot.app)
        await pilot.press("enter")
        await until_shown(pilot, "gpu-arch-not-in-wheel")
        assert "Memory" not in screen_text(pilot.app)
        await pilot.press("escape")
        await until_shown(pilot, "Memory")


async def test_it_bears_every_change_of_size() -> None:
    async with running(options()) as (app, pilot):
        await until_shown(pilot, "4/4")
        for size in ((200, 60), (20, 5), (1, 1), (500, 3), (80, 24)):
            await pilot.resize_terminal(*size)
            while app.size != size:
                await pilot.pause()
        await until_shown(pilot, "4/4", "✗ PyTorch", "seen")


def found(text: str) -> Found[str]:
    return Found(text, "uname")


async def test_a_search_leaves_the_groups_in_which_every_word_occurs() -> None:
    async with running(options()) as (app, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("slash", *"athlon x4")
        await until_shown(pilot, "1 of 4 shown", "AMD Athlon X4 760K")
        assert "Memory" not in screen_text(app)
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.query_one(GroupList).has_focus)
        assert app.screen.query_one(GroupList).chosen == "cpu"
        await pilot.press("escape")
        await until_shown(pilot, "Memory", "PyTorch")
        assert "shown" not in screen_text(app)


async def test_keys_that_mean_something_are_letters_while_one_searches() -> None:
    async with running(options()) as (_, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("slash", *"qbrh?")
        await until_shown(pilot, "qbrh?", "0 of 4 shown")
        await pilot.press("escape")
        await until_shown(pilot, "PyTorch", "q quit")


async def test_f_leaves_what_is_wrong() -> None:
    async with running(options()) as (app, pilot):
        await until_shown(pilot, "4/4", "Memory")
        await pilot.press("f")
        await until_shown(pilot, "2 of 4 shown", "PyTorch", "CPU")
        assert "Memory" not in screen_text(app)
        await pilot.press("f")
        await until_shown(pilot, "Memory")


async def test_r_asks_the_chosen_part_again_and_only_that() -> None:
    asked = []

    def again(part: str, before: CheckFinished) -> Iterator[CheckEvent]:
        asked.append(part)
        yield ProbeStarted(part=part, title="CPU")
        rig = msgspec.structs.replace(before.rig, cpu=Cpu(model=found("another CPU")))
        outcome = ProbeOutcome(part=part, duration_s=0.1)
        yield ProbeFinished(outcome=outcome, rig=rig, findings=(NO_CODE,))
        yield msgspec.structs.replace(before, rig=rig, findings=(NO_CODE,))

    of = dataclasses.replace(options(), recheck=again)
    async with running(of) as (app, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("j", "r")
        await until_shown(pilot, "another CPU", "4/4", "Memory")
        assert asked == ["cpu"]
        assert app.work.session().findings == (NO_CODE,)


async def test_where_a_part_cannot_be_asked_alone_r_says_what_can() -> None:
    async with running(options()) as (_, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("r")
        await until_shown(pilot, "PyTorch cannot be asked again now; R checks everything")


def kept(runs_dir: Path, rig: Rig, findings: tuple[Finding, ...]) -> Path:
    """A run of an earlier day."""
    runs_dir.mkdir(parents=True, exist_ok=True)
    report = make_report(rig=rig, probes=(), findings=findings, check_duration_s=1.0)
    path = runs_dir / "20250102T030405Z-77.json"
    path.write_bytes(msgspec.json.encode(report))
    return path


async def test_what_changed_since_the_last_run_leads_the_list(tmp_path: Path) -> None:
    host = msgspec.structs.replace(RIG.host, kernel_release=found("6.8.0-40-generic"))
    kept(tmp_path, msgspec.structs.replace(RIG, host=host), (FINDINGS[2],))
    of = dataclasses.replace(options(), runs_dir=tmp_path)
    async with running(of, size=(120, 40)) as (app, pilot):
        await until_shown(pilot, "Changes", "2 new, 1 changed since 2025")
        # The cursor stays on the cause.
        assert app.screen.query_one(GroupList).chosen == "torch"
        await pilot.press("home")
        await until_shown(
            pilot,
            "new      GPU 0 cannot run this torch: its wheel has no code for",
            "changed  host kernel release  6.8.0-40-generic → 6.8.0-45-generic",
        )


async def test_when_nothing_changed_the_list_says_so_at_its_end(tmp_path: Path) -> None:
    kept(tmp_path, RIG, FINDINGS)
    of = dataclasses.replace(options(), runs_dir=tmp_path)
    async with running(of, size=(120, 40)) as (app, pilot):
        await until_shown(pilot, "nothing changed since 2025-01-02")
        shown = screen_text(app)
        assert shown.index("Host") < shown.index("Changes")


@pytest.mark.parametrize("size", [(200, 60), (80, 24), (40, 12)])
async def test_an_interrupted_benchmark_is_offered(tmp_path: Path, size: tuple[int, int]) -> None:
    keep_lines(tmp_path, "20250102T030405Z-77")
    of = dataclasses.replace(options(), runs_dir=tmp_path)
    async with running(of, size=size) as (app, pilot):
        await until(pilot, lambda: app.work.earlier)
        if size[1] >= 14:
            await until_shown(pilot, "the benchmark of 2025-01-02 03:04 UTC was interrupted")
        await pilot.press("h", "down")
        if size[0] < 64:
            await pilot.press("enter")
        await until_shown(pilot, "until then", "16.4 k")


@pytest.mark.parametrize("size", [(200, 60), (80, 24), (40, 12), (20, 5)])
async def test_the_palette_names_what_can_be_done_here_and_does_it(size: tuple[int, int]) -> None:
    async with running(options(), size=size) as (app, pilot):
        await until(pilot, lambda: app.work.check.finished)
        await pilot.press("ctrl+p", *"results")
        await until(pilot, lambda: isinstance(app.screen, CommandPalette))
        await until(pilot, lambda: app.screen.query_one(CommandList).option_count == 1)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ResultsScreen))


async def test_p_leaves_for_the_plain_text() -> None:
    async with running(options()) as (app, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("P")
    assert app.wants_text
    assert app.work.session().is_checked


async def test_p_does_not_end_a_benchmark() -> None:
    of = dataclasses.replace(options(), bench=until_stopped)
    async with running(of) as (app, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("b")
        await until(pilot, lambda: app.work.benching)
        await pilot.press("P")
        await until_shown(pilot, "not while the benchmark runs")
        assert not app.wants_text
