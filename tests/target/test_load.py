"""What else happened while a block ran."""

import subprocess
import sys
import time

import pytest

from rigcheck.target.load import (
    Load,
    cores_of_others,
    faults_between,
    parse_machine_cpu_s,
    read_load,
)


def test_the_first_line_of_proc_stat_is_summed_without_idleness_and_guests() -> None:
    line = b"cpu  100 20 30 4000 500 6 7 8 90 10\n"
    assert parse_machine_cpu_s(line, 100) == pytest.approx((100 + 20 + 30 + 6 + 7) / 100)


@pytest.mark.parametrize("line", [b"", b"cpu  1 2 3\n", b"cpu a b c d e f g\n"])
def test_a_line_of_another_kind_is_refused(line: bytes) -> None:
    with pytest.raises((ValueError, IndexError)):
        parse_machine_cpu_s(line, 100)


def test_what_we_used_ourselves_is_not_the_others() -> None:
    before = Load(at_s=10.0, page_faults=5, own_cpu_s=1.0, machine_cpu_s=100.0)
    after = Load(at_s=12.0, page_faults=9, own_cpu_s=2.5, machine_cpu_s=104.5)
    assert cores_of_others(before, after) == pytest.approx(1.5)
    assert faults_between(before, after) == 4


def test_coarse_ticks_make_nobody_work_backwards() -> None:
    before = Load(at_s=10.0, page_faults=None, own_cpu_s=1.0, machine_cpu_s=100.0)
    after = Load(at_s=10.1, page_faults=9, own_cpu_s=1.1, machine_cpu_s=100.0)
    assert cores_of_others(before, after) == 0.0
    assert faults_between(before, after) is None


def test_where_the_machine_does_not_tell_nothing_is_said() -> None:
    before = Load(at_s=10.0, page_faults=5, own_cpu_s=1.0, machine_cpu_s=None)
    assert cores_of_others(before, before._replace(at_s=11.0)) is None


def test_a_busy_neighbour_is_seen() -> None:
    before = read_load()
    if before.machine_cpu_s is None:
        pytest.skip("no /proc/stat here")
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as neighbour:
        time.sleep(1.0)
        after = read_load()
        neighbour.kill()
    others = cores_of_others(before, after)
    assert others is not None
    assert others > 0
