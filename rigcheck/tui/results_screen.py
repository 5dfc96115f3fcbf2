"""Results: this run and earlier ones, opened, compared, saved."""

from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from rigcheck.report.kept_runs import KeptRun, read_kept_runs
from rigcheck.report.read import read_report
from rigcheck.report.report import Report
from rigcheck.report.text import Style, report_text
from rigcheck.tui.comparison import comparison
from rigcheck.tui.engine import Engine, until_stopped
from rigcheck.tui.key_bar import Key, KeyBar
from rigcheck.tui.layout import styled, two_ends
from rigcheck.tui.look import FAINT, STRONG
from rigcheck.tui.run_list import RunList
from rigcheck.tui.run_text import damaged_lines, lines_of_interrupted
from rigcheck.tui.session import Problem
from rigcheck.tui.text import Text
from rigcheck.tui.this_run import THIS_RUN, kept_run_of, report_of
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
        self._runs: dict[str, KeptRun] = {}
        self._reports: dict[str, Report | Problem] = {}
        self._marked: str | None = None
        self._reader: Engine[KeptRun] | None = None
        self._opener: Engine[tuple[str, Report]] | None = None
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
                "results", lambda stop: until_stopped(read_kept_runs(runs_dir), stop)
            )

    def on_unmount(self) -> None:
        """Textual's message: the screen is closed."""
        if self._reader is not None:
            self._reader.stop()

    @property
    def report(self) -> Report | None:
        """Of the chosen run, once it is read; what `s` saves."""
        if self.lines.chosen == THIS_RUN:
            return report_of(self.rigcheck.work.session())
        report = self._reports.get(self.lines.chosen or "")
        return report if isinstance(report, Report) else None

    def show_state(self) -> None:
        """Draws what has changed."""
        self._take()
        n_kept = len(self._runs)
        title = styled(" Results", STRONG) + styled(
            ": this run and earlier ones, by their start in UTC"
        )
        self._title.show(two_ends(title, styled(f"{n_kept} kept ", FAINT), self.size.width))
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
        opened = self._opened(run)
        state = (run, width, marked, opened)
        if state == self._shown:
            return
        self._shown = state
        self.text.show(_detail(run, marked, opened, width))
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
    def _this_run(self) -> KeptRun:
        return kept_run_of(self.rigcheck.work.session())

    @property
    def _chosen_run(self) -> KeptRun:
        return self._run(self.lines.chosen) or self._this_run

    def _run(self, run_id: str | None) -> KeptRun | None:
        return self._this_run if run_id == THIS_RUN else self._runs.get(run_id or "")

    def _take(self) -> None:
        if self._reader is not None:
            for run in self._reader.take():
                self._runs[run.run_id] = run
        if self._opener is None or self._opener.running:
            return
        for run_id, report in self._opener.take():
            self._reports[run_id] = report
        if self._opener.error is not None:
            self._reports[self._opening] = Problem.of(self._opener.error)
        self._opener = None

    def _opened(self, run: KeptRun) -> Report | Problem | None:
        """What is in its file; None while that is being read."""
        if run.run_id == THIS_RUN:
            return report_of(self.rigcheck.work.session())
        if run.path.suffix == ".json" and run.run_id not in self._reports and self._opener is None:
            self._opening = run.run_id
            self._opener = Engine("open", lambda _stop: iter([(run.run_id, read_report(run.path))]))
        return self._reports.get(run.run_id)


def _where(run: KeptRun) -> str:
    return " this run, as far as it has come" if run.run_id == THIS_RUN else f" {run.path}"


def _detail(
    run: KeptRun, marked: KeptRun | None, opened: Report | Problem | None, n_columns: int
) -> Content:
    if marked is not None and marked.run_id != run.run_id:
        then, now = sorted((marked, run), key=lambda r: (r.run_id == THIS_RUN, r.run_id))
        return comparison(then, now, n_columns)
    if run.path.suffix == ".jsonl":
        return lines_of_interrupted(run, n_columns)
    if isinstance(opened, Report):
        return styled(report_text(opened, Style(symbols=True, width=n_columns)), multiline=True)
    if isinstance(opened, Problem):
        return damaged_lines(opened, n_columns)
    return styled("reading…", FAINT)
