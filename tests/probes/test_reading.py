import sys
from pathlib import Path

from rigcheck.facts import Absent, Failed, Found, Reason
from rigcheck.probes.reading import (
    ask_tool,
    first_found,
    parsed,
    read_entries,
    read_number,
)

MISSING = Absent(Reason.NOT_THERE, "a")


def test_a_parsed_value_keeps_its_source() -> None:
    assert parsed(Found("7", "/proc/x"), int) == Found(7, "/proc/x")


def test_what_cannot_be_parsed_fails_with_the_parsers_words() -> None:
    fact = parsed(Found("seven", "/proc/x"), int)
    assert isinstance(fact, Failed)
    assert "seven" in fact.error


def test_an_absence_passes_through_the_parser() -> None:
    assert parsed(MISSING, int) is MISSING


def test_a_number_is_read_without_its_newline(tmp_path: Path) -> None:
    (tmp_path / "n").write_text("42\n")
    assert read_number(tmp_path / "n") == Found(42, str(tmp_path / "n"))


def test_the_first_found_wins_over_earlier_absences() -> None:
    assert first_found(MISSING, Found(1, "b"), Found(2, "c")) == Found(1, "b")


def test_where_nothing_is_found_the_first_reason_stays() -> None:
    assert first_found(MISSING, Failed("broken", "b")) is MISSING


def test_entries_are_sorted_by_name(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / name).touch()
    assert read_entries(tmp_path) == Found((tmp_path / "a", tmp_path / "b"), str(tmp_path))


def test_a_missing_directory_is_not_an_empty_one(tmp_path: Path) -> None:
    assert read_entries(tmp_path / "no") == Absent(Reason.NOT_THERE, str(tmp_path / "no"))


def test_a_tool_answers_on_stdout() -> None:
    fact = ask_tool(sys.executable, "-c", "print('yes')", timeout_s=20)
    assert isinstance(fact, Found)
    assert fact.value == "yes\n"


def test_a_tool_that_fails_is_quoted() -> None:
    fact = ask_tool(sys.executable, "-c", "raise SystemExit('no such module')", timeout_s=20)
    assert isinstance(fact, Failed)
    assert fact.error == "no such module"


def test_a_tool_that_hangs_fails_at_its_limit() -> None:
    fact = ask_tool(sys.executable, "-c", "import time; time.sleep(60)", timeout_s=0.2)
    assert isinstance(fact, Failed)
    assert "timed out after 0.2 seconds" in fact.error


def test_a_tool_that_is_not_installed_does_not_say_that_the_thing_is_not_there() -> None:
    fact = ask_tool("rigcheck-no-such-tool", timeout_s=1)
    assert isinstance(fact, Absent)
    assert fact.reason is Reason.NOT_SUPPORTED
    assert fact.detail == "rigcheck-no-such-tool is not installed"
