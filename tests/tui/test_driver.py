import io

import msgspec
import pytest
from rich.cells import cell_len

from rigcheck.terminal import Glyphs
from rigcheck.tui.driver import Replacements, TerminalFile
from rigcheck.tui.look import AT_WORK, CHOSEN, MARKS
from tests.tui.streams import TERMINAL

DRAWN = f"╭─╮│╰┴┘┤ ▰▱ {AT_WORK}{CHOSEN} {''.join(MARKS.values())} 16–17 6× ±2 64 °C ↑↓←→ ▁▅█▀▄"


def written(text: str, encoding: str = "utf-8", glyphs: str = "") -> str:
    terminal = msgspec.structs.replace(TERMINAL, encoding=encoding, glyphs_asked_for=glyphs)
    file = io.StringIO()
    TerminalFile(file, Replacements(terminal)).write(text)
    return file.getvalue()


def test_a_good_terminal_gets_everything_as_it_is() -> None:
    assert written(DRAWN) == DRAWN


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "iso8859-15"])
def test_a_terminal_without_symbols_gets_as_many_cells_of_what_it_has(encoding: str) -> None:
    shown = written(DRAWN, encoding=encoding)
    assert shown.isascii()
    assert "?" not in shown.replace(MARKS[next(v for v in MARKS if v.value == "unknown")], "")
    assert cell_len(shown) == cell_len(DRAWN)


def test_a_text_console_gets_what_its_font_has() -> None:
    shown = written(DRAWN, glyphs="blocks")
    assert shown.encode("cp437").decode("cp437") == shown
    assert cell_len(shown) == cell_len(DRAWN)


def test_a_foreign_name_keeps_its_width() -> None:
    assert written("网卡 Größe", encoding="latin-1") == "???? Gr??e"
    assert written("网卡 Größe", encoding="latin-1", glyphs="blocks") == "???? Größe"


def test_escape_sequences_pass_unharmed() -> None:
    sequence = "\x1b[?1049h\x1b[38;5;12m\x1b]52;c;cGlw\a"
    assert written(sequence, encoding="ascii") == sequence


def test_every_verdict_keeps_a_mark_of_its_own_in_every_set_of_glyphs() -> None:
    for glyphs in Glyphs:
        shown = [written(mark, glyphs=glyphs.value) for mark in MARKS.values()]
        assert len(set(shown)) == len(shown)


class Closed(io.StringIO):
    def __init__(self) -> None:
        super().__init__()
        self.n_writes = 0

    def write(self, text: str) -> int:
        self.n_writes += len(text) > 0
        raise OSError(5, "Input/output error")

    def flush(self) -> None:
        raise OSError(5, "Input/output error")


def test_a_terminal_that_has_gone_takes_everything_in_silence() -> None:
    closed = Closed()
    file = TerminalFile(closed, Replacements(TERMINAL))
    file.write("one")
    file.write("two")
    file.flush()
    assert closed.n_writes == 1
