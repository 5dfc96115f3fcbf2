from pathlib import Path

import pytest

from rigcheck.errors import RigcheckError
from rigcheck.report.formats import Format
from rigcheck.report.read import read_report
from rigcheck.report.report import make_report
from rigcheck.tui.saving import FORMATS, save
from tests.tui.streams import FINDINGS, RIG

REPORT = make_report(rig=RIG, probes=(), findings=FINDINGS, check_duration_s=1.0)


def test_what_is_saved_as_json_reads_back_the_same(tmp_path: Path) -> None:
    assert read_report(save(REPORT, Format.JSON, (tmp_path,))) == REPORT


def test_what_is_saved_as_text_leads_with_what_is_wrong(tmp_path: Path) -> None:
    path = save(REPORT, Format.TEXT, (tmp_path,))
    assert path.name.endswith(".txt")
    assert "✗ fail GPU 0 cannot run this torch" in path.read_text("utf-8")


def test_no_file_is_overwritten(tmp_path: Path) -> None:
    first, second = (save(REPORT, Format.JSON, (tmp_path,)) for _ in range(2))
    assert first != second
    assert first.read_bytes() == second.read_bytes()


def test_where_one_directory_takes_nothing_the_next_one_does(tmp_path: Path) -> None:
    assert save(REPORT, Format.JSON, (tmp_path / "none", tmp_path)).parent == tmp_path


def test_where_none_does_it_says_why(tmp_path: Path) -> None:
    with pytest.raises(RigcheckError, match="none: No such file"):
        save(REPORT, Format.JSON, (tmp_path / "none",))


@pytest.mark.parametrize("form", [Format.MARKDOWN, Format.HTML])
def test_what_is_shown_to_others_names_nobodys_machine(tmp_path: Path, form: Format) -> None:
    text = save(REPORT, form, (tmp_path,)).read_text("utf-8")
    assert "GPU 0 cannot run this torch" in text
    assert "athlon-box" not in text
    assert "athlon-box" in save(REPORT, Format.JSON, (tmp_path,)).read_text("utf-8")


def test_each_format_that_is_offered_can_be_saved(tmp_path: Path) -> None:
    assert {save(REPORT, form, (tmp_path,)).suffix for form in FORMATS} == {
        ".txt",
        ".md",
        ".html",
        ".json",
    }
