"""A run, or two of them, as the results screen's right pane tells them."""

from collections.abc import Sequence

from textual.content import Content

from rigcheck.compare.compare import compare
from rigcheck.compare.text import comparison_text
from rigcheck.report.layout import Style
from rigcheck.report.report import Report
from rigcheck.report.text import report_text
from rigcheck.tui.layout import styled
from rigcheck.tui.listed import ListedRun, RunState
from rigcheck.tui.look import FAINT, STRONG
from rigcheck.tui.session import Problem

_STATES = {
    RunState.AT_WORK: "another rigcheck is at work on it; so far",
    RunState.INTERRUPTED: "it was interrupted; until then",
}


def report_lines(run: ListedRun, report: Report, n_columns: int) -> Content:
    """All that it told; of one that has not ended, first that it has not."""
    told = styled(report_text(report, Style(symbols=True, width=n_columns)), multiline=True)
    if not run.begun or run.state not in _STATES:
        return told
    state = f"Run of {run.when}: {_STATES[run.state]}: {run.measured_text}"
    return Content("\n").join([*styled(state, STRONG).wrap(n_columns), Content(""), told])


def comparison_lines(runs: Sequence[tuple[str, Report]], n_columns: int) -> Content:
    """The later run held against the first, as `rigcheck compare` tells it; each with its id."""
    style = Style(symbols=True, width=n_columns)
    return styled(comparison_text(compare(runs), style), multiline=True)


def problem_lines(problem: Problem, n_columns: int) -> Content:
    """Why a file cannot be read."""
    lines = [*styled(problem.text, STRONG).wrap(n_columns)]
    return Content("\n").join([*lines, *styled(problem.hint, FAINT).wrap(n_columns)])
