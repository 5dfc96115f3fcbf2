"""A list of lines with a cursor, at the left of a screen."""

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.strip import Strip
from textual.widgets import OptionList
from textual.widgets.option_list import Option

_CURSOR = RichStyle(color="default", bgcolor="default", dim=False, reverse=True)


class LineList(OptionList):
    """One line an entry, each with an id."""

    DEFAULT_CSS = """
    LineList { height: 1fr; border: none; padding: 0; background: transparent;
               text-wrap: nowrap; text-overflow: ellipsis; }
    LineList:focus { border: none; background-tint: transparent; }
    LineList > .option-list--option { padding: 0; }
    LineList > .option-list--option-highlighted,
    LineList:focus > .option-list--option-highlighted {
        color: ansi_default; background: ansi_default; }
    LineList > .option-list--option-hover { background: transparent; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
        Binding("g", "first", show=False),
        Binding("G", "last", show=False),
    ]

    def show_lines(self, lines: Sequence[tuple[str, Content]]) -> None:
        """Draws what has changed; the cursor stays on its line, if that is still there."""
        ids = [line_id for line_id, _ in lines]
        there = [option.id for option in self.options]
        if there != ids[: len(there)]:
            self._begin_anew(ids)
        for line_id, line in lines:
            option = self._options_by_id.get(line_id)
            if option is None:
                self.add_option(Option(line, id=line_id))
            elif option.prompt != line:
                self.replace_option_prompt(line_id, line)

    def render_line(self, y: int) -> Strip:
        """Textual asks for one line: an entry each. Its own styles know no reverse video."""
        strip = super().render_line(y)
        if self.scroll_offset.y + y != self.highlighted:
            return strip
        line = strip.extend_cell_length(self.size.width)
        return Strip(Segment.apply_style(line, post_style=_CURSOR), line.cell_length)

    @property
    def chosen(self) -> str | None:
        """The id under the cursor."""
        option = self.highlighted_option
        return option.id if option is not None else None

    def choose(self, line_id: str) -> None:
        """Puts the cursor on this line, if it is there."""
        if line_id in self._options_by_id:
            self.highlighted = self.get_option_index(line_id)

    def _begin_anew(self, ids: Sequence[str]) -> None:
        chosen = self.chosen
        self.clear_options()
        self.add_options(Option("", id=line_id) for line_id in ids)
        if ids:
            self.highlighted = ids.index(chosen) if chosen in ids else 0

    @property
    def _options_by_id(self) -> dict[str, Option]:
        return {option.id: option for option in self.options if option.id is not None}
