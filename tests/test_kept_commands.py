"""The commands on kept runs as their users call them: real files, real processes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import msgspec
import pytest

from rigcheck.bench.events import BlockMeasured
from rigcheck.compare import schema as compare_schema
from rigcheck.report import schema as report_schema
from rigcheck.report.report import Report
from rigcheck.report.store import RunFile
from tests.compare.test_speeds import on_link
from tests.report.kept import report, trained
from tests.report.test_history import keep

WITHOUT_TORCH = f"{sys.base_prefix}/bin/python3"
"""As a rule; a check of it is over soon."""
BEFORE, AFTER = on_link(16, "570.86.10", 160_000), on_link(4, "580.95.05", 99_200)


def dated(content: Report, created_at: str) -> Report:
    return msgspec.structs.replace(content, created_at=created_at)


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    folder = tmp_path / "rigcheck" / "runs"
    folder.mkdir(parents=True)
    keep(folder, "20261119T080000Z-bbcc2222", dated(BEFORE, "2026-11-19T08:00:00Z"))
    keep(folder, "20261120T080000Z-bbdd3333", dated(report(), "2026-11-20T08:00:00Z"))
    keep(folder, "20261121T080000Z-ffgg4444", dated(AFTER, "2026-11-21T08:00:00Z"))
    return folder


def rigcheck(runs: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "rigcheck", *words],
        env={**os.environ, "XDG_DATA_HOME": str(runs.parents[1])},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_history_lists_filters_and_tells_what_it_skipped(runs: Path) -> None:
    (runs / "notes\x1b.txt").write_text("mine")
    done = rigcheck(runs, "history", "--since", "2026-11-20", "bench")
    assert done.returncode == 0
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["ffgg4444"]
    assert "skipped: notes\\x1b.txt: not a run" in done.stderr
    listed = json.loads(rigcheck(runs, "history", "--json").stdout)
    assert [run["id"] for run in listed["runs"]] == ["bbcc2222", "bbdd3333", "ffgg4444"]
    assert listed["runs"][2]["head"]["devices"][0]["rates"][0]["rate"]["images_per_s"] == 99_200


def test_a_report_is_shown_as_it_was(runs: Path) -> None:
    told = json.loads(rigcheck(runs, "report", "--json").stdout)
    jsonschema.validate(told, json.loads(report_schema.SCHEMA_PATH.read_text()))
    assert told["created_at"] == "2026-11-21T08:00:00Z"
    assert "160 k images/s" in rigcheck(runs, "report", "previous").stdout
    assert rigcheck(runs, "report", "bb").returncode == 2


def test_removing_says_what_it_removed(runs: Path) -> None:
    done = rigcheck(runs, "rm", "bbd")
    assert (done.returncode, done.stdout) == (0, "removed 20261120T080000Z-bbdd3333\n")
    assert len(list(runs.iterdir())) == 2
    refused = rigcheck(runs, "rm", "last")
    assert refused.returncode == 2
    assert "name it by its id" in refused.stderr
    assert len(list(runs.iterdir())) == 2


def test_compare_without_a_word_holds_the_last_run_against_the_one_before(runs: Path) -> None:
    done = rigcheck(runs, "compare")
    assert done.returncode == 0
    assert "torch the same, GPU 0 -38 %: its link is now x4" in done.stdout
    told = json.loads(rigcheck(runs, "compare", "bbcc", "last", "--json").stdout)
    jsonschema.validate(told, json.loads(compare_schema.SCHEMA_PATH.read_text()))
    assert told["pairs"][0]["speeds"][0]["causes"][0]["words"] == "its link is now x4"


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["bbcc", "ffgg", "--fail-on-regression", "10%"], 1, "GPU 0 is 38% slower"),
        (["bbcc", "ffgg", "--fail-on-regression", "50%"], 0, ""),
        (["ffgg", "bbcc", "--fail-on-regression", "10%"], 0, ""),
        (["bbcc", "bbdd", "--fail-on-regression", "10%"], 3, "no speed of these runs compares"),
        (["bbcc", "ffgg", "--fail-on-regression", "10"], 2, "no share"),
        (["bbcc", "ffgg", "--price", "RTX 5090=2000"], 2, "names no device"),
        (["bbcc", "nowhere"], 2, "no such run"),
        (["bbcc", "./nowhere.json"], 2, "No such file"),
    ],
)
def test_a_script_learns_of_a_regression_by_the_exit_code(
    runs: Path, words: list[str], code: int, message: str
) -> None:
    done = rigcheck(runs, "compare", *words)
    assert done.returncode == code, done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_whole_check_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "rigcheck" / "runs"
    done = rigcheck(folder, "check", "--python", WITHOUT_TORCH, "--json")
    (kept,) = folder.iterdir()
    body = json.loads(kept.read_text())
    del body["head"]
    assert body == json.loads(done.stdout)


def test_a_check_of_one_part_is_not(tmp_path: Path) -> None:
    folder = tmp_path / "rigcheck" / "runs"
    assert rigcheck(folder, "check", "--only", "memory").returncode in {0, 1}
    assert not folder.exists()


def test_two_at_once_are_both_kept(runs: Path) -> None:
    words = [sys.executable, "-m", "rigcheck", "check", "--python", WITHOUT_TORCH]
    environment = {**os.environ, "XDG_DATA_HOME": str(runs.parents[1])}
    started = [
        subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL) for _ in range(2)
    ]
    assert {process.wait(timeout=120) for process in started} <= {0, 1}
    told = json.loads(rigcheck(runs, "history", "--json").stdout)
    assert len(told["runs"]) == 5
    assert told["skipped"] == told["unfinished"] == []


def test_a_run_that_lasts_is_not_disturbed_by_the_others(runs: Path) -> None:
    run_file = RunFile(runs)
    run_file.begin(report())
    assert "is running" in rigcheck(runs, "history").stdout
    assert "lasts still" in rigcheck(runs, "rm", run_file.id).stderr
    so_far = rigcheck(runs, "report", run_file.id, "--json")
    assert json.loads(so_far.stdout)["interrupted"]
    block = trained("CPU").blocks[0]
    run_file.append(BlockMeasured(device="cpu", block=block, progress=0.5))
    assert run_file.finish(report(trained("CPU")))
    assert run_file.id in rigcheck(runs, "history").stdout


def test_an_empty_history_says_what_to_do(tmp_path: Path) -> None:
    assert "no run" in rigcheck(tmp_path / "rigcheck" / "runs", "history").stdout
    done = rigcheck(tmp_path / "rigcheck" / "runs", "compare")
    assert done.returncode == 2
    assert "hint: rigcheck bench" in done.stderr
