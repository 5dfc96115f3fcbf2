"""The list of runs at the left of the results screen."""

from textual.content import Content

from rigcheck.tui.layout import styled
from rigcheck.tui.line_list import LineList
from rigcheck.tui.listed import ListedRun, RunState
from rigcheck.tui.look import CHOSEN, FAINT, PLAIN, STRONG

_STATE_MARKS = {
    RunState.WHOLE: "·",
    RunState.INTERRUPTED: "!",
    RunState.AT_WORK: "…",
    RunState.DAMAGED: "?",
}


class RunList(LineList):
    """One line a run: when, how it ended, and what it measured or else what leads."""

    def show(self, runs: tuple[ListedRun, ...], marked: str | None) -> None:
        """Draws the lines that have changed; the marked one is to be compared with."""
        self.show_lines([(run.key, _line(run, is_marked=run.key == marked)) for run in runs])


def _line(run: ListedRun, *, is_marked: bool) -> Content:
    """What was measured comes first: a narrow list has little room."""
    mark = CHOSEN if is_marked else _STATE_MARKS[run.state]
    style = STRONG if is_marked else PLAIN
    what = run.short_text or run.headline or "nothing wrong"
    state = "" if run.state is RunState.WHOLE else f", {run.state.value}"
    return styled(f" {mark} {run.when if run.begun else run.id}", style) + styled(
        f"  {what}{state}", FAINT
    )
