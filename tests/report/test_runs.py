import fcntl
from pathlib import Path

import pytest

from rigcheck.errors import RigcheckError, UsageError
from rigcheck.report.history import read_history
from rigcheck.report.runs import find_run, open_run, remove_runs
from tests.report.kept import report, trained
from tests.report.test_history import keep

FIRST = report(trained("CPU"), created_at="2026-11-19T08:00:00Z")
CHECK = report(created_at="2026-11-20T08:00:00Z")
LAST = report(trained("CPU"), created_at="2026-11-21T08:00:00Z")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    keep(tmp_path, "20261119T080000Z-bbcc2222", FIRST)
    keep(tmp_path, "20261120T080000Z-bbdd3333", CHECK)
    keep(tmp_path, "20261121T080000Z-ffgg4444", LAST)
    return tmp_path


@pytest.mark.parametrize("word", ["f", "ffgg4444", "20261121T080000Z-ffgg4444", "last"])
def test_a_run_is_named_by_the_beginning_of_its_id(folder: Path, word: str) -> None:
    assert open_run(word, folder) == ("ffgg4444", LAST)


def test_previous_is_the_one_before_of_the_same_kind(folder: Path) -> None:
    """A check in between is none that a benchmark could be compared with."""
    assert open_run("previous", folder) == ("bbcc2222", FIRST)


def test_a_single_run_has_no_previous_one(tmp_path: Path) -> None:
    keep(tmp_path, "20261119T080000Z-bbcc2222", FIRST)
    with pytest.raises(UsageError, match="no benchmark is kept from before"):
        open_run("previous", tmp_path)


@pytest.mark.parametrize("word", ["last", "previous", "b"])
def test_nothing_is_kept_yet(tmp_path: Path, word: str) -> None:
    with pytest.raises(UsageError, match="no "):
        open_run(word, tmp_path / "nowhere")


def test_a_beginning_that_several_share_is_refused_with_their_names(folder: Path) -> None:
    with pytest.raises(UsageError, match="bbcc2222, 20261120T080000Z-bbdd3333"):
        find_run("bb", folder)


@pytest.mark.parametrize("word", ["2", "", "x", "20261119"])
def test_what_no_id_begins_with_is_no_run(folder: Path, word: str) -> None:
    with pytest.raises(UsageError, match="no such run"):
        find_run(word, folder)


def test_an_id_that_another_one_begins_with_is_still_itself(folder: Path) -> None:
    keep(folder, "20261122T080000Z-ffgg", CHECK)
    assert find_run("ffgg", folder).name == "20261122T080000Z-ffgg.json"


def test_a_file_of_ones_own_is_a_run_too(folder: Path, tmp_path: Path) -> None:
    path = keep(tmp_path, "mine", CHECK)
    assert open_run(str(path), folder) == (str(path), CHECK)


def test_a_damaged_run_is_told_when_it_is_opened(folder: Path) -> None:
    (folder / "20261122T080000Z-hhhh.json").write_text("{")
    with pytest.raises(RigcheckError, match="not JSON"):
        open_run("hhhh", folder)


def test_what_is_named_is_removed_and_nothing_else(folder: Path) -> None:
    assert remove_runs(["bbd", "ffgg", "bbdd3333"], folder) == [
        "20261120T080000Z-bbdd3333",
        "20261121T080000Z-ffgg4444",
    ]
    assert [path.name for path in folder.iterdir()] == ["20261119T080000Z-bbcc2222.json"]


@pytest.mark.parametrize("word", ["bb", "x", "last", "previous"])
def test_one_word_in_doubt_and_nothing_is_removed(folder: Path, word: str) -> None:
    with pytest.raises(UsageError):
        remove_runs(["ffgg", word], folder)
    assert len(list(folder.iterdir())) == 3


def test_what_broke_off_can_be_removed_and_what_lasts_cannot(folder: Path) -> None:
    path = folder / "20261122T080000Z-hhhh.part.jsonl"
    path.write_text("{}\n")
    with path.open() as lines:
        fcntl.flock(lines, fcntl.LOCK_EX)
        with pytest.raises(UsageError, match="lasts still"):
            remove_runs(["hhhh"], folder)
    assert remove_runs(["hhhh"], folder) == ["20261122T080000Z-hhhh"]
    assert not path.exists()


def test_a_run_with_lines_left_beside_it_is_one_run(folder: Path) -> None:
    lines = folder / "20261121T080000Z-ffgg4444.part.jsonl"
    lines.write_text("{}\n")
    assert open_run("ffgg", folder) == ("ffgg4444", LAST)
    assert read_history(folder).unfinished == ()
    assert remove_runs(["ffgg"], folder) == ["20261121T080000Z-ffgg4444"]
    assert not lines.exists()
