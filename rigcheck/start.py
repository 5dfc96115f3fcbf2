"""`rigcheck` alone: the terminal interface, or the text of `check` where it cannot be.

The first frame waits for nothing that it does not need: what checks and measures is imported when
the interface, already on screen, asks for it.
"""

import argparse
import gc
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rigcheck.errors import ExitCode
from rigcheck.facts import Rig
from rigcheck.terminal import read_terminal

if TYPE_CHECKING:
    from rigcheck.bench.events import BenchEvent
    from rigcheck.bench.plan import BenchPlan
    from rigcheck.check_events import CheckEvent, CheckFinished
    from rigcheck.report.store import RunFile
    from rigcheck.tui.session import Session


def start_command(options: argparse.Namespace) -> ExitCode:
    """Starts the interface, and afterwards leaves its result on the screen."""
    # Modules and widgets stay: to look for garbage among them as they are made takes a tenth of the
    # time to the first frame, after which the interface has it looked for again.
    gc.disable()
    terminal = read_terminal()
    is_plain = getattr(options, "plain", False)
    if is_plain or terminal.obstacle:
        if not is_plain:
            print(f"rigcheck: plain text, for {terminal.obstacle}", file=sys.stderr)
        from rigcheck.check_command import check_command  # noqa: PLC0415 -- see above

        return check_command(options)
    from rigcheck.tui.app import run  # noqa: PLC0415
    from rigcheck.tui.session import Options  # noqa: PLC0415

    work = _Work(options)
    session = run(
        Options(
            terminal=terminal,
            check=work.check,
            recheck=work.recheck,
            make_plan=work.make_plan,
            bench=work.bench,
            pause=work.pause,
            guests=work.guests,
            runs_dir=work.runs_dir,
        )
    )
    if session.wants_text and not session.line_is_lost:
        return _as_text(session, options)
    return _leave(session, work)


class _Work:
    """What the interface runs, with the options of the command line."""

    def __init__(self, options: argparse.Namespace) -> None:
        from rigcheck.bench.guests import Guests  # noqa: PLC0415

        # Wrong usage is told before the screen is taken.
        from rigcheck.choices import probe_context  # noqa: PLC0415

        self._options = options
        self._context = probe_context(options)
        self._checked: CheckFinished | None = None
        self.run_files: list[RunFile] = []
        self.pause = threading.Event()
        self.guests = Guests()

    @property
    def runs_dir(self) -> Path:
        """Where runs are kept."""
        from rigcheck.report.store import runs_dir  # noqa: PLC0415

        return runs_dir()

    def check(self) -> "Iterator[CheckEvent]":
        from rigcheck.check import check  # noqa: PLC0415
        from rigcheck.check_events import CheckFinished  # noqa: PLC0415
        from rigcheck.keeping import check_report  # noqa: PLC0415
        from rigcheck.report.store import keep  # noqa: PLC0415

        for event in self._remembered(check(self._context)):
            if isinstance(event, CheckFinished):
                self.run_files.append(keep(check_report(event)))
            yield event

    def recheck(self, part: str, before: "CheckFinished") -> "Iterator[CheckEvent]":
        from rigcheck.recheck import recheck  # noqa: PLC0415

        # Not kept: a part that is asked again and again is no run of its own.
        yield from self._remembered(recheck(self._context, part, before))

    def _remembered(self, events: "Iterator[CheckEvent]") -> "Iterator[CheckEvent]":
        from rigcheck.check_events import CheckFinished  # noqa: PLC0415

        for event in events:
            if isinstance(event, CheckFinished):
                self._checked = event
            yield event

    def make_plan(self, rig: Rig) -> "BenchPlan":
        from rigcheck.bench_command import bench_plan  # noqa: PLC0415

        return bench_plan(self._options, self._context, rig)

    def bench(self, plan: "BenchPlan", stop: threading.Event) -> "Iterator[BenchEvent]":
        from rigcheck.bench.runner import run  # noqa: PLC0415
        from rigcheck.bench_command import kept  # noqa: PLC0415
        from rigcheck.report.store import RunFile  # noqa: PLC0415

        if self._checked is None:
            raise RuntimeError("the interface checks before it measures")
        self.run_files.append(RunFile(self.runs_dir))
        events = run(plan, stop, self.pause, self.guests)
        yield from kept(events, self.run_files[-1], self._checked, stop)


def _as_text(session: "Session", options: argparse.Namespace) -> ExitCode:
    """What the interface showed, all of it, as `check --plain` prints it."""
    options.plain = True
    if not session.is_checked:
        from rigcheck.check_command import check_command  # noqa: PLC0415

        return check_command(options)
    from rigcheck.output import show  # noqa: PLC0415
    from rigcheck.tui.this_run import report_of  # noqa: PLC0415

    return show(report_of(session), options)


def _leave(session: "Session", work: _Work) -> ExitCode:
    """Prints what leads, since the interface's own screen is gone, and returns the exit code."""
    from rigcheck import keeping, output  # noqa: PLC0415
    from rigcheck.report.text import short_text  # noqa: PLC0415
    from rigcheck.tui.this_run import report_of  # noqa: PLC0415

    report = report_of(session)
    # Writing to a line that takes nothing would wait for ever.
    if not session.line_is_lost:
        for run_file in work.run_files:
            keeping.tell_if_not_kept(run_file)
        style = output.text_style(read_terminal(), is_plain=False)
        output.write_out(short_text(report, style))
    return output.exit_code(report, "fail")
