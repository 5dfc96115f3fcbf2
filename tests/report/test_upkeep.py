import fcntl
import os
from pathlib import Path

import pytest

from rigcheck.bench.result import Block
from rigcheck.monitor.sample import Sample, XidEvent
from rigcheck.report.read import read_report
from rigcheck.report.report import Report
from rigcheck.report.upkeep import keep_within, thinned
from tests.report.kept import report, trained
from tests.report.test_history import keep

BLOCKS = tuple(
    Block(start_at_s=i, end_at_s=i + 1, images=100, epoch=1, loss=None if i == 333 else 0.1)
    for i in range(1000)
)
SAMPLES = tuple(Sample(time_s=i / 2, cpu_percent=50.0) for i in range(2000))


def long_run(day: int) -> Report:
    return report(
        trained("CPU", blocks=BLOCKS), created_at=f"2026-11-{day}T08:00:00Z", samples=SAMPLES
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for day in (17, 18, 19):
        keep(tmp_path, f"202611{day}T080000Z-bbbb{day}", long_run(day))
    return tmp_path


def newest(folder: Path) -> Path:
    return folder / "20261119T080000Z-bbbb19.json"


def sample_counts(folder: Path) -> list[int]:
    reports = [read_report(path) for path in sorted(folder.glob("*.json"))]
    return [len(one.bench.samples) for one in reports if one.bench is not None]


def test_while_there_is_room_nothing_is_touched(folder: Path) -> None:
    assert keep_within(folder, newest=newest(folder)) == ""
    assert sample_counts(folder) == [2000, 2000, 2000]


def test_the_oldest_benchmark_gives_up_its_samples_first_and_that_is_said(folder: Path) -> None:
    size_bytes = newest(folder).stat().st_size
    told = keep_within(folder, newest=newest(folder), max_bytes=int(2.6 * size_bytes))
    assert "the 1 oldest benchmark gave up" in told
    assert sample_counts(folder) == [60, 2000, 2000]


def test_what_is_thinned_once_stays_and_the_newest_stays_whole(folder: Path) -> None:
    told = keep_within(folder, newest=newest(folder), max_bytes=1000)
    assert "none has more samples" in told
    assert sample_counts(folder) == [60, 60, 2000]
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    keep_within(folder, newest=newest(folder), max_bytes=1000)
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_damaged_files_count_and_are_left_as_they_are(folder: Path) -> None:
    damaged = folder / "20261116T080000Z-cccc.json"
    damaged.write_bytes(b"{" * 1000)
    assert keep_within(folder, newest=newest(folder), max_bytes=1000)
    assert damaged.read_bytes() == b"{" * 1000


def test_while_another_process_thins_this_one_does_not(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        assert keep_within(folder, newest=newest(folder), max_bytes=1000) == ""
    finally:
        os.close(fd)
    assert sample_counts(folder) == [2000, 2000, 2000]


def test_a_directory_that_is_gone_is_told_and_no_error(tmp_path: Path) -> None:
    assert "could not be looked through" in keep_within(tmp_path / "x", newest=tmp_path / "x" / "y")


def test_figures_stay_and_so_does_what_tells_of_an_error() -> None:
    xid = XidEvent(time_s=1.5, gpu="GPU-0", xid=79)
    samples = (*SAMPLES[:3], Sample(time_s=1.5, xids=(xid,)), *SAMPLES[4:])
    whole = report(trained("CPU", blocks=BLOCKS), samples=samples)
    thin = thinned(whole)
    assert whole.bench is not None
    assert thin.bench is not None
    (before,), (after,) = whole.bench.devices, thin.bench.devices
    assert after.rate == before.rate
    assert [block for block in after.blocks if block.loss is None] == [BLOCKS[333]]
    assert (after.blocks[0], after.blocks[-1]) == (BLOCKS[0], BLOCKS[-1])
    assert len(after.blocks) == 61
    assert any(sample.xids == (xid,) for sample in thin.bench.samples)
    assert thinned(thin).bench is not None


def test_a_check_has_nothing_to_give_up() -> None:
    assert thinned(report()) == report()
