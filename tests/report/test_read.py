"""Stored reports, read again: whole, damaged, foreign, of another time."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from rigcheck.errors import ExitCode, RigcheckError, UsageError
from rigcheck.facts import Rig
from rigcheck.report.read import parse_report, read_report
from rigcheck.report.report import SCHEMA_VERSION, Report, make_report

REPORT = make_report(rig=Rig(), probes=(), findings=(), check_duration_s=1.5)


def stored(**changes: Any) -> bytes:
    content: dict[str, Any] = json.loads(msgspec.json.encode(REPORT))
    return json.dumps({**content, **changes}).encode()


def test_a_report_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(msgspec.json.encode(REPORT))
    assert read_report(path) == REPORT


def test_parts_that_a_former_rigcheck_did_not_know_were_not_asked() -> None:
    rig = json.loads(msgspec.json.encode(REPORT.rig))
    del rig["toolkit"]
    assert parse_report(stored(rig=rig), "x").rig == Rig()


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "is not JSON"),
        (b"PyTorch version: 2.5.1", "is not JSON"),
        (b"\xff\xfe\x00", "is not JSON"),
        (b'{"schema_version": 1', "is not JSON"),
        (b"[" * 200_000, "is not JSON"),
        (b"[]", "no report of rigcheck"),
        (b'{"name": "somebody else\'s"}', "no report of rigcheck"),
        (b'{"schema_version": true}', "no report of rigcheck"),
        (b'{"schema_version": 1}', "damaged"),
        (stored(rig="gone"), "damaged"),
        (stored(findings=[{"id": 7}]), "damaged"),
        (stored(schema_version=SCHEMA_VERSION + 1), "later rigcheck"),
    ],
)
def test_anything_else_is_refused_in_words(raw: bytes, words: str) -> None:
    with pytest.raises(RigcheckError, match=words) as caught:
        parse_report(raw, "report.json")
    assert str(caught.value).startswith("report.json")
    assert caught.value.hint


def test_a_file_that_cannot_be_read_is_wrong_usage(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.json", tmp_path):
        with pytest.raises(UsageError) as caught:
            read_report(path)
        assert caught.value.exit_code is ExitCode.USAGE


def test_a_report_is_a_report() -> None:
    assert isinstance(parse_report(stored(), "x"), Report)
