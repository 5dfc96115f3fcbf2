"""Asks for a format, writes the file, and says where it is."""

import asyncio
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList

from rigcheck.errors import RigcheckError
from rigcheck.report.formats import Format
from rigcheck.report.report import Report
from rigcheck.tui.layout import styled
from rigcheck.tui.line_list import LineList
from rigcheck.tui.look import FAINT, STRONG
from rigcheck.tui.saving import FORMATS, save
from rigcheck.tui.text import Text


class SaveScreen(ModalScreen[None]):
    """A box over the screen it was called from."""

    DEFAULT_CSS = """
    SaveScreen { align: center middle; background: transparent; }
    SaveScreen > Vertical { width: 80%; max-width: 70; height: auto; max-height: 100%;
                            border: round ansi_default; background: ansi_default; padding: 0 1; }
    SaveScreen LineList { height: auto; max-height: 8; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", "Back")]

    def __init__(self, report: Report, directories: tuple[Path, ...]) -> None:
        super().__init__()
        self._report = report
        self._directories = directories
        self._list, self._told = LineList(markup=False), Text()

    def compose(self) -> ComposeResult:
        """Textual asks for the widgets."""
        with Vertical() as box:
            box.border_title = "Save this run as"
            yield self._list
            yield self._told

    def on_mount(self) -> None:
        """Textual's message."""
        self._list.show_lines(
            [(f.value, styled(f" {what} (.{suffix})")) for f, (suffix, what) in FORMATS.items()]
        )
        self._list.highlighted = 0
        self._told.show(styled("Enter saves, Esc leaves", FAINT))

    async def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click on a format."""
        self._told.show(styled("writing…", FAINT))
        try:
            # The plots of a page take their time.
            path = await asyncio.to_thread(
                save, self._report, Format(event.option_id), self._directories
            )
        except RigcheckError as error:
            self._told.show(styled(f"{error}", STRONG))
            return
        self._told.show(
            Content("\n").join((styled(f"saved: {path}", STRONG), styled("Esc leaves", FAINT)))
        )

    def action_close(self) -> None:
        """Back to the screen below."""
        self.dismiss()
