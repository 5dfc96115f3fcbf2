"""Help: the keys, and what each figure on the screens means."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen

from rigcheck.tui.help_text import sections
from rigcheck.tui.key_bar import Key, KeyBar
from rigcheck.tui.layout import hanging, styled
from rigcheck.tui.look import FAINT, KEY, STRONG
from rigcheck.tui.text import Text

_KEYS = (Key("Esc", "back", "app.back"), Key("q", "quit", "app.quit"))
_INDENT = 18
_MAX_COLUMNS = 100


class HelpPane(VerticalScroll):
    """Scrolls by keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "scroll_down", show=False),
        Binding("k", "scroll_up", show=False),
        Binding("space", "page_down", show=False),
    ]


class HelpScreen(Screen[None]):
    """Covers the screen it was called from."""

    DEFAULT_CSS = """
    #help { padding: 0 1; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,b,enter", "app.back", "Back")
    ]

    def __init__(self, *, benchmark_first: bool) -> None:
        super().__init__()
        self._benchmark_first = benchmark_first

    def compose(self) -> ComposeResult:
        """Textual asks for the widgets."""
        with HelpPane(id="help"):
            yield Text(id="help-text")
        yield KeyBar(_KEYS)

    def on_resize(self) -> None:
        """Textual's message; the widgets have their new sizes after it."""
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        width = min(self.query_one(HelpPane).scrollable_content_region.width, _MAX_COLUMNS)
        self.query_one("#help-text", Text).show(
            help_content(max(width, 1), benchmark_first=self._benchmark_first)
        )


def help_content(n_columns: int, *, benchmark_first: bool) -> Content:
    """All of it, `n_columns` wide; first what belongs to the screen it was called from."""
    lines: list[Content] = []
    for title, entries in sections(benchmark_first=benchmark_first):
        lines += [styled(title, STRONG), styled("─" * len(title), FAINT)]
        for word, meaning in entries:
            lines += hanging(styled(word, KEY), styled(meaning), n_columns, _INDENT)
        lines.append(Content(""))
    return Content("\n").join(lines)
