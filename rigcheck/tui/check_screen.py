"""The check: verdict on top, groups at the left, all about the chosen one at the right."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input

from rigcheck import __version__
from rigcheck.facts import value_of
from rigcheck.findings import Finding
from rigcheck.tui.check_model import CHANGES, CheckModel, Group, matching, of_news
from rigcheck.tui.detail import detail
from rigcheck.tui.group_list import GroupList
from rigcheck.tui.key_bar import Key, KeyBar
from rigcheck.tui.layout import styled, two_ends
from rigcheck.tui.look import FAINT, STRONG
from rigcheck.tui.search_line import SearchLine
from rigcheck.tui.text import Text
from rigcheck.tui.two_panes import TwoPanes
from rigcheck.tui.verdict_box import VerdictBox

_WORK_KEYS = (Key("b", "benchmark", "app.benchmark"), Key("R", "again", "app.check_again"))
_OTHER_KEYS = (
    Key("/", "search", "screen.search"),
    Key("h", "results", "app.results"),
    Key("?", "help", "app.help"),
    Key("q", "quit", "app.quit"),
)


class CheckScreen(TwoPanes):
    """Fills as facts and findings arrive."""

    DEFAULT_CSS = """
    #title, #offer { height: 1; }
    #offer { display: none; }
    #offer.-there { display: block; }
    CheckScreen.-short #offer.-there { display: none; }
    CheckScreen.-short VerdictBox { border: none; max-height: 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("R", "app.check_again", "Check everything again"),
        Binding("r", "recheck", "Ask the chosen part again"),
        Binding("b", "app.benchmark", "Benchmark"),
        Binding("slash", "search", "Search in names, findings and facts"),
        Binding("f", "filter", "Show all, or only what is wrong"),
        Binding("s", "app.save", "Save this run to a file"),
        Binding("escape", "escape", "Back: end the search, or to the groups"),
    ]

    def __init__(self) -> None:
        super().__init__(KeyBar((*_WORK_KEYS, *_OTHER_KEYS)), GroupList(id="list", markup=False))
        self._groups: dict[str, Group] = {}
        self._shown: tuple[Group | None, int, str] = (None, 0, "")
        self._only_wrong = False
        self._title, self._verdict = Text(id="title"), VerdictBox()
        self._offer, self._search = Text(id="offer"), SearchLine()

    def compose(self) -> ComposeResult:
        """Textual asks for the widgets."""
        yield self._title
        yield self._verdict
        yield self._offer
        yield from self.compose_panes()
        yield self._search
        yield self.key_bar

    def on_mount(self) -> None:
        """Textual's message; until somebody searches, the keys are for the list."""
        self.lines.focus()

    def show_state(self) -> None:
        """Draws what has changed."""
        model = self.rigcheck.work.check
        groups = self._all_groups(model)
        shown = matching(groups, self._search.value, only_wrong=self._only_wrong)
        count = "" if len(shown) == len(groups) else f"{len(shown)} of {len(groups)} shown  "
        progress = styled(count, STRONG) + _progress(model)
        self._title.show(two_ends(_title(model), progress, self.size.width))
        self._verdict.show(model)
        self._show_offer()
        self._groups = {group.part: group for group in shown}
        if isinstance(self.lines, GroupList):
            self.lines.show(shown)
        self._follow_cause(model.cause)
        self.show_detail()
        self.key_bar.show_keys((*_WORK_KEYS, *self.copy_keys, *_OTHER_KEYS))

    @property
    def remedy_commands(self) -> tuple[str, ...]:
        """Of the chosen group, where it has any, else of the verdict."""
        remedy = self.rigcheck.work.check.remedy_for(self.lines.chosen or "")
        return remedy.commands if remedy is not None else ()

    def on_input_changed(self, _event: Input.Changed) -> None:
        """Each letter that is typed narrows the list."""
        self.show_state()

    def on_input_submitted(self, _event: Input.Submitted) -> None:
        """To what was found."""
        self.action_show_list()

    def action_search(self) -> None:
        """Asks what to look for."""
        self._search.appear()

    def action_clear_search(self) -> None:
        """Everything is shown again."""
        self._search.vanish()
        self.action_show_list()
        self.show_state()

    def action_escape(self) -> None:
        """Out of the details first, then out of the search."""
        if self.pane.has_focus:
            self.action_show_list()
        elif self._search.value:
            self.action_clear_search()

    def action_filter(self) -> None:
        """All groups, or those with something wrong."""
        self._only_wrong = not self._only_wrong
        self.tell("only what is wrong; f shows all" if self._only_wrong else "everything")
        self.show_state()

    def action_recheck(self) -> None:
        """Asks the chosen part again."""
        group = self._groups.get(self.lines.chosen or "")
        if group is not None:
            self.rigcheck.recheck(group.part, group.title)

    def show_detail(self) -> None:
        """Draws the right pane."""
        group = self._groups.get(self.lines.chosen or "")
        width = self.pane.scrollable_content_region.width
        state = (group, width, self._search.value)
        if group is None or width <= 0 or state == self._shown:
            return
        before, self._shown = self._shown[0], state
        self.text.show(detail(group, width, self._search.value))
        if before is None or before.part != group.part:
            self.pane.scroll_home(animate=False)

    def _all_groups(self, model: CheckModel) -> tuple[Group, ...]:
        news, earlier = self.rigcheck.work.news, self.rigcheck.work.earlier
        if news is None or earlier is None:
            return model.groups()
        told = of_news(news, earlier.when)
        # What changed is news; that nothing did is not.
        return (told, *model.groups()) if news else (*model.groups(), told)

    def _show_offer(self) -> None:
        """Says that the last benchmark was cut short, until there is a newer one."""
        earlier, bench = self.rigcheck.work.earlier, self.rigcheck.work.bench
        newest = earlier.newest if earlier is not None else None
        is_due = newest is not None and newest.is_cut_short and bench is None
        self._offer.set_class(is_due, "-there")
        if newest is not None and is_due:
            text = f" ! the benchmark of {newest.when} UTC was interrupted: {newest.measured_text}"
            keys = styled(" h shows it ", FAINT)
            self._offer.show(two_ends(styled(text), keys, self.size.width))

    def _follow_cause(self, cause: Finding | None) -> None:
        """Until the user moves it, the cursor is on what matters most."""
        if self.user_has_chosen:
            return
        first = next((part for part in self._groups if part != CHANGES), None)
        part = cause.group if cause is not None else first
        if part is not None and part != self.lines.chosen:
            self.lines.choose(part)


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
