"""The list of groups at the left of the check screen."""

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.strip import Strip
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from rigcheck.tui.check_model import Group
from rigcheck.tui.layout import column, styled
from rigcheck.tui.look import AT_WORK, FAINT, MARKS, NOT_JUDGED, PLAIN, VERDICT_STYLES

_MAX_TITLE = 18
_CURSOR = RichStyle(color="default", bgcolor="default", dim=False, reverse=True)
_WORSE_THAN_FINE = 3


class GroupList(OptionList):
    """One line a group: verdict, title, and what is wrong or else what it is."""

    DEFAULT_CSS = """
    GroupList { height: 1fr; border: none; padding: 0; background: transparent;
                text-wrap: nowrap; text-overflow: ellipsis; }
    GroupList:focus { border: none; background-tint: transparent; }
    GroupList > .option-list--option { padding: 0; }
    GroupList > .option-list--option-highlighted,
    GroupList:focus > .option-list--option-highlighted {
        color: ansi_default; background: ansi_default; }
    GroupList > .option-list--option-hover { background: transparent; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
        Binding("g", "first", show=False),
        Binding("G", "last", show=False),
    ]

    def show(self, groups: tuple[Group, ...]) -> None:
        """Draws the lines that have changed."""
        width = min(max((len(g.title) for g in groups), default=0), _MAX_TITLE)
        for group in groups:
            line = _line(group, width)
            option = self._options_by_part.get(group.part)
            if option is None:
                self.add_option(Option(line, id=group.part))
            elif option.prompt != line:
                self.replace_option_prompt(group.part, line)

    def render_line(self, y: int) -> Strip:
        """Textual asks for one line: a group each. Its own styles know no reverse video."""
        strip = super().render_line(y)
        if self.scroll_offset.y + y != self.highlighted:
            return strip
        line = strip.extend_cell_length(self.size.width)
        return Strip(Segment.apply_style(line, post_style=_CURSOR), line.cell_length)

    @property
    def chosen(self) -> str | None:
        """The part under the cursor."""
        option = self.highlighted_option
        return option.id if option is not None else None

    def choose(self, part: str) -> None:
        """Puts the cursor on this part, if it is there."""
        if part in self._options_by_part:
            self.highlighted = self.get_option_index(part)

    @property
    def _options_by_part(self) -> dict[str, Option]:
        return {option.id: option for option in self.options if option.id is not None}


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
