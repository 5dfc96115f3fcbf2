"""The bottom line: the keys that work here, or for a moment what one of them did."""

import dataclasses
from collections.abc import Sequence

from rich.cells import cell_len
from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget

from rigcheck.tui.kept_lines import KeptLines
from rigcheck.tui.layout import styled
from rigcheck.tui.look import KEY, STRONG

_TOLD_S = 3.0
_N_ALWAYS = 2


@dataclasses.dataclass(frozen=True)
class Key:
    """One key, what it does in a word, and the action that it stands for."""

    key: str
    word: str
    action: str


class KeyBar(KeptLines, Widget):
    """Leaves out, where the line is short, from the end; but never the last two."""

    DEFAULT_CSS = "KeyBar { height: 1; dock: bottom; }"

    def __init__(self, keys: Sequence[Key]) -> None:
        super().__init__()
        self._keys = tuple(keys)
        self._told = ""
        self._timer: Timer | None = None

    def show_keys(self, keys: Sequence[Key]) -> None:
        """Other keys from now on."""
        if tuple(keys) != self._keys:
            self._keys = tuple(keys)
            self.refresh()

    def tell(self, text: str) -> None:
        """Says this for a moment."""
        self._told = text
        self.refresh()
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_TOLD_S, self._fall_silent)

    def render(self) -> RenderResult:
        """Textual asks for the content."""
        if self._told:
            return Content(" ") + styled(self._told, STRONG)
        return Content.assemble(*(_key_content(key) for key in self._fitting()))

    async def on_click(self, event: events.Click) -> None:
        """A click on a key's name does what the key does."""
        right = 0
        for key in [] if self._told else self._fitting():
            right += _width(key)
            if event.x < right:
                await self.run_action(key.action)
                return

    def _fitting(self) -> list[Key]:
        always = self._keys[-_N_ALWAYS:]
        room = self.size.width - sum(map(_width, always))
        shown = []
        for key in self._keys[:-_N_ALWAYS]:
            room -= _width(key)
            if room < 0:
                break
            shown.append(key)
        return [*shown, *always]

    def _fall_silent(self) -> None:
        self._told = ""
        self.refresh()


def _width(key: Key) -> int:
    return cell_len(f" {key.key} {key.word} ")


def _key_content(key: Key) -> Content:
    return Content.assemble(" ", (key.key, KEY), f" {key.word} ")
