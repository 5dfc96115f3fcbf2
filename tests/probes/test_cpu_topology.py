import os
from pathlib import Path

import pytest

from rigcheck.facts import Absent, Fact, Found, Reason
from rigcheck.probes.cpu_topology import (
    cores_among,
    group_blocks,
    parse_cpu_list,
    read_affinity,
    read_topology,
    usable_cores,
)
from rigcheck.probes.cpuinfo import Block, parse_blocks
from tests.probes.trees import recorded, topology, write_tree

NO_BLOCKS = Absent(Reason.NOT_THERE, "/proc/cpuinfo")


@pytest.mark.parametrize(
    ("text", "cpus"),
    [("0-3,8", {0, 1, 2, 3, 8}), ("0\n", {0}), ("", set()), ("0-1,3,6", {0, 1, 3, 6})],
)
def test_a_cpu_list_is_read(text: str, cpus: set[int]) -> None:
    assert parse_cpu_list(text) == cpus


def test_what_is_no_cpu_list_is_refused() -> None:
    with pytest.raises(ValueError, match="f"):
        parse_cpu_list("0-f")


def test_threads_of_a_core_are_numbered_in_any_order(tmp_path: Path) -> None:
    """Two sockets of two cores with two threads, second threads numbered after all first ones."""
    files = topology([(0, 4), (1, 5), (2, 6), (3, 7)])
    for cpu in range(8):
        socket = "0-1,4-5" if cpu % 4 < 2 else "2-3,6-7"
        files[f"sys/devices/system/cpu/cpu{cpu}/topology/package_cpus_list"] = socket
    read = read_topology(write_tree(tmp_path, files), NO_BLOCKS)
    assert isinstance(read.cores, Found)
    assert read.cores.value == tuple(map(frozenset, ({0, 4}, {1, 5}, {2, 6}, {3, 7})))
    assert isinstance(read.sockets, Found)
    assert len(read.sockets.value) == 2


def test_the_old_names_of_the_files_serve_as_well(tmp_path: Path) -> None:
    files = {
        name.replace("core_cpus_list", "thread_siblings_list").replace(
            "package_cpus_list", "core_siblings_list"
        ): text
        for name, text in topology([(0, 1), (2, 3)]).items()
    }
    read = read_topology(write_tree(tmp_path, files), NO_BLOCKS)
    assert isinstance(read.cores, Found)
    assert len(read.cores.value) == 2
    assert isinstance(read.sockets, Found)


def test_a_sibling_that_is_offline_is_not_counted(tmp_path: Path) -> None:
    files = topology([(0, 1), (2, 3)]) | {"sys/devices/system/cpu/online": "0,2-3"}
    read = read_topology(write_tree(tmp_path, files), NO_BLOCKS)
    assert isinstance(read.cores, Found)
    assert read.cores.value == (frozenset({0}), frozenset({2, 3}))


def test_without_sysfs_proc_cpuinfo_tells_it(tmp_path: Path) -> None:
    blocks = Found(parse_blocks(recorded("amd-a10-7800.cpuinfo")), "/proc/cpuinfo")
    read = read_topology(tmp_path, blocks)
    assert read.threads == Found(frozenset({0, 1, 2, 3}), "/proc/cpuinfo")
    assert read.cores == Found((frozenset({0, 1}), frozenset({2, 3})), "/proc/cpuinfo")
    assert read.sockets == Found((frozenset({0, 1, 2, 3}),), "/proc/cpuinfo")


def test_arms_proc_cpuinfo_does_not_tell_cores(tmp_path: Path) -> None:
    blocks: Fact[tuple[Block, ...]] = Found(
        parse_blocks(recorded("aws-graviton2.cpuinfo")), "/proc/cpuinfo"
    )
    read = read_topology(tmp_path, blocks)
    assert isinstance(read.threads, Found)
    assert isinstance(read.cores, Absent)


def test_core_ids_are_only_unique_within_a_socket() -> None:
    blocks = tuple(
        {"processor": str(cpu), "physical id": str(cpu), "core id": "0"} for cpu in range(2)
    )
    assert len(group_blocks(blocks, ("physical id", "core id"))) == 2


def test_the_affinity_is_this_process_own() -> None:
    before = os.sched_getaffinity(0)
    one = {min(before)}
    os.sched_setaffinity(0, one)
    try:
        assert read_affinity() == Found(frozenset(one), "sched_getaffinity(0)")
    finally:
        os.sched_setaffinity(0, before)


def test_two_threads_of_one_core_are_one_core() -> None:
    cores = (frozenset({0, 4}), frozenset({1, 5}), frozenset({2, 6}))
    assert cores_among(cores, frozenset({0, 4})) == 1
    assert cores_among(cores, frozenset({0, 5})) == 2


def test_usable_cores_name_both_sources() -> None:
    usable = usable_cores(Found((frozenset({0, 1}),), "sysfs"), Found(frozenset({1}), "affinity"))
    assert usable == Found(1, "affinity, sysfs")
