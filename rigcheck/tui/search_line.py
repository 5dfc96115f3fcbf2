"""The line in which one types what to look for."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input


class SearchLine(Input):
    """There only while something is looked for."""

    DEFAULT_CSS = """
    SearchLine { display: none; dock: bottom; height: 1; padding: 0 1; margin-bottom: 1;
                 border: none; background: transparent; color: ansi_default; }
    SearchLine:focus { border: none; background-tint: transparent; }
    SearchLine.-there { display: block; }
    SearchLine > .input--cursor { text-style: reverse; color: ansi_default;
                                  background: ansi_default; }
    SearchLine > .input--placeholder { color: ansi_default; text-style: dim; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "screen.clear_search", show=False),
        Binding("down,up", "screen.show_list", show=False),
    ]

    def __init__(self) -> None:
        # Blinking would send bytes over the line all the time.
        super().__init__(placeholder="words to look for, Esc to end", compact=True)
        self.cursor_blink = False

    def appear(self) -> None:
        """Ready to be typed into."""
        self.add_class("-there")
        self.focus()

    def vanish(self) -> None:
        """Empty and gone."""
        self.value = ""
        self.remove_class("-there")
