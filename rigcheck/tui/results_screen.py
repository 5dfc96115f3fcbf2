"""Results: this run and earlier ones, opened, compared, saved."""

from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from rigcheck.report.report import Report
from rigcheck.report.runs import open_run
from rigcheck.tui.engine import Engine, until_stopped
from rigcheck.tui.key_bar import Key, KeyBar
from rigcheck.tui.layout import styled, two_ends
from rigcheck.tui.listed import ListedRun, read_listed
from rigcheck.tui.look import FAINT, STRONG
from rigcheck.tui.run_list import RunList
from rigcheck.tui.run_text import comparison_lines, problem_lines, report_lines
from rigcheck.tui.session import Problem
from rigcheck.tui.text import Text
from rigcheck.tui.this_run import THIS_RUN, listed_run_of, report_of
from rigcheck.tui.two_panes import TwoPanes

_KEYS = (
    Key("Enter", "read", "screen.show_detail"),
    Key("m", "mark to compare", "screen.mark"),
    Key("s", "save", "app.save"),
    Key("b", "back", "app.back"),
    Key("?", "help", "app.help"),
    Key("q", "quit", "app.quit"),
)


class ResultsScreen(TwoPanes):
    """The list fills while the files are read, newest first."""

    DEFAULT_CSS = """
    ResultsScreen #title, ResultsScreen #path { height: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m,space", "mark", "Mark this run, to compare others with it"),
        Binding("s", "app.save", "Save the chosen run to a file"),
        Binding("b,escape", "escape", "Back"),
    ]

    def __init__(self, runs_dir: Path | None) -> None:
        super().__init__(KeyBar(_KEYS), RunList(id="list", markup=False))
        self._runs_dir = runs_dir
        self._runs: dict[str, ListedRun] = {}
        self._opened: dict[str, Report | Problem] = {}
        self._marked: str | None = None
        self._reader: Engine[ListedRun] | None = None
        self._opener: Engine[Report] | None = None
        self._opening = ""
        self._shown: tuple[object, ...] = ()
        self._title, self._path = Text(id="title"), Text(id="path")

    def compose(self) -> ComposeResult:
        """Textual asks for the widgets."""
        yield self._title
        yield from self.compose_panes()
        yield self._path
        yield self.key_bar

    def on_mount(self) -> None:
        """Textual's message."""
        self.lines.focus()
        runs_dir = self._runs_dir
        if runs_dir is not None:
            self._reader = Engine(
                "results", lambda stop: until_stopped(read_listed(runs_dir), stop)
            )

    def on_unmount(self) -> None:
        """Textual's message: the screen is closed."""
        if self._reader is not None:
            self._reader.stop()

    @property
    def report(self) -> Report | None:
        """Of the chosen run, once it is read; what `s` saves."""
        report = self._report_of(self._chosen_run)
        return report if isinstance(report, Report) else None

    def show_state(self) -> None:
        """Draws what has changed."""
        self._take()
        title = styled(" Results", STRONG) + styled(
            ": this run and earlier ones, by their start in UTC"
        )
        self._title.show(two_ends(title, styled(f"{self._state} ", FAINT), self.size.width))
        if isinstance(self.lines, RunList):
            self.lines.show((self._this_run, *self._runs.values()), self._marked)
        if self.lines.chosen is None:
            self.lines.choose(THIS_RUN)
        self.show_detail()

    def show_detail(self) -> None:
        """Draws the right pane: the run, or how it compares with the marked one."""
        run = self._chosen_run
        width = self.pane.scrollable_content_region.width
        if width <= 0:
            return
        self._path.show(styled(_where(run), FAINT).truncate(self.size.width, ellipsis=True))
        marked = self._run(self._marked)
        runs = (run,) if marked is None or marked.key == run.key else (marked, run)
        self._open(runs)
        keys = tuple(one.key for one in runs)
        # Of this run a report is made anew each time, even if nothing has changed.
        session = self.rigcheck.work.session() if THIS_RUN in keys else None
        state = (keys, session, width, *map(self._opened.get, keys))
        before, self._shown = self._shown, state
        if state == before:
            return
        self.text.show(self._told(runs, width))
        if before[:1] != state[:1]:
            self.pane.scroll_home(animate=False)

    def action_mark(self) -> None:
        """Marks the chosen run, or no longer; the others are then compared with it."""
        chosen = self.lines.chosen
        self._marked = None if chosen == self._marked else chosen
        if self._marked is not None:
            self.tell("marked; choose another run to compare it with this one")
        self.show_state()

    async def action_escape(self) -> None:
        """Out of the details first, then back to the screen below."""
        if self.pane.has_focus and self.has_class("-narrow"):
            self.action_show_list()
        else:
            await self.rigcheck.action_back()

    @property
    def _state(self) -> str:
        if self._reader is not None and not self._reader.running and self._reader.error is not None:
            return Problem.of(self._reader.error).text
        return f"{len(self._runs)} kept"

    @property
    def _this_run(self) -> ListedRun:
        return listed_run_of(self.rigcheck.work.session())

    @property
    def _chosen_run(self) -> ListedRun:
        return self._run(self.lines.chosen) or self._this_run

    def _run(self, key: str | None) -> ListedRun | None:
        return self._this_run if key == THIS_RUN else self._runs.get(key or "")

    def _take(self) -> None:
        if self._reader is not None:
            for run in self._reader.take():
                self._runs[run.key] = run
        if self._opener is None or self._opener.running:
            return
        for report in self._opener.take():
            self._opened[self._opening] = report
        if self._opener.error is not None:
            self._opened[self._opening] = Problem.of(self._opener.error)
        self._opener = None

    def _open(self, runs: tuple[ListedRun, ...]) -> None:
        """Reads the first of their files that is not read yet, unless one is being read."""
        directory = self._runs_dir
        unread = (run for run in runs if run.key not in (THIS_RUN, *self._opened))
        run = next(unread, None)
        if run is None or directory is None or self._opener is not None:
            return
        self._opening = run.key
        self._opener = Engine("open", lambda _stop: iter([open_run(run.key, directory)[1]]))

    def _report_of(self, run: ListedRun) -> Report | Problem | None:
        """What is in its file; None while that is being read."""
        if run.key == THIS_RUN:
            return report_of(self.rigcheck.work.session())
        return self._opened.get(run.key)

    def _told(self, runs: tuple[ListedRun, ...], n_columns: int) -> Content:
        """One run; of two the later held against the earlier, whichever of them is marked."""
        reports = []
        for run in sorted(runs, key=lambda run: (run.key == THIS_RUN, run.begun)):
            report = self._report_of(run)
            if report is None:
                return styled("reading…", FAINT)
            if isinstance(report, Problem):
                return problem_lines(report, n_columns)
            reports.append((run.id, report))
        if len(reports) > 1:
            return comparison_lines(reports, n_columns)
        return report_lines(runs[0], reports[0][1], n_columns)


def _where(run: ListedRun) -> str:
    return " this run, as far as it has come" if run.key == THIS_RUN else f" {run.path}"
