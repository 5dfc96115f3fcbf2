"""Driving the app in tests: wait for states, read the screen as text."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from rigcheck.tui.app import RigcheckApp
from rigcheck.tui.session import Options

_LIMIT_S = 60.0


async def until(pilot: Pilot[None], condition: Callable[[], object]) -> None:
    """Waits for a state, however slow the machine is.

    Raises:
        TimeoutError: after a minute; the screen is in the message.
    """
    end_s = time.monotonic() + _LIMIT_S
    while not condition():
        if time.monotonic() > end_s:
            raise TimeoutError("\n".join(screen_lines(pilot.app)))
        await pilot.pause(0.02)


async def until_shown(pilot: Pilot[None], *texts: str) -> None:
    """Waits until the screen shows all of these."""
    await until(pilot, lambda: all(text in screen_text(pilot.app) for text in texts))


def screen_lines(app: object) -> list[str]:
    """The screen, a text a line."""
    assert isinstance(app, RigcheckApp)
    strips = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip) for strip in strips]


def screen_text(app: object) -> str:
    """The screen as one text."""
    return "\n".join(screen_lines(app))


class _QuickApp(RigcheckApp):
    """Draws sooner, so that tests wait less."""

    TICK_S = 0.03


@asynccontextmanager
async def running(
    options: Options, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[RigcheckApp, Pilot[None]]]:
    """The app at work; its engines have ended when the test has."""
    app = _QuickApp(options)
    try:
        async with app.run_test(size=size) as pilot:
            yield app, pilot
    finally:
        app.work.end()
