from pathlib import Path

import msgspec

from rigcheck.check_events import CheckFinished
from rigcheck.facts import Found
from rigcheck.kept_checks import keep_if_new
from rigcheck.report.kept_runs import ALL_TIMES, read_kept_runs, read_newest_report
from tests.tui.streams import FINDINGS, RIG

CHECKED = CheckFinished(rig=RIG, findings=FINDINGS, probes=(), duration_s=1.0)


def test_the_first_check_is_kept_and_the_same_again_is_not(tmp_path: Path) -> None:
    assert keep_if_new(CHECKED, tmp_path)
    assert not keep_if_new(CHECKED, tmp_path)
    (run,) = read_kept_runs(tmp_path)
    assert run.headline == FINDINGS[0].headline


def test_one_that_finds_the_machine_changed_is_kept(tmp_path: Path) -> None:
    (tmp_path / "20250101T000000Z-1.json").write_bytes(b"{}")
    assert keep_if_new(CHECKED, tmp_path)
    for path in tmp_path.glob("2*Z-*"):
        if path.name > "20250102":
            path.rename(tmp_path / "20250102T000000Z-1.json")
    host = msgspec.structs.replace(RIG.host, kernel_release=Found("7.0", "uname"))
    rig = msgspec.structs.replace(RIG, host=host)
    newer = CheckFinished(rig=rig, findings=FINDINGS, probes=(), duration_s=1.0)
    assert keep_if_new(newer, tmp_path)
    _, newest = read_newest_report(tmp_path, before=ALL_TIMES)
    assert newest is not None
    assert newest.rig == rig


def test_a_directory_that_takes_nothing_costs_nothing_but_the_history(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert not keep_if_new(CHECKED, tmp_path / "file" / "runs")
