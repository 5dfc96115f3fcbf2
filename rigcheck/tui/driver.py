"""Textual's way to the terminal, made to bear fonts without symbols and terminals that vanish."""

from collections.abc import Callable
from io import TextIOWrapper
from typing import Any, TextIO, cast

from rich.cells import cell_len
from textual.drivers.linux_driver import LinuxDriver

from rigcheck.terminal import Glyphs, Terminal

# What is drawn in place of what, by what the terminal's font has.
_IN_BLOCKS = {
    "┌": "╭", "┐": "╮", "└": "╰", "┘": "╯", "│": "┃", "─": "━", "█": "▰▆▇", "░": "▱",
    "▄": "▁▂▃▅", "√": "✓", "x": "✗×", "-": "–", ".": "…", ">": "▸→", "<": "←", "^": "↑", "v": "↓",
}  # fmt: skip
_IN_ASCII = {
    "+": "╭╮╰╯┌┐└┘├┤┬┴┼✓", "-": "─━–", "|": "│┃▌▎", "_": "▁▂▃▔", "#": "▄▅▆▇█▰",
    "'": "▀", "x": "✗×", ".": "…·▱", ">": "▸→", "<": "←", "^": "↑", "v": "↓", "o": "°", "~": "±",
    "3": "³",
}  # fmt: skip
_TABLES: dict[Glyphs, dict[str, str]] = {
    Glyphs.BRAILLE: {},
    Glyphs.BLOCKS: _IN_BLOCKS,
    Glyphs.ASCII: _IN_ASCII,
}


class Replacements(dict[int, str]):
    """For `str.translate`: what this terminal cannot show, each by as many cells of what it can."""

    def __init__(self, terminal: Terminal) -> None:
        table = _TABLES[terminal.glyphs]
        super().__init__({ord(c): shown for shown, replaced in table.items() for c in replaced})
        self._encoding = "ascii" if terminal.glyphs is Glyphs.ASCII else terminal.encoding

    def __missing__(self, code: int) -> str:
        character = chr(code)
        try:
            character.encode(self._encoding)
            text = character
        except UnicodeEncodeError:
            text = "?" * cell_len(character)
        self[code] = text
        return text


class TerminalFile:
    """The part of a text file that Textual's writer thread uses.

    Once the terminal has gone, writing is of no effect: were the thread to die of it, the app
    would wait for it for ever.
    """

    def __init__(self, file: TextIO, replacements: Replacements) -> None:
        self._file = file
        self._replacements = replacements
        self._gone = False

    def write(self, text: str) -> None:
        """Writes it in what the terminal can show."""
        self._unless_gone(lambda: self._file.write(text.translate(self._replacements)))

    def flush(self) -> None:
        """Sends what was written."""
        self._unless_gone(self._file.flush)

    def fileno(self) -> int:
        """Of the terminal."""
        return self._file.fileno()

    def _unless_gone(self, act: Callable[[], object]) -> None:
        if self._gone:
            return
        try:
            act()
        except OSError:
            self._gone = True


def driver_for(terminal: Terminal) -> type[LinuxDriver]:
    """A driver class that writes what this terminal can show."""
    replacements = Replacements(terminal)

    class Driver(LinuxDriver):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            # The one thing that the driver does with it is to hand it to the writer thread.
            file = TerminalFile(cast("TextIO", self._file), replacements)
            self._file = cast("TextIOWrapper[Any]", file)

    return Driver
