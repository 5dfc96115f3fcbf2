import fcntl
from pathlib import Path

import pytest

from rigcheck.errors import RigcheckError
from rigcheck.findings import Verdict
from rigcheck.report.head import encode_stored
from rigcheck.report.history import Filter, filtered, read_history
from rigcheck.report.report import Report
from tests.report.kept import SLOW_LINK, on_host, report, trained


def keep(folder: Path, name: str, content: Report) -> Path:
    path = folder / f"{name}.json"
    path.write_bytes(encode_stored(content))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    keep(tmp_path, "20261120T080000Z-bbbb", report(created_at="2026-11-20T08:00:09Z"))
    keep(
        tmp_path,
        "20261121T080000Z-cccc",
        report(trained("GPU 0"), created_at="2026-11-21T08:00:09Z", findings=(SLOW_LINK,)),
    )
    keep(
        tmp_path,
        "20261119T080000Z-dddd",
        report(trained("CPU"), created_at="2026-11-19T08:00:09Z", facts=on_host("athlon")),
    )
    return tmp_path


def test_the_oldest_run_comes_first(folder: Path) -> None:
    assert [run.id for run in read_history(folder).runs] == ["dddd", "bbbb", "cccc"]


def test_no_directory_is_no_history(tmp_path: Path) -> None:
    assert read_history(tmp_path / "nowhere").runs == ()


def test_a_directory_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RigcheckError, match="Not a directory"):
        read_history(tmp_path / "file")


def test_damaged_and_foreign_files_are_told_skipped_and_left(folder: Path) -> None:
    (folder / "notes.txt").write_text("mine")
    (folder / "20261122T080000Z-ffff.json").write_bytes(encode_stored(report())[:900])
    (folder / "packages.json").write_text('{"name": "somebody else\'s"}')
    (folder / "20261122T080000Z-gggg.json").mkdir()
    before = sorted(folder.iterdir())
    history = read_history(folder)
    assert len(history.runs) == 3
    assert {skipped.name for skipped in history.skipped} == {
        "notes.txt",
        "20261122T080000Z-ffff.json",
        "packages.json",
        "20261122T080000Z-gggg.json",
    }
    assert all(skipped.why for skipped in history.skipped)
    assert sorted(folder.iterdir()) == before


def test_a_report_of_a_foreign_name_is_a_run_of_its_own_time(folder: Path) -> None:
    keep(folder, "from-a-friend", report(created_at="2026-11-20T12:00:00Z"))
    assert [run.id for run in read_history(folder).runs] == [
        "dddd",
        "bbbb",
        "from-a-friend",
        "cccc",
    ]


def test_a_run_that_lasts_is_told_from_one_that_broke_off(folder: Path) -> None:
    for name in ("20261122T080000Z-hhhh", "20261122T090000Z-jjjj"):
        (folder / f"{name}.part.jsonl").write_text("{}\n")
    with (folder / "20261122T090000Z-jjjj.part.jsonl").open() as lines:
        fcntl.flock(lines, fcntl.LOCK_EX)
        told = read_history(folder).unfinished
    assert [(run.id, run.is_running) for run in told] == [("hhhh", False), ("jjjj", True)]
    assert told[0].started_at == "20261122T080000Z"


@pytest.mark.parametrize(
    ("wish", "ids"),
    [
        (Filter(), ["dddd", "bbbb", "cccc"]),
        (Filter(since="2026-11-20"), ["bbbb", "cccc"]),
        (Filter(until="2026-11-20"), ["dddd", "bbbb"]),
        (Filter(since="2026-11", until="2026-11-19"), ["dddd"]),
        (Filter(device="4090"), ["bbbb", "cccc"]),
        (Filter(device="gpu 0"), ["bbbb", "cccc"]),
        (Filter(device="gpu 7"), []),
        (Filter(verdict=Verdict.WARN), ["cccc"]),
        (Filter(verdict=Verdict.FAIL), []),
        (Filter(words=("athlon",)), ["dddd"]),
        (Filter(words=("bench", "PCIE")), ["cccc"]),
        (Filter(words=("check",)), ["bbbb"]),
        (Filter(words=("bench", "nowhere")), []),
    ],
)
def test_every_wish_narrows_the_list(folder: Path, wish: Filter, ids: list[str]) -> None:
    assert [run.id for run in filtered(read_history(folder).runs, wish)] == ids
