import dataclasses
import threading
from collections.abc import Iterator

import msgspec
import pytest

from rigcheck.check_events import CheckEvent
from rigcheck.facts import Failed, Found, Rig
from rigcheck.findings import Evidence, Remedy
from rigcheck.tui.check_screen import DetailPane
from rigcheck.tui.group_list import GroupList
from tests.tui.pilot import running, screen_lines, screen_text, until, until_shown
from tests.tui.streams import CPU, INSTALL, NO_CODE, RIG, SHM_FINE, check_events, options

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


async def test_r_checks_again() -> None:
    n_checks = 0

    def counted() -> Iterator[CheckEvent]:
        nonlocal n_checks
        n_checks += 1
        yield from check_events()

    async with running(dataclasses.replace(options(), check=counted)) as (_, pilot):
        await until_shown(pilot, "4/4")
        await pilot.press("r")
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
