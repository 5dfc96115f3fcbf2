import os
from pathlib import Path

import pytest

from rigcheck.target.threads import (
    choose_threads,
    chosen_threads,
    parse_cores,
    parse_cpu_list,
    read_cores,
)

EIGHT_OF_TWO = tuple(frozenset({core, core + 8}) for core in range(8))
"""Eight cores of two threads each, numbered as Intel's are."""
ALL = frozenset(range(16))


def test_two_threads_of_one_core_count_once() -> None:
    assert choose_threads(EIGHT_OF_TWO, ALL, None) == (8, "all of 8 cores")


def test_an_affinity_to_four_cores_leaves_four() -> None:
    four = frozenset({0, 1, 2, 3})
    assert choose_threads(EIGHT_OF_TWO, four, None) == (4, "4 of 8 cores: CPU affinity")


def test_an_affinity_to_both_threads_of_two_cores_leaves_two() -> None:
    assert choose_threads(EIGHT_OF_TWO, frozenset({0, 8, 1, 9}), None)[0] == 2


@pytest.mark.parametrize(
    ("quota", "threads"), [(4.0, 4), (1.5, 1), (0.5, 1), (7.9, 7), (8.0, 8), (64.0, 8)]
)
def test_a_quota_grants_whole_cpus_and_at_least_one(quota: float, threads: int) -> None:
    assert choose_threads(EIGHT_OF_TWO, ALL, quota)[0] == threads


def test_the_quota_is_told_where_it_is_what_limits() -> None:
    reason = choose_threads(EIGHT_OF_TWO, ALL, 4.0)[1]
    assert reason == "4 of 8 cores: cgroup quota of 4 CPUs"
    assert "quota" not in choose_threads(EIGHT_OF_TWO, ALL, 12.0)[1]


def test_without_a_topology_every_logical_cpu_counts() -> None:
    assert choose_threads((), frozenset({0, 1}), None) == (2, "all of 2 logical CPUs")


def test_one_core_is_one_core() -> None:
    assert choose_threads((frozenset({0}),), frozenset({0}), None) == (1, "1 core")


def test_cores_from_sysfs(tmp_path: Path) -> None:
    cpus = tmp_path / "sys/devices/system/cpu"
    for cpu in range(4):
        topology = cpus / f"cpu{cpu}/topology"
        topology.mkdir(parents=True)
        (topology / "thread_siblings_list").write_text(f"{cpu % 2},{cpu % 2 + 2}\n")
    (cpus / "online").write_text("0-3\n")
    assert read_cores(str(tmp_path)) == (frozenset({0, 2}), frozenset({1, 3}))


def test_cores_from_cpuinfo_where_sysfs_is_empty(tmp_path: Path) -> None:
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/cpuinfo").write_text(cpuinfo((0, 0, 0), (1, 0, 1), (2, 0, 0), (3, 0, 1)))
    assert read_cores(str(tmp_path)) == (frozenset({0, 2}), frozenset({1, 3}))


def test_core_ids_repeat_on_each_socket() -> None:
    assert len(parse_cores(cpuinfo((0, 0, 0), (1, 1, 0)))) == 2


def test_arms_cpuinfo_tells_no_cores(tmp_path: Path) -> None:
    assert parse_cores("processor\t: 0\nBogoMIPS\t: 108.00\n\nHardware\t: BCM2711\n") == ()
    assert read_cores(str(tmp_path)) == ()


def test_a_list_of_cpus() -> None:
    assert parse_cpu_list("0-2,8\n") == {0, 1, 2, 8}


def test_on_this_machine_there_is_a_thread_and_a_reason() -> None:
    threads, reason = chosen_threads()
    assert 1 <= threads <= (os.cpu_count() or 1)
    assert reason


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="affinity is Linux's")
def test_this_process_own_affinity_is_respected() -> None:
    before = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(before)})
        assert chosen_threads()[0] == 1
    finally:
        os.sched_setaffinity(0, before)


def cpuinfo(*cpus: tuple[int, int, int]) -> str:
    """Logical CPU, socket, core id."""
    return "\n".join(
        f"processor\t: {cpu}\nmodel name\t: Xeon\nphysical id\t: {socket}\ncore id\t\t: {core}\n"
        for cpu, socket, core in cpus
    )
