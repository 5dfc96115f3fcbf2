import json
import os
from pathlib import Path

import msgspec
import pytest

from rigcheck.bench.events import BlockMeasured
from rigcheck.bench.result import Block
from rigcheck.facts import Rig
from rigcheck.report.history import is_running
from rigcheck.report.names import run_id
from rigcheck.report.report import Report, make_report
from rigcheck.report.store import RunFile, keep, runs_dir

BLOCK = BlockMeasured(
    device="cpu",
    block=Block(start_at_s=1.0, end_at_s=1.25, images=4000, epoch=1, loss=0.4),
    progress=0.1,
)


def report() -> Report:
    return make_report(rig=Rig(), probes=(), findings=(), check_duration_s=0.1)


def lines(folder: Path) -> list[dict[str, object]]:
    (path,) = folder.glob("*.part.jsonl")
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_measurement_is_on_disk_the_moment_it_is_told(tmp_path: Path) -> None:
    run_file = RunFile(tmp_path)
    run_file.append(BLOCK)
    (line,) = lines(tmp_path)
    assert line["event"] == "BlockMeasured"
    assert line["block"]["images"] == 4000  # type: ignore[index]


def test_a_finished_run_is_one_report_and_nothing_else(tmp_path: Path) -> None:
    run_file = RunFile(tmp_path)
    run_file.append(BLOCK)
    assert run_file.finish(report())
    assert list(tmp_path.iterdir()) == [run_file.path]
    assert msgspec.json.decode(run_file.path.read_bytes(), type=Report).schema_version == 1
    assert run_file.path.stat().st_mode & 0o077 == 0


def test_a_directory_that_cannot_be_made_is_a_problem_told_and_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    run_file = RunFile(tmp_path / "file" / "runs")
    run_file.append(BLOCK)
    assert not run_file.finish(report())
    assert "Not a directory" in run_file.problem


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_a_problem_told_and_no_error(tmp_path: Path) -> None:
    run_file = RunFile(tmp_path)
    full = os.open("/dev/full", os.O_WRONLY)
    assert run_file._fd is not None
    os.dup2(full, run_file._fd)
    os.close(full)
    run_file.append(BLOCK)
    assert "No space left" in run_file.problem
    assert not run_file.finish(report())


def test_a_report_that_cannot_be_written_leaves_the_lines(tmp_path: Path) -> None:
    run_file = RunFile(tmp_path)
    run_file.append(BLOCK)
    run_file.path.mkdir()
    assert not run_file.finish(report())
    assert run_file.problem
    assert len(lines(tmp_path)) == 1
    assert not list(tmp_path.glob("*.tmp"))


def test_two_runs_that_begin_in_one_second_have_files_of_their_own(tmp_path: Path) -> None:
    first, second = RunFile(tmp_path), RunFile(tmp_path)
    for run_file in (first, second):
        run_file.append(BLOCK)
    assert first.finish(report())
    second.append(BLOCK)
    assert len(lines(tmp_path)) == 2
    assert second.finish(report())
    assert set(tmp_path.iterdir()) == {first.path, second.path}


def test_its_lines_are_locked_while_it_lasts(tmp_path: Path) -> None:
    run_file = RunFile(tmp_path)
    (path,) = tmp_path.iterdir()
    assert is_running(path)
    run_file._close()
    assert not is_running(path)


def test_an_id_is_short_and_no_word(tmp_path: Path) -> None:
    run_file = RunFile(tmp_path)
    assert run_id(run_file.path) == run_file.id
    assert len(run_file.id) == 8
    assert set(run_file.id).isdisjoint("aeiou01l")


def test_a_check_is_kept_where_xdg_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    run_file = keep(report())
    assert run_file.problem == ""
    assert list((tmp_path / "rigcheck" / "runs").iterdir()) == [run_file.path]


def test_runs_are_kept_where_xdg_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert runs_dir() == tmp_path / "rigcheck" / "runs"
