import dataclasses
from pathlib import Path

import pytest

from rigcheck.report.report import Report
from rigcheck.report.runs import open_run
from rigcheck.tui.listed import read_listed
from rigcheck.tui.run_text import comparison_lines, report_lines
from tests.tui.kept_runs import keep, keep_lines


def opened(path: Path) -> tuple[str, Report]:
    return open_run(path.name.partition(".")[0], path.parent)


def test_an_interrupted_run_says_so_before_all_else(tmp_path: Path) -> None:
    _, report = opened(keep_lines(tmp_path, "20250102T030405Z-b"))
    (run,) = read_listed(tmp_path)
    text = report_lines(run, report, 120).plain
    assert text.startswith(
        "Run of 2025-01-02 03:04: it was interrupted; until then: CPU 16.4 k images/s\n"
    )
    assert "16.4 k images/s (" in text


def test_a_whole_run_is_its_report_alone(tmp_path: Path) -> None:
    _, report = opened(keep(tmp_path, "20250102T030405Z-b"))
    (run,) = read_listed(tmp_path)
    assert report_lines(run, report, 120).plain.startswith("rigcheck 0.")
    at_work = dataclasses.replace(run, begun="")
    assert report_lines(at_work, report, 120).plain.startswith("rigcheck 0.")


@pytest.mark.parametrize("n_columns", [1, 12, 40, 200])
def test_two_runs_are_compared_in_any_width(tmp_path: Path, n_columns: int) -> None:
    runs = [
        opened(keep(tmp_path, "20250101T000000Z-b", images_per_s=10_000.0)),
        opened(keep(tmp_path, "20250102T000000Z-c", images_per_s=20_000.0)),
    ]
    text = comparison_lines(runs, n_columns).plain
    assert "faster" in text
    assert "\x1b" not in text
