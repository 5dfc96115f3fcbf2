from pathlib import Path

import msgspec

from rigcheck.bench.result import BenchRun
from rigcheck.report.kept_runs import (
    ALL_TIMES,
    RunState,
    newest_run,
    read_kept_run,
    read_kept_runs,
    read_newest_report,
)
from rigcheck.report.report import make_report
from rigcheck.report.store import RunFile
from tests.tui.streams import FINDINGS, RIG, device, device_run, training_events


def keep(
    directory: Path, run_id: str, images_per_s: float | None = None, *, interrupted: bool = False
) -> Path:
    runs = (device_run(device(), images_per_s=images_per_s),) if images_per_s else ()
    bench = BenchRun(started_at="", devices=runs, speed_ups=(), samples=()) if runs else None
    report = make_report(
        rig=RIG,
        probes=(),
        findings=FINDINGS,
        check_duration_s=1.0,
        bench=bench,
        interrupted=interrupted,
    )
    path = directory / f"{run_id}.json"
    path.write_bytes(msgspec.json.encode(report))
    return path


def keep_lines(directory: Path, run_id: str, n_events: int | None = -2) -> Path:
    """What is left of a run whose process has died."""
    run_file = RunFile(directory / "at work")
    for event in list(training_events(device(), 0.0, 16_400.0))[:n_events]:
        run_file.append(event)
    path = directory / f"{run_id}.part.jsonl"
    path.write_bytes(next((directory / "at work").glob("*.jsonl")).read_bytes())
    return path


def test_runs_come_newest_first_with_what_they_measured(tmp_path: Path) -> None:
    keep(tmp_path, "20250101T000000Z-9", images_per_s=16_400.0)
    keep(tmp_path, "20250102T030405Z-1")
    checked, benched = read_kept_runs(tmp_path)
    assert (checked.when, checked.devices) == ("2025-01-02 03:04 UTC", ())
    assert checked.headline == "GPU 0 cannot run this torch: its wheel has no code for sm_52"
    assert benched.measured_text == "CPU 16.4 k images/s"
    assert {checked.state, benched.state} == {RunState.WHOLE}


def test_a_run_that_the_user_ended_is_interrupted_but_not_cut_short(tmp_path: Path) -> None:
    run = read_kept_run(keep(tmp_path, "20250101T000000Z-9", interrupted=True))
    assert run.state is RunState.INTERRUPTED
    assert not run.is_cut_short


def test_what_a_dead_process_left_is_told_as_far_as_it_came(tmp_path: Path) -> None:
    run = read_kept_run(keep_lines(tmp_path, "20250101T000000Z-9"))
    assert (run.state, run.is_cut_short) == (RunState.INTERRUPTED, True)
    (measured,) = run.devices
    assert measured.rate is not None
    assert (measured.label, measured.rate.images_per_s, measured.rate.blocks) == (
        "CPU",
        16_400.0,
        2,
    )


def test_a_device_that_was_through_has_its_own_rate(tmp_path: Path) -> None:
    (measured,) = read_kept_run(keep_lines(tmp_path, "20250101T000000Z-9", None)).devices
    assert measured.rate is not None
    assert measured.rate.low_images_per_s == 16_400.0 * 0.98


def test_a_device_that_had_just_begun_has_no_rate(tmp_path: Path) -> None:
    run = read_kept_run(keep_lines(tmp_path, "20250101T000000Z-9", 2))
    assert run.measured_text == "CPU not measured"


def test_a_torn_last_line_costs_only_itself(tmp_path: Path) -> None:
    path = keep_lines(tmp_path, "20250101T000000Z-9")
    path.write_bytes(path.read_bytes() + b'{"event": "BlockMeasured", "dev')
    assert read_kept_run(path).measured_text == "CPU 16.4 k images/s"


def test_lines_that_mean_nothing_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "20250101T000000Z-9.part.jsonl"
    path.write_bytes(b'1\n[]\nnull\n{"event": "DeviceStarted"}\n\xff\n' + b"[" * 10_000)
    assert read_kept_run(path).measured_text == "nothing was measured"


def test_a_run_that_is_at_work_is_not_called_interrupted(tmp_path: Path) -> None:
    run_file = RunFile(tmp_path)
    run_file.append(next(iter(training_events(device(), 0.0, 1.0))))
    (run,) = read_kept_runs(tmp_path)
    assert run.state is RunState.AT_WORK
    assert not run.is_cut_short


def test_a_damaged_file_is_shown_as_one(tmp_path: Path) -> None:
    path = tmp_path / "20250101T000000Z-9.json"
    path.write_bytes(b'{"schema_version": 1')
    run = read_kept_run(path)
    assert run.state is RunState.DAMAGED
    assert run.headline


def test_other_files_and_the_lines_of_a_whole_run_are_left_out(tmp_path: Path) -> None:
    keep(tmp_path, "20250101T000000Z-9")
    for name in ("20250101T000000Z-9.part.jsonl", "20250101T000000Z-9.tmp", "notes.json", ".x"):
        (tmp_path / name).write_bytes(b"{}")
    assert [run.path.suffix for run in read_kept_runs(tmp_path)] == [".json"]


def test_a_directory_that_is_not_there_holds_no_runs(tmp_path: Path) -> None:
    assert list(read_kept_runs(tmp_path / "none")) == []
    assert newest_run(tmp_path / "none", ALL_TIMES) is None
    assert read_newest_report(tmp_path / "none", ALL_TIMES) == ("", None)


def test_the_newest_before_a_time_is_found_and_a_damaged_one_passed_over(tmp_path: Path) -> None:
    keep(tmp_path, "20250101T000000Z-9")
    (tmp_path / "20250102T000000Z-9.json").write_bytes(b"{")
    keep_lines(tmp_path, "20250103T000000Z-9")
    keep(tmp_path, "20250104T000000Z-9")
    run_id, report = read_newest_report(tmp_path, before="20250104T000000Z")
    assert run_id == "20250101T000000Z-9"
    assert report is not None
    newest = newest_run(tmp_path, before="20250104T000000Z")
    assert newest is not None
    assert newest.is_cut_short


def test_a_file_that_may_not_be_read_is_damaged_and_says_why(tmp_path: Path) -> None:
    path = tmp_path / "20250101T000000Z-9.json"
    path.symlink_to(tmp_path / "nowhere")
    assert "No such file" in read_kept_run(path).headline
