from pathlib import Path

import pytest

from rigcheck.errors import RigcheckError
from rigcheck.report.store import RunFile
from rigcheck.tui.earlier import Earlier, read_earlier
from rigcheck.tui.listed import ListedRun, RunState, read_listed
from tests.tui.kept_runs import keep, keep_lines
from tests.tui.streams import device, training_events

ALL_TIMES = "99999999"


def only_run(directory: Path) -> ListedRun:
    (run,) = read_listed(directory)
    return run


def earlier(directory: Path, before: str = ALL_TIMES) -> Earlier:
    (told,) = read_earlier(directory, before)
    return told


def test_runs_come_newest_first_with_what_they_measured(tmp_path: Path) -> None:
    keep(tmp_path, "20250101T000000Z-9", images_per_s=16_400.0)
    keep(tmp_path, "20250102T030405Z-1")
    checked, benched = read_listed(tmp_path)
    assert (checked.when, checked.id, checked.short_text) == ("2025-01-02 03:04", "1", "")
    assert checked.headline == "GPU 0 cannot run this torch: its wheel has no code for sm_52"
    assert (benched.short_text, benched.measured_text) == ("CPU 16.4 k", "CPU 16.4 k images/s")
    assert {checked.state, benched.state} == {RunState.WHOLE}


def test_a_run_that_the_user_ended_is_interrupted_but_not_cut_short(tmp_path: Path) -> None:
    keep(tmp_path, "20250101T000000Z-9", interrupted=True)
    run = only_run(tmp_path)
    assert (run.state, run.is_cut_short) == (RunState.INTERRUPTED, False)


def test_what_a_dead_process_left_is_told_as_far_as_it_came(tmp_path: Path) -> None:
    keep_lines(tmp_path, "20250101T000000Z-9")
    run = only_run(tmp_path)
    assert (run.state, run.is_cut_short) == (RunState.INTERRUPTED, True)
    assert run.measured_text == "CPU 16.4 k images/s"


def test_a_device_that_had_just_begun_has_no_rate(tmp_path: Path) -> None:
    keep_lines(tmp_path, "20250101T000000Z-9", 2)
    assert only_run(tmp_path).measured_text == "CPU not measured"


def test_a_torn_last_line_costs_only_itself(tmp_path: Path) -> None:
    path = keep_lines(tmp_path, "20250101T000000Z-9")
    path.write_bytes(path.read_bytes() + b'{"event": "BlockMeasured", "dev')
    assert only_run(tmp_path).measured_text == "CPU 16.4 k images/s"


def test_lines_that_mean_nothing_say_so(tmp_path: Path) -> None:
    path = tmp_path / "20250101T000000Z-9.part.jsonl"
    path.write_bytes(b'1\n[]\nnull\n{"event": "DeviceStarted"}\n\xff\n' + b"[" * 10_000)
    run = only_run(tmp_path)
    assert run.measured_text == "nothing was measured"
    assert "broke off before anything was measured" in run.headline


def test_a_run_that_is_at_work_is_not_called_interrupted(tmp_path: Path) -> None:
    run_file = RunFile(tmp_path)
    run_file.append(next(iter(training_events(device(), 0.0, 1.0))))
    run = only_run(tmp_path)
    assert (run.state, run.is_cut_short) == (RunState.AT_WORK, False)


def test_a_damaged_file_is_shown_as_one(tmp_path: Path) -> None:
    (tmp_path / "20250101T000000Z-9.json").write_bytes(b'{"schema_version": 1')
    run = only_run(tmp_path)
    assert (run.state, run.when) == (RunState.DAMAGED, "2025-01-01 00:00")
    assert "is not JSON" in run.headline


def test_a_file_that_may_not_be_read_is_damaged_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "20250101T000000Z-9.json").symlink_to(tmp_path / "nowhere")
    assert "No such file" in only_run(tmp_path).headline


def test_other_files_and_the_lines_of_a_whole_run_are_left_out(tmp_path: Path) -> None:
    keep(tmp_path, "20250101T000000Z-9")
    for name in ("20250101T000000Z-9.part.jsonl", "20250101T000000Z-9.tmp", "notes.json", ".x"):
        (tmp_path / name).write_bytes(b"{}")
    assert only_run(tmp_path).path.name == "20250101T000000Z-9.json"


def test_a_directory_that_is_not_there_holds_no_runs(tmp_path: Path) -> None:
    assert list(read_listed(tmp_path / "none")) == []
    assert earlier(tmp_path / "none") == Earlier()


def test_a_directory_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RigcheckError, match="Not a directory"):
        list(read_listed(tmp_path / "file"))


def test_the_newest_before_a_time_is_found_and_a_damaged_one_passed_over(tmp_path: Path) -> None:
    keep(tmp_path, "20250101T000000Z-9")
    (tmp_path / "20250102T000000Z-9.json").write_bytes(b"{")
    keep_lines(tmp_path, "20250103T000000Z-9")
    keep(tmp_path, "20250104T000000Z-9")
    told = earlier(tmp_path, before="20250104T000000Z")
    assert told.report is not None
    assert told.when == "2025-01-01 00:00"
    assert told.newest is not None
    assert told.newest.is_cut_short


def test_a_benchmark_within_the_second_of_its_check_is_the_newer_one(tmp_path: Path) -> None:
    keep(tmp_path, "20250101T000000Z-z")
    keep_lines(tmp_path, "20250101T000000Z-b")
    assert [run.id for run in read_listed(tmp_path)] == ["b", "z"]
