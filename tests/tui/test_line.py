import contextlib
import os
import pty
import threading
import time
from collections.abc import Iterator

import msgspec
import pytest
from rich.cells import cell_len

from rigcheck.terminal import Glyphs
from rigcheck.tui.line import Line, Replacements
from rigcheck.tui.look import AT_WORK, CHOSEN, MARKS
from tests.tui.streams import TERMINAL

DRAWN = f"╭─╮│╰┴┘┤ ▰▱ {AT_WORK}{CHOSEN} {''.join(MARKS.values())} 16–17 6× ±2 64 °C ↑↓←→ ▁▅█▀▄"


def written(text: str, encoding: str = "utf-8", glyphs: str = "") -> str:
    terminal = msgspec.structs.replace(TERMINAL, encoding=encoding, glyphs_asked_for=glyphs)
    return text.translate(Replacements(terminal))


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


@pytest.fixture
def ends() -> Iterator[tuple[int, Line]]:
    """The far end of a terminal, and a line to it."""
    master, slave = pty.openpty()
    os.set_blocking(master, False)
    with os.fdopen(slave, "w") as file:
        yield master, Line(file, TERMINAL)
    os.close(master)


def read_all(master: int) -> bytes:
    told = b""
    with contextlib.suppress(BlockingIOError):
        while True:
            told += os.read(master, 65_536)
    return told


def wait_until_stalled(line: Line) -> None:
    end_s = time.monotonic() + 30
    while not line.is_stalled:
        assert time.monotonic() < end_s
        time.sleep(0.01)


MUCH = "x" * 1_000_000


def test_what_is_written_arrives(ends: tuple[int, Line]) -> None:
    master, line = ends
    line.write("one ")
    line.write("two ✓")
    line.drain()
    assert read_all(master).decode() == "one two ✓"
    assert not line.is_stalled
    assert not line.is_lost


def test_a_terminal_that_reads_nothing_stops_nobody_and_is_left_clean(
    ends: tuple[int, Line],
) -> None:
    master, line = ends
    line.write(MUCH)
    line.write("never to be seen")
    wait_until_stalled(line)
    line.drain()
    assert line.is_lost
    told = read_all(master)
    assert told.endswith(b"\x1b[?1049l\x1b[?25h\x1b[?1004l")
    assert b"never" not in told
    assert len(told) < 10_000


def test_a_line_that_comes_back_gets_everything_in_order(ends: tuple[int, Line]) -> None:
    master, line = ends
    line.write(MUCH)
    line.write("and the end")
    wait_until_stalled(line)
    told = b""
    while not told.endswith(b"and the end"):
        told += read_all(master)
        time.sleep(0.001)
    assert told.decode() == MUCH + "and the end"
    line.drain()
    assert not line.is_lost


def test_a_line_that_is_slow_but_moves_is_waited_for(ends: tuple[int, Line]) -> None:
    master, line = ends
    line.write("y" * 100_000)
    told: list[bytes] = []

    def read_slowly() -> None:
        while len(b"".join(told)) < 100_000:
            told.append(read_all(master))
            time.sleep(0.01)

    reader = threading.Thread(target=read_slowly)
    reader.start()
    line.drain()
    reader.join()
    assert not line.is_lost


def test_after_giving_up_it_serves_again_when_the_app_comes_back(ends: tuple[int, Line]) -> None:
    master, line = ends
    line.write(MUCH)
    line.drain()
    read_all(master)
    line.begin()
    line.write("back")
    line.drain()
    assert read_all(master) == b"back"


def test_a_terminal_that_has_gone_takes_everything_in_silence() -> None:
    master, slave = pty.openpty()
    with os.fdopen(slave, "w") as file:
        line = Line(file, TERMINAL)
        line.write("one")
        line.drain()
        os.close(master)
        line.write("two")
        line.drain()
        line.write("three")
        line.drain()
        assert line.is_lost
        assert not line.is_stalled
