import os
import pty
import subprocess
import sys

import msgspec
import pytest

from rigcheck.terminal import Glyphs, Terminal, plain, read_terminal

GOOD = Terminal(
    stdin_is_tty=True,
    stdout_is_tty=True,
    stderr_is_tty=True,
    kind="xterm-256color",
    columns=80,
    lines=24,
    encoding="utf-8",
)


def test_a_good_terminal_has_no_obstacle() -> None:
    assert GOOD.obstacle == ""


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"stdin_is_tty": False}, "stdin is not a terminal"),
        ({"stdout_is_tty": False}, "stdout is not a terminal"),
        ({"stderr_is_tty": False}, "stderr is not a terminal"),
        ({"kind": ""}, "TERM is not set"),
        ({"kind": "dumb"}, "TERM is dumb"),
        ({"columns": 39}, "the terminal has 39×24 characters, the interface needs 40×10"),
        ({"lines": 9}, "the terminal has 80×9 characters, the interface needs 40×10"),
    ],
)
def test_an_obstacle_is_named(changes: dict[str, object], reason: str) -> None:
    assert msgspec.structs.replace(GOOD, **changes).obstacle == reason


def test_the_least_size_is_enough() -> None:
    assert msgspec.structs.replace(GOOD, columns=40, lines=10).obstacle == ""


@pytest.mark.parametrize(
    ("kind", "encoding", "asked", "glyphs"),
    [
        ("xterm-256color", "utf-8", "", Glyphs.BRAILLE),
        ("screen", "UTF-8", "", Glyphs.BRAILLE),
        ("linux", "utf-8", "", Glyphs.BLOCKS),
        ("xterm", "cp437", "", Glyphs.BLOCKS),
        ("xterm", "latin-1", "", Glyphs.ASCII),
        ("xterm", "no-such-encoding", "", Glyphs.ASCII),
        ("vt100", "utf-8", "", Glyphs.ASCII),
        ("xterm", "latin-1", "braille", Glyphs.BRAILLE),
        ("xterm", "utf-8", "ascii", Glyphs.ASCII),
        ("xterm", "utf-8", "sixel", Glyphs.BRAILLE),
    ],
)
def test_glyphs_follow_encoding_and_kind(
    kind: str, encoding: str, asked: str, glyphs: Glyphs
) -> None:
    terminal = msgspec.structs.replace(GOOD, kind=kind, encoding=encoding, glyphs_asked_for=asked)
    assert terminal.glyphs is glyphs


@pytest.mark.parametrize(
    ("changes", "colour"),
    [
        ({}, True),
        ({"no_color": True}, False),
        ({"stdout_is_tty": False}, False),
        ({"kind": "dumb"}, False),
        ({"stdin_is_tty": False}, True),
    ],
)
def test_colour_needs_a_terminal_and_leave(changes: dict[str, object], colour: bool) -> None:
    assert msgspec.structs.replace(GOOD, **changes).colour is colour


@pytest.mark.parametrize(
    ("changes", "colours"),
    [
        ({}, 256),
        ({"kind": "tmux-256color"}, 256),
        ({"kind": "xterm", "colorterm": "truecolor"}, 256),
        ({"kind": "xterm"}, 16),
        ({"kind": "linux"}, 16),
        ({"kind": "vt100"}, 16),
        ({"no_color": True}, 0),
    ],
)
def test_how_many_colours_may_be_sent(changes: dict[str, object], colours: int) -> None:
    assert msgspec.structs.replace(GOOD, **changes).colours == colours


@pytest.mark.parametrize(("value", "no_color"), [("1", True), ("0", True), ("", False)])
def test_no_color_counts_unless_empty(value: str, no_color: bool) -> None:
    assert read_terminal({"NO_COLOR": value}).no_color is no_color


def test_a_pipe_is_told_from_a_terminal() -> None:
    code = (
        "from rigcheck.terminal import read_terminal as r; t = r();"
        "print(t.stdin_is_tty, t.stdout_is_tty, t.stderr_is_tty, t.kind)"
    )
    master, slave = pty.openpty()
    try:
        told = subprocess.run(
            [sys.executable, "-c", code],
            stdin=slave,
            stdout=subprocess.PIPE,
            stderr=slave,
            env={**os.environ, "TERM": "screen"},
            check=True,
            text=True,
        ).stdout
    finally:
        os.close(master)
        os.close(slave)
    assert told.split() == ["True", "False", "True", "screen"]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("NVIDIA GeForce GTX 960", "NVIDIA GeForce GTX 960"),
        ("Größe 网卡 ✓", "Größe 网卡 ✓"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("\x9b31m", "\\x9b31m"),
        ("a\x07b\x00c\x7f", "a\\x07b\\x00c\\x7f"),
        ("safe\u202egnp.exe", "safe\\u202egnp.exe"),
        ("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("lone \udc80", "lone \\udc80"),
        ("one\ntwo\tthree\r", "one two three\\r"),
        ("line\u2028line", "line\\u2028line"),
        ("[bold]markup[/]", "[bold]markup[/]"),
    ],
)
def test_plain_text_does_nothing_but_show(text: str, safe: str) -> None:
    assert plain(text) == safe


def test_plain_text_keeps_its_lines_when_asked() -> None:
    assert plain("one\r\n\x1btwo", multiline=True) == "one\\r\n\\x1btwo"
