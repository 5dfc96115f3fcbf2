"""A screen with a list at the left and all about its chosen line at the right."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import OptionList

from rigcheck.tui.key_bar import KeyBar
from rigcheck.tui.line_list import LineList
from rigcheck.tui.live_screen import LiveScreen
from rigcheck.tui.text import Text


class DetailPane(VerticalScroll):
    """Scrolls by keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "scroll_down", show=False),
        Binding("k", "scroll_up", show=False),
        Binding("space", "page_down", show=False),
    ]


class TwoPanes(LiveScreen):
    """On a narrow terminal it shows one of the two at a time."""

    DEFAULT_CSS = """
    TwoPanes #body { height: 1fr; }
    TwoPanes #list { width: 2fr; max-width: 60; }
    TwoPanes #detail { width: 3fr; padding: 0 0 0 1; border-left: solid ansi_default;
                       scrollbar-size-vertical: 1; }
    TwoPanes #detail:focus { border-left: heavy ansi_cyan; }
    TwoPanes.-narrow #list { width: 1fr; max-width: 100%; }
    TwoPanes.-narrow #detail { display: none; border-left: none; padding: 0; }
    TwoPanes.-narrow.-detail #list { display: none; }
    TwoPanes.-narrow.-detail #detail { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "show_detail", "Details"),
        Binding("right,l", "show_detail", show=False),
        Binding("left", "show_list", show=False),
    ]

    def __init__(self, key_bar: KeyBar, lines: LineList) -> None:
        """`lines` needs the id `list`."""
        super().__init__(key_bar)
        self.user_has_chosen = False
        self.lines = lines
        self.text = Text()
        self.pane = DetailPane(self.text, id="detail")

    def compose_panes(self) -> ComposeResult:
        """The two, side by side."""
        with Horizontal(id="body"):
            yield self.lines
            yield self.pane

    def show_detail(self) -> None:
        """Draws the right pane; does nothing where it shows that already."""

    def on_option_list_option_highlighted(self, _event: OptionList.OptionHighlighted) -> None:
        """The cursor has moved, by the user or by us."""
        self.show_detail()

    def on_option_list_option_selected(self, _event: OptionList.OptionSelected) -> None:
        """Enter or a click on a line."""
        self.user_has_chosen = True
        self.action_show_detail()

    def on_key(self) -> None:
        """From the user's first key on the cursor is theirs."""
        self.user_has_chosen = True

    def action_show_detail(self) -> None:
        """To the details."""
        self.add_class("-detail")
        self.pane.focus()
        self.call_after_refresh(self.show_detail)

    def action_show_list(self) -> None:
        """Back to the list."""
        self.remove_class("-detail")
        self.lines.focus()
