"""The app: screens, keys, and the terminal's end; the work itself is the workbench's."""

import asyncio
import dataclasses
import gc
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.filter import LineFilter
from textual.screen import Screen

from rigcheck.errors import RigcheckError
from rigcheck.tui.check_screen import CheckScreen
from rigcheck.tui.colours import MANY_COLOURS, MidTones
from rigcheck.tui.commands import commands_of
from rigcheck.tui.driver import driver_for
from rigcheck.tui.lifeline import (
    POLL_S,
    a_shell_waits,
    forget_end_signals,
    on_end_signals,
    terminal_has_gone,
)
from rigcheck.tui.line import Line
from rigcheck.tui.live_screen import LiveScreen
from rigcheck.tui.session import Options, Session
from rigcheck.tui.workbench import Workbench

if TYPE_CHECKING:
    from rigcheck.tui.bench_screen import BenchScreen

_BENCH = "bench"


def run(options: Options) -> Session:
    """Runs the interface until the user or the system ends it.

    Raises:
        RigcheckError: if the check broke off, or the interface itself (Textual has then shown why).
    """
    app = RigcheckApp(options)
    try:
        app.run()
    finally:
        app.work.end()
    if app.return_code:
        raise RigcheckError(
            "the terminal interface broke", hint="rigcheck check prints the same as text"
        )
    if app.work.check.error is not None:
        raise RigcheckError(app.work.check.error.text, hint=app.work.check.error.hint)
    return dataclasses.replace(
        app.work.session(), wants_text=app.wants_text, line_is_lost=app.line.is_lost
    )


