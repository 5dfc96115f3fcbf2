"""Busy shares from /proc/stat."""

import time
from pathlib import Path

import psutil
import pytest

from rigcheck.monitor.cpu_time import CpuTime, busy_shares, parse_stat

STAT = b"""\
cpu  300 0 100 1500 100 0 0 0 50 0
cpu0 200 0 50 700 50 0 0 0 50 0
cpu1 100 0 50 800 50 0 0 0 0 0
intr 991 0 9 0
ctxt 1990473
cpu7 is no line of the kernel's
"""


def test_each_cpu_has_its_ticks_and_those_at_rest_and_guests_count_once() -> None:
    assert parse_stat(STAT) == ((1000, 750), (1000, 850))


def test_an_old_kernel_s_shorter_lines_are_read() -> None:
    assert parse_stat(b"cpu  1 2 3 4\ncpu0 1 2 3 4\n") == ((10, 4),)


def test_nothing_in_it_is_no_cpu() -> None:
    assert parse_stat(b"") == ()


@pytest.mark.parametrize(
    ("now", "share"),
    [
        ((1100, 750), 100.0),
        ((1100, 850), 0.0),
        ((1100, 800), 50.0),
        ((1000, 750), 0.0),  # no tick has passed
        ((1100, 740), 100.0),  # iowait fell back
        ((1100, 860), 0.0),
    ],
)
def test_the_busy_share_is_what_was_not_rest(now: tuple[int, int], share: float) -> None:
    assert busy_shares([(1000, 750)], [now]) == (share,)


def test_a_cpu_that_went_away_is_left_out() -> None:
    assert busy_shares([(10, 5), (10, 5)], [(20, 10)]) == (50.0,)


def test_a_machine_without_the_file_tells_nothing(tmp_path: Path) -> None:
    assert CpuTime(tmp_path / "stat").busy_percent() == ()


def test_a_file_longer_than_one_reading_is_read_to_its_last_cpu(tmp_path: Path) -> None:
    stat = tmp_path / "stat"
    lines = [f"cpu{n} {'1234567890 ' * 8}" for n in range(2_000)]
    stat.write_text("\n".join(["cpu  1 1 1 1", *lines, "intr 5"]))
    assert len(CpuTime(stat).busy_percent()) == 2_000


def test_this_machine_s_cpus_are_told_as_they_work() -> None:
    cpu_time = CpuTime(Path("/proc/stat"))
    deadline_s = time.monotonic() + 60
    busiest = 0.0
    while busiest == 0.0 and time.monotonic() < deadline_s:
        sum(range(1_000_000))
        shares = cpu_time.busy_percent()
        busiest = max(shares)
    assert busiest > 0
    assert len(shares) == psutil.cpu_count()
