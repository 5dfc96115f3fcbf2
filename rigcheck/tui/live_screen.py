"""What the screens that show a running engine have in common."""

from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import Binding, BindingType
from textual.screen import Screen

from rigcheck.tui.kept_lines import KeptLines
from rigcheck.tui.key_bar import Key, KeyBar

if TYPE_CHECKING:
    from rigcheck.tui.app import RigcheckApp

_COPY = Key("c", "copy remedy", "screen.copy_remedy")


class LiveScreen(KeptLines, Screen[None]):
    """Shows what the app knows; told to a few times a second, and after each key that matters."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("c", "copy_remedy", "Copy the remedy")]

    def __init__(self, key_bar: KeyBar) -> None:
        super().__init__()
        self.key_bar = key_bar

    @property
    def rigcheck(self) -> "RigcheckApp":
        """The app."""
        return cast("RigcheckApp", self.app)

    @property
    def draws_every(self) -> int:
        """So many of the app's ticks lie between two frames; of these there are four a second."""
        return 1

    @property
    def remedy_commands(self) -> tuple[str, ...]:
        """What `c` copies."""
        return ()

    @property
    def copy_keys(self) -> tuple[Key, ...]:
        """The key that copies, where there is something to copy."""
        return (_COPY,) if self.remedy_commands else ()

    def show_state(self) -> None:
        """Draws what has changed."""

    def on_screen_resume(self) -> None:
        """Textual's message: this screen is on top again."""
        self.show_state()

    def on_resize(self) -> None:
        """Textual's message; the widgets have their new sizes after it."""
        self.call_after_refresh(self.show_state)

    def action_copy_remedy(self) -> None:
        """Sends the remedy's commands to the clipboard of the terminal, also over SSH (OSC 52)."""
        if not self.remedy_commands:
            self.tell("there is no command to copy here")
            return
        self.app.copy_to_clipboard("\n".join(self.remedy_commands))
        self.tell(f"sent to the terminal's clipboard: {self.remedy_commands[0]}")

    def tell(self, text: str) -> None:
        """Says this at the bottom for a moment."""
        self.key_bar.tell(text)