class RigcheckApp(App[None]):
    """Starts the check by itself; everything else by key."""

    TITLE = "rigcheck"
    TICK_S: ClassVar[float] = 0.25
    """How often a screen takes what is new, at most."""
    # Textual declares these as an instance's.
    HORIZONTAL_BREAKPOINTS: list[tuple[int, str]] | None = [(0, "-narrow"), (64, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS: list[tuple[int, str]] | None = [(0, "-short"), (14, "-tall")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "quit", "Quit"),
        Binding("ctrl+c", "quit", "Quit", priority=True, show=False),
        Binding("ctrl+z", "suspend_process", "To the shell; fg leads back"),
        Binding("question_mark,f1", "help", "Help"),
        Binding("B", "choose_benchmark", "Choose a benchmark"),
        Binding("h", "results", "Results: this run and earlier ones"),
        Binding("P", "plain_text", "Leave, and print all as plain text"),
    ]

    def __init__(self, options: Options) -> None:
        # The terminal's own sixteen colours: right on light and dark backgrounds, and under
        # NO_COLOR Textual then sends none at all rather than shades of grey.
        self.line = Line(sys.__stderr__ or sys.stderr, options.terminal)
        super().__init__(driver_class=driver_for(self.line), ansi_color=True)
        self.theme = "ansi-dark"
        self._colours = (MidTones(),) if options.terminal.colours >= MANY_COLOURS else ()
        if "TEXTUAL_ANIMATIONS" not in os.environ:
            self.animation_level = "none"
        self._glyphs = options.terminal.glyphs
        self._runs_dir = options.runs_dir
        self.wants_text = False
        """The user left for the plain text."""
        self.work = Workbench(options)

    def get_default_screen(self) -> CheckScreen:
        """Textual asks what to show first."""
        return CheckScreen()

    def on_mount(self) -> None:
        """Textual's message: the terminal is ours."""
        # What it loads would otherwise hold up the first frame.
        self.call_after_refresh(self._start_work)
        self.set_timer(self.TICK_S, self._take_and_draw)
        # Back from the shell: Textual takes the terminal again, but draws nothing by itself.
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))
        if not self.is_headless:
            on_end_signals(asyncio.get_running_loop(), self.exit)
            self.set_interval(POLL_S, self._end_without_terminal)

    def on_unmount(self) -> None:
        """Textual's message: the end."""
        if not self.is_headless:
            forget_end_signals(asyncio.get_running_loop())

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual asks through what each line goes before it is sent."""
        return (*super().get_line_filters(), *self._colours)

    def get_system_commands(self, screen: Screen[Any]) -> Iterator[SystemCommand]:
        """Textual's command palette (Ctrl-P) asks what there is: what the keys do here."""
        return commands_of(self, screen)

    def action_help(self) -> None:
        """The help screen."""
        from rigcheck.tui.help_screen import HelpScreen  # noqa: PLC0415 -- see `on_mount`

        self.push_screen(HelpScreen(benchmark_first=not isinstance(self.screen, CheckScreen)))

    async def action_back(self) -> None:
        """To the screen below."""
        if not isinstance(self.screen, CheckScreen):
            await self.pop_screen()

    def action_suspend_process(self) -> None:
        """To the shell; its `fg` leads back."""
        if not self.is_headless and not a_shell_waits():
            self._tell("no shell waits here that could bring it back: q quits")
            return
        super().action_suspend_process()

    def action_results(self) -> None:
        """The results screen."""
        from rigcheck.tui.results_screen import ResultsScreen  # noqa: PLC0415 -- see `on_mount`

        if not isinstance(self.screen, ResultsScreen):
            self.push_screen(ResultsScreen(self._runs_dir))

    def action_save(self) -> None:
        """Saves the run that is on the screen."""
        from rigcheck.tui.results_screen import ResultsScreen  # noqa: PLC0415 -- see `on_mount`
        from rigcheck.tui.save_screen import SaveScreen  # noqa: PLC0415
        from rigcheck.tui.this_run import report_of  # noqa: PLC0415

        on_top = self.screen_stack[-1]
        if isinstance(on_top, ResultsScreen):
            report = on_top.report
        else:
            report = report_of(self.work.session())
        if report is None:
            self._tell("only a run that can be read can be saved")
            return
        kept = (self._runs_dir.parent,) if self._runs_dir is not None else ()
        self.push_screen(SaveScreen(report, (Path.cwd(), *kept)))

    def action_plain_text(self) -> None:
        """Ends the interface; the same is then printed as text, which a screen reader can read."""
        if self.work.benching:
            self._tell("not while the benchmark runs: it would end it")
            return
        self.wants_text = True
        self.exit()

    def recheck(self, part: str, title: str) -> None:
        """Asks one part again, unless that would disturb what runs."""
        if self.work.benching:
            self._tell("not while the benchmark runs: it would disturb it")
        elif not self.work.start_recheck(part):
            self._tell(f"{title} cannot be asked again now; R checks everything")
        self._draw()

    def action_check_again(self) -> None:
        """Checks again, unless that would disturb what runs."""
        if self.work.benching:
            self._tell("not while the benchmark runs: it would disturb it")
            return
        self.work.start_check()
        self._draw()

    def action_benchmark(self) -> None:
        """The benchmark screen; the first time it starts one."""
        if self.work.bench is None:
            self.work.want_benchmark()
        self.push_screen(self._bench_screen())

    def action_choose_benchmark(self) -> None:
        """The benchmark screen, and on it what the next one is to be."""
        screen = self._bench_screen()
        if self.screen is not screen:
            self.push_screen(screen)
        screen.action_choose_benchmark()

    def _bench_screen(self) -> "BenchScreen":
        if not self.is_screen_installed(_BENCH):
            from rigcheck.tui.bench_screen import BenchScreen  # noqa: PLC0415 -- see `on_mount`

            self.install_screen(BenchScreen(self._glyphs), _BENCH)
        return cast("BenchScreen", self.get_screen(_BENCH))

    def action_benchmark_again(self) -> None:
        """Another benchmark, unless one is at work."""
        self.work.want_benchmark()
        self._draw()

    def action_stop_benchmark(self) -> None:
        """Ends the benchmark with what it has."""
        if self.work.benching:
            self._tell("stopping; what was measured stays")
        self.work.stop_benchmark()

    def _start_work(self) -> None:
        gc.freeze()  # what is there by now stays: no search need look through it again
        gc.enable()
        self.work.read_earlier()
        self.work.start_check()

    def _take_and_draw(self) -> None:
        self.work.take()
        screen = self._live_screen
        # With a stalled line, what is drawn now would only come late.
        if screen is not None and not self.line.is_stalled:
            screen.show_state()
        # From one time to the next, as waking to no purpose is not free beside a benchmark.
        n_ticks = 1 if screen is None else screen.draws_every
        self.set_timer(n_ticks * self.TICK_S, self._take_and_draw)

    @property
    def _live_screen(self) -> LiveScreen | None:
        """The screen on top, if it shows the work and has its widgets by now.

        While the app ends, its timer may still come, and there is none.
        """
        screen = self.screen_stack[-1] if self.screen_stack else None
        return screen if isinstance(screen, LiveScreen) and screen.is_mounted else None

    def _draw(self) -> None:
        if self._live_screen is not None:
            self._live_screen.show_state()

    def _tell(self, text: str) -> None:
        if self._live_screen is not None:
            self._live_screen.tell(text)

    def _end_without_terminal(self) -> None:
        if terminal_has_gone():
            self.exit()
