"""Asks which device is to join the benchmark at work, where it could be several."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList

from rigcheck.bench.plan import BenchDevice
from rigcheck.tui.layout import styled
from rigcheck.tui.line_list import LineList
from rigcheck.tui.look import FAINT
from rigcheck.tui.text import Text


class AddScreen(ModalScreen[BenchDevice | None]):
    """A box over the benchmark; ends with the device, or None where none is to join."""

    DEFAULT_CSS = """
    AddScreen { align: center middle; background: transparent; }
    AddScreen > Vertical { width: 80%; max-width: 70; height: auto; max-height: 100%;
                           border: round ansi_default; background: ansi_default; padding: 0 1; }
    AddScreen LineList { height: auto; max-height: 8; }
    AddScreen.-short LineList { max-height: 3; }
    AddScreen.-short Text { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,b", "close", "Back")]

    def __init__(self, devices: Sequence[BenchDevice]) -> None:
        super().__init__()
        self._devices = {device.device: device for device in devices}
        self._list, self._told = LineList(markup=False), Text()

    def compose(self) -> ComposeResult:
        """Textual asks for the widgets."""
        with Vertical() as box:
            box.border_title = "Which device is to join"
            yield self._list
            yield self._told

    def on_mount(self) -> None:
        """Textual's message."""
        self._list.show_lines(
            [(key, styled(f" {d.label}  {d.name}")) for key, d in self._devices.items()]
        )
        self._list.highlighted = 0
        self._told.show(styled("Enter adds, Esc leaves", FAINT))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click on a device."""
        self.dismiss(self._devices[str(event.option_id)])

    def action_close(self) -> None:
        """Nobody joins."""
        self.dismiss(None)
