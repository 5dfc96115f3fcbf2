"""Foreign texts made harmless."""

import io
import sys
from pathlib import Path

import pytest

from rigcheck.errors import RigcheckError, UsageError
from rigcheck.explain import explain
from rigcheck.ingest.text import MAX_BYTES, Text, clean, parse_text, read_text_file


def test_a_piece_is_told_with_its_line() -> None:
    text = Text("first\nsecond\nCUDA used to build PyTorch:   12.1\n")
    start = text.content.index("CUDA")
    assert (
        text.source(start, start + 34) == "line 3 of the text: 'CUDA used to build PyTorch: 12.1'"
    )


def test_a_long_piece_is_cut() -> None:
    assert len(Text("x" * 10_000).source(0, 10_000)) < 200


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("> quoted\n> > twice", "quoted\ntwice"),
        ("no\xa0break", "no break"),
    ],
)
def test_what_is_no_text_is_taken_out(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


def test_powershells_utf16_is_read() -> None:
    assert parse_text("Driver Version: 551.61".encode("utf-16")).content == "Driver Version: 551.61"


def test_control_characters_do_not_survive() -> None:
    assert parse_text(b"long enough a text\x07 with a bell").content.isprintable()


@pytest.mark.parametrize("raw", [b"\0" * 1000, bytes(range(256)) * 40, b"\x7fELF\x02\x01" * 200])
def test_binary_is_refused(raw: bytes) -> None:
    with pytest.raises(RigcheckError, match="no text"):
        parse_text(raw)


class Endless(io.RawIOBase):
    """Gives zeros for ever, and counts them."""

    given = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        assert size > 0, "all of it was asked for"
        self.given += size
        return b"0" * size


def test_of_an_endless_file_no_more_is_read_than_is_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endless = Endless()
    monkeypatch.setattr(Path, "open", lambda *_: endless)
    with pytest.raises(RigcheckError, match="larger than 1 MiB"):
        read_text_file(str(tmp_path / "zero"))
    assert endless.given <= MAX_BYTES + 1


def test_a_file_that_is_not_there_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="cannot read /nowhere/at/all"):
        read_text_file("/nowhere/at/all")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /dev/zero")
def test_a_device_is_not_read_for_ever() -> None:
    with pytest.raises(RigcheckError, match="larger"):
        read_text_file("/dev/zero")


@pytest.mark.parametrize(
    "line",
    [
        "{0:02x}:{1:02x}.0 VGA compatible controller: NVIDIA Corporation x\n",
        "a_package_{0}_{1}==1.0\n",
    ],
)
def test_more_things_than_a_machine_has_cost_no_more(line: str) -> None:
    """Every rule asks for every GPU: a bus of 20,000 took four minutes to judge."""
    few, many = (_calls("".join(line.format(i >> 8, i & 255) for i in range(n))) for n in _COUNTS)
    assert many < 4 * few


_COUNTS = (1_000, 10_000)


def _calls(text: str) -> int:
    """Of Python's functions, which unlike seconds are the same on every machine."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        explain(parse_text(text.encode()))
    finally:
        sys.setprofile(None)
    return calls
