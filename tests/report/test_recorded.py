"""Reports of every schema version there has been still open, and do all that a new one does."""

import json
from pathlib import Path

import pytest

from rigcheck.compare.compare import compare
from rigcheck.rejudge import rejudge
from rigcheck.report.head import head_of
from rigcheck.report.layout import Style
from rigcheck.report.read import read_report
from rigcheck.report.report import SCHEMA_VERSION
from rigcheck.report.text import report_text

RECORDED = sorted((Path(__file__).parent / "recorded").glob("schema_*.json"))


def test_there_is_one_of_each_version() -> None:
    versions = {json.loads(path.read_text())["schema_version"] for path in RECORDED}
    assert versions == set(range(1, SCHEMA_VERSION + 1))


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_a_report_of_that_version_opens(path: Path) -> None:
    report = read_report(path)
    assert report.bench is not None
    assert "AMD EPYC, 340 images/s" in report_text(report, Style())
    assert head_of(report).devices[0].rates
    assert rejudge(report).rig == report.rig
    (pair,) = compare([("a", report), ("b", report)]).pairs
    assert pair.changes == ()
