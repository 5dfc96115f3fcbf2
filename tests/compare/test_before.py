from pathlib import Path
from typing import Any

import msgspec
import pytest

from rigcheck.bench.judge import judge_run
from rigcheck.bench.result import BenchRun, DeviceRun, Rate
from rigcheck.compare.before import with_before
from rigcheck.findings import Verdict
from rigcheck.report.report import Report
from tests.compare.test_speeds import on_link
from tests.report.kept import DIGITS, UUID_1, on_host, rate, report, trained
from tests.report.test_history import keep


def remember(folder: Path, *reports: Report) -> None:
    """One a day, the first the oldest."""
    for day, one in enumerate(reports, start=1):
        stamp = f"2026-11-{day:02}T08:00:00Z"
        dated = msgspec.structs.replace(one, created_at=stamp)
        keep(folder, f"202611{day:02}T080000Z-bbbb{day}", dated)


def after(folder: Path, now: Report) -> BenchRun:
    bench = with_before(now, folder)
    assert bench is not None
    return bench


def verdicts(folder: Path, now: Report) -> list[Verdict]:
    told = judge_run(now.rig, after(folder, now))
    return [finding.verdict for finding in told if finding.id == "slower-than-before"]


def gpu(speed: float, **changes: Any) -> DeviceRun:
    return trained("GPU 0", rate(speed), **changes)


def test_a_run_after_a_driver_update_finds_by_itself_that_it_is_slower(tmp_path: Path) -> None:
    remember(tmp_path, on_link(16, "570.86.10", 160_000))
    now = on_link(4, "580.95.05", 99_200)
    (run,) = after(tmp_path, now).devices
    (before,) = run.before
    assert (before.run, before.created_at) == ("bbbb1", "2026-11-01T08:00:00Z")
    assert (
        before.sentence
        == "driver 570.86.10 → 580.95.05, torch the same, GPU 0 -38 %: its link is now x4"
    )
    assert verdicts(tmp_path, now) == [Verdict.WARN]


def test_a_second_slow_run_does_not_hide_the_loss(tmp_path: Path) -> None:
    remember(tmp_path, *(report(gpu(speed)) for speed in (160_000, 99_000, 99_500)))
    (run,) = after(tmp_path, report(gpu(99_200))).devices
    assert [before.run for before in run.before] == ["bbbb1"]
    assert verdicts(tmp_path, report(gpu(99_200))) == [Verdict.WARN]


def test_a_device_that_was_mended_is_as_fast_as_before(tmp_path: Path) -> None:
    remember(tmp_path, *(report(gpu(speed)) for speed in (160_000, 99_000)))
    assert verdicts(tmp_path, report(gpu(160_500))) == [Verdict.PASS]


def test_an_equal_run_is_compared_with_the_last(tmp_path: Path) -> None:
    remember(tmp_path, report(gpu(100_000)), report(gpu(100_500)))
    (run,) = after(tmp_path, report(gpu(100_200))).devices
    assert [(before.run, before.sentence) for before in run.before] == [("bbbb2", "")]


@pytest.mark.parametrize(
    "other",
    [
        report(gpu(160_000, data=DIGITS)),
        report(gpu(160_000, batch_size=1000)),
        report(gpu(160_000, identity=UUID_1)),
        report(trained("GPU 0", rate(160_000, half_width=0.2))),
        report(trained("GPU 0", rate(160_000, blocks=3))),
        report(),
    ],
)
def test_what_does_not_compare_is_not_compared_with(tmp_path: Path, other: Report) -> None:
    remember(tmp_path, other)
    assert verdicts(tmp_path, report(gpu(99_200))) == []


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (report(trained("CPU", rate(16_000))), [Verdict.WARN]),
        (report(trained("CPU", rate(16_000), threads=8)), []),
        (report(trained("CPU", rate(16_000), name="another model")), []),
        (report(trained("CPU", rate(16_000)), facts=on_host("another")), []),
    ],
)
def test_a_processor_is_known_by_model_machine_and_threads(
    tmp_path: Path, other: Report, told: list[Verdict]
) -> None:
    remember(tmp_path, other)
    assert verdicts(tmp_path, report(trained("CPU", rate(8_000)))) == told


def test_an_unsteady_run_that_lost_more_than_its_interval_says_why(tmp_path: Path) -> None:
    remember(tmp_path, report(gpu(160_000)))
    now = report(trained("GPU 0", rate(80_000, half_width=0.3)))
    told = judge_run(now.rig, after(tmp_path, now))
    (finding,) = (finding for finding in told if finding.id == "slower-than-before")
    assert (finding.verdict, finding.caused_by) == (Verdict.WARN, "run-unstable")


@pytest.mark.parametrize("speed", [rate(130_000, half_width=0.3), rate(80_000, blocks=4)])
def test_a_run_too_unsteady_or_too_short_to_tell_is_not_slower(tmp_path: Path, speed: Rate) -> None:
    remember(tmp_path, report(gpu(160_000)))
    assert Verdict.WARN not in verdicts(tmp_path, report(trained("GPU 0", speed)))


def test_a_loss_of_long_ago_is_how_the_machine_is(tmp_path: Path) -> None:
    remember(tmp_path, report(gpu(160_000)), *[report(gpu(99_000))] * 50)
    assert verdicts(tmp_path, report(gpu(99_200))) == [Verdict.PASS]


def test_an_earlier_run_that_is_damaged_costs_the_cause_and_no_result(tmp_path: Path) -> None:
    remember(tmp_path, report(gpu(160_000)))
    (path,) = tmp_path.iterdir()
    head, _, rest = path.read_bytes().partition(b"\n")
    path.write_bytes(head + b"\n" + b"?" * len(rest))
    (run,) = after(tmp_path, report(gpu(99_200))).devices
    assert [before.sentence for before in run.before] == [""]


def test_no_history_and_no_benchmark_are_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    now = report(gpu(100_000))
    assert with_before(now, tmp_path / "file") == now.bench
    assert after(tmp_path / "nowhere", now).devices == (now.bench.devices if now.bench else ())
    assert with_before(report(), tmp_path) is None
