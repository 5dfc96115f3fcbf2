"""The line to the terminal, made to bear one that stalls, one that vanishes, and poor fonts.

Textual's writer waits for the terminal, and the whole app then waits for it: a connection that
hangs would stop the app, and a signal could not end it. Here nobody waits but a thread.
"""

import contextlib
import os
import queue
import select
import termios
import threading
import time
from typing import TextIO

from rich.cells import cell_len

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

_STALLED_S = 0.5
_PATIENCE_S = 2.0
"""For a line that takes nothing any more, while the app waits to end."""
_CHUNK_BYTES = 1024
_POLL_MS = 100
_LAST_WORDS = b"\x18\x1b[?2026l\x1b[?1000l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?2004l\x1b[?7h"
_LAST_WORDS += b"\x1b[<u\x1b[0m\x1b[?1049l\x1b[?25h\x1b[?1004l"
"""Ends a sequence that was cut short, then undoes all that Textual sets."""


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


class Line:
    """The part of a text file that Textual's writer thread uses; writing to it never waits."""

    def __init__(self, file: TextIO, terminal: Terminal) -> None:
        """Opens nothing and writes nothing yet."""
        self._file = file
        self._encoding = terminal.encoding
        self._replacements = Replacements(terminal)
        self._fd = -1
        self._pending: queue.Queue[bytes] = queue.Queue()
        self._moved_s = time.monotonic()
        self._gone = False
        self._given_up = False

    @property
    def is_stalled(self) -> bool:
        """What was written some while ago has not been taken. Whoever draws should wait."""
        return self._is_waiting and time.monotonic() - self._moved_s > _STALLED_S

    @property
    def is_lost(self) -> bool:
        """Nothing more will arrive: the terminal was closed, or took nothing to the last."""
        return self._gone or self._given_up

    def write(self, text: str) -> None:
        """Hands it to the thread, in what the terminal can show."""
        if self._fd < 0:
            self._open()
        if not self._is_waiting:
            self._moved_s = time.monotonic()
        self._pending.put(text.translate(self._replacements).encode(self._encoding, "replace"))

    def flush(self) -> None:
        """Nothing is held back."""

    def fileno(self) -> int:
        """Of the terminal."""
        return self._file.fileno()

    def begin(self) -> None:
        """The terminal is ours, perhaps again."""
        self._given_up = False

    def drain(self) -> None:
        """Waits until all is sent, as long as something moves; then frees the terminal anyhow."""
        while self._is_waiting and not self._gone:
            if time.monotonic() - self._moved_s > _PATIENCE_S:
                self._give_up()
                return
            time.sleep(0.01)

    @property
    def _is_waiting(self) -> bool:
        return self._pending.unfinished_tasks > 0

    def _open(self) -> None:
        """A description of our own: that of stderr is the shell's too, and must stay as it is."""
        fd = self._file.fileno()
        try:
            self._fd = os.open(os.ttyname(fd), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
        except OSError:  # a terminal of another user (su), or of another mount namespace
            self._fd = os.dup(fd)
        threading.Thread(target=self._send_all, name="line", daemon=True).start()

    def _send_all(self) -> None:
        while True:
            data = self._pending.get()
            try:
                self._send(data)
            except OSError:
                self._gone = True
            finally:
                self._pending.task_done()

    def _send(self, data: bytes) -> None:
        poll = select.poll()
        poll.register(self._fd, select.POLLOUT)
        while data and not self.is_lost:
            if poll.poll(_POLL_MS):
                try:
                    data = data[os.write(self._fd, data[:_CHUNK_BYTES]) :]
                    self._moved_s = time.monotonic()
                except BlockingIOError:  # room for too little
                    time.sleep(_POLL_MS / 1000)

    def _give_up(self) -> None:
        """Throws away what the terminal has not read, so that there is room for the last words."""
        self._given_up = True
        with contextlib.suppress(OSError, termios.error):
            termios.tcflush(self._fd, termios.TCOFLUSH)
        end_s = time.monotonic() + _STALLED_S
        while self._is_waiting and time.monotonic() < end_s:
            time.sleep(0.01)
        with contextlib.suppress(OSError):
            if select.select([], [self._fd], [], 0)[1]:
                os.write(self._fd, _LAST_WORDS)
