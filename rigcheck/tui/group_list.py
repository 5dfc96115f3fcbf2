"""The list of groups at the left of the check screen."""

from textual.content import Content

from rigcheck.tui.check_model import Group
from rigcheck.tui.layout import column, styled
from rigcheck.tui.line_list import LineList
from rigcheck.tui.look import AT_WORK, FAINT, MARKS, NOT_JUDGED, PLAIN, VERDICT_STYLES

_MAX_TITLE = 18
_WORSE_THAN_FINE = 3


class GroupList(LineList):
    """One line a group: verdict, title, and what is wrong or else what it is."""

    def show(self, groups: tuple[Group, ...]) -> None:
        """Draws the lines that have changed."""
        width = min(max((len(g.title) for g in groups), default=0), _MAX_TITLE)
        self.show_lines([(group.part, _line(group, width)) for group in groups])


def _line(group: Group, title_columns: int) -> Content:
    if group.outcome is None:
        mark, style = AT_WORK, FAINT
    elif group.verdict is None:
        mark, style = NOT_JUDGED, FAINT
    else:
        mark, style = MARKS[group.verdict], VERDICT_STYLES[group.verdict]
    is_wrong = group.verdict is not None and group.verdict.rank < _WORSE_THAN_FINE
    text = styled(f" {group.text}", style if is_wrong else FAINT)
    title = styled(f" {column(group.title, title_columns)}", PLAIN)
    return styled(f" {mark}", style) + title + text
