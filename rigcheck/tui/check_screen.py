"""The check: verdict on top, groups at the left, all about the chosen one at the right."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList

from rigcheck import __version__
from rigcheck.facts import value_of
from rigcheck.findings import Finding
from rigcheck.tui.check_model import CheckModel, Group
from rigcheck.tui.detail import detail
from rigcheck.tui.group_list import GroupList
from rigcheck.tui.key_bar import Key, KeyBar
from rigcheck.tui.layout import styled, two_ends
from rigcheck.tui.live_screen import LiveScreen
from rigcheck.tui.look import FAINT, STRONG
from rigcheck.tui.text import Text
from rigcheck.tui.verdict_box import VerdictBox

_WORK_KEYS = (Key("b", "benchmark", "app.benchmark"), Key("r", "again", "app.check_again"))
_OTHER_KEYS = (
    Key("Enter", "details", "screen.show_detail"),
    Key("?", "help", "app.help"),
    Key("q", "quit", "app.quit"),
)


class DetailPane(VerticalScroll):
    """Scrolls by keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "scroll_down", show=False),
        Binding("k", "scroll_up", show=False),
        Binding("space", "page_down", show=False),
    ]


class CheckScreen(LiveScreen):
    """Fills as facts and findings arrive."""

    DEFAULT_CSS = """
    #title { height: 1; }
    #body { height: 1fr; }
    #groups { width: 2fr; max-width: 60; }
    #detail { width: 3fr; padding: 0 0 0 1; border-left: solid ansi_default;
              scrollbar-size-vertical: 1; }
    #detail:focus { border-left: heavy ansi_cyan; }
    CheckScreen.-narrow #groups { width: 1fr; max-width: 100%; }
    CheckScreen.-narrow #detail { display: none; border-left: none; padding: 0; }
    CheckScreen.-narrow.-detail #groups { display: none; }
    CheckScreen.-narrow.-detail #detail { display: block; }
    CheckScreen.-short VerdictBox { border: none; max-height: 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "app.check_again", "Check again"),
        Binding("b", "app.benchmark", "Benchmark"),
        Binding("enter", "show_detail", "Details"),
        Binding("escape,left,h", "show_groups", "Back to the groups"),
        Binding("right,l", "show_detail", show=False),
    ]

    def __init__(self) -> None:
        super().__init__(KeyBar((*_WORK_KEYS, *_OTHER_KEYS)))
        self._groups: dict[str, Group] = {}
        self._user_has_chosen = False
        self._shown: tuple[Group | None, int] = (None, 0)
        self._title, self._verdict = Text(id="title"), VerdictBox()
        self._list, self._facts = GroupList(id="groups", markup=False), Text()
        self._pane = DetailPane(self._facts, id="detail")

    def compose(self) -> ComposeResult:
        """Textual asks for the widgets."""
        yield self._title
        yield self._verdict
        with Horizontal(id="body"):
            yield self._list
            yield self._pane
        yield self.key_bar

    def show_state(self) -> None:
        """Draws what has changed."""
        model = self.rigcheck.work.check
        self._title.show(two_ends(_title(model), _progress(model), self.size.width))
        self._verdict.show(model)
        groups = model.groups()
        self._groups = {group.part: group for group in groups}
        self._list.show(groups)
        self._follow_cause(model.cause)
        self._show_detail()
        self.key_bar.show_keys((*_WORK_KEYS, *self.copy_keys, *_OTHER_KEYS))

    @property
    def remedy_commands(self) -> tuple[str, ...]:
        """Of the chosen group, where it has any, else of the verdict."""
        remedy = self.rigcheck.work.check.remedy_for(self._chosen or "")
        return remedy.commands if remedy is not None else ()

    def on_option_list_option_highlighted(self, _event: OptionList.OptionHighlighted) -> None:
        """The cursor has moved, by the user or by us."""
        self._show_detail()

    def on_option_list_option_selected(self, _event: OptionList.OptionSelected) -> None:
        """Enter or a click on a group."""
        self._user_has_chosen = True
        self.action_show_detail()

    def on_key(self) -> None:
        """From the user's first key on the cursor is theirs."""
        self._user_has_chosen = True

    def action_show_detail(self) -> None:
        """To the details."""
        self.add_class("-detail")
        self._pane.focus()
        self.call_after_refresh(self._show_detail)

    def action_show_groups(self) -> None:
        """Back to the list."""
        self.remove_class("-detail")
        self._list.focus()

    @property
    def _chosen(self) -> str | None:
        return self._list.chosen

    def _follow_cause(self, cause: Finding | None) -> None:
        """Until the user moves it, the cursor is on what matters most."""
        if self._user_has_chosen:
            return
        part = cause.group if cause is not None else next(iter(self._groups), None)
        if part is not None and part != self._chosen:
            self._list.choose(part)

    def _show_detail(self) -> None:
        group = self._groups.get(self._chosen or "")
        width = self._pane.scrollable_content_region.width
        if group is None or width <= 0 or (group, width) == self._shown:
            return
        before, self._shown = self._shown[0], (group, width)
        self._facts.show(detail(group, width))
        if before is None or before.part != group.part:
            self._pane.scroll_home(animate=False)


def _title(model: CheckModel) -> Content:
    host = model.rig.host
    kernel = value_of(host.kernel_release)
    pieces = [
        value_of(host.hostname),
        value_of(host.distribution) or value_of(host.system),
        f"kernel {kernel.partition('-')[0]}" if kernel else None,
        "over SSH" if value_of(host.over_ssh) else None,
    ]
    text = " · ".join(piece for piece in pieces if piece)
    return Content.assemble((f" rigcheck {__version__}  ", STRONG), styled(text))


def _progress(model: CheckModel) -> Content:
    n_done = len(model.outcomes)
    return styled(f"{n_done}/{model.n_probes}  {model.duration_s:.1f} s ", FAINT)
