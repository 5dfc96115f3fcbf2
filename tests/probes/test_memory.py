import os
from pathlib import Path

import pytest

from rigcheck.facts import Absent, Found, Memory, Reason, value_of
from rigcheck.probes.memory import parse_meminfo, read_limit, read_memory, read_shm
from rigcheck.probes.probe import ProbeContext
from tests.probes.trees import recorded, write_tree

MEMINFO = """\
MemTotal:       16303524 kB
MemFree:         1234567 kB
MemAvailable:    8151762 kB
SwapTotal:             0 kB
SwapFree:              0 kB
HugePages_Total:       4
"""
UNIFIED = {
    "proc/self/cgroup": "0::/\n",
    "proc/self/mountinfo": recorded("docker-cgroup2.mountinfo"),
}
DOCKER_ID = "a2ffe0e97ac22657a2a023ad628e9df837c38a03b1ebc904d3f6d644eb1a1a81"
OLD = {
    "proc/self/cgroup": recorded("docker-cgroup1.cgroup"),
    "proc/self/mountinfo": f"40 30 0:30 /docker/{DOCKER_ID} /sys/fs/cgroup/memory ro - "
    "cgroup cgroup rw,memory\n",
}


def memory_of(root: Path) -> Memory:
    return read_memory(ProbeContext(python="python3", data_dir=root, root=root))


def test_the_kernels_kb_are_1024_bytes() -> None:
    sizes = parse_meminfo(MEMINFO)
    assert sizes["MemTotal"] == 16_303_524 * 1024
    assert sizes["MemAvailable"] == 8_151_762 * 1024


def test_counts_of_pages_are_no_sizes() -> None:
    assert "HugePages_Total" not in parse_meminfo(MEMINFO)


def test_a_garbled_size_is_refused() -> None:
    with pytest.raises(ValueError, match="lots"):
        parse_meminfo("MemTotal: lots kB\n")


def test_no_swap_is_found_and_zero(tmp_path: Path) -> None:
    memory = memory_of(write_tree(tmp_path, {"proc/meminfo": MEMINFO}))
    source = str(tmp_path / "proc/meminfo")
    assert memory.swap_total_bytes == Found(0, f"{source}: SwapTotal")


def test_an_old_kernel_without_memavailable_leaves_it_absent(tmp_path: Path) -> None:
    memory = memory_of(write_tree(tmp_path, {"proc/meminfo": "MemTotal: 1024 kB\n"}))
    assert value_of(memory.total_bytes) == 2**20
    assert isinstance(memory.available_bytes, Absent)


def test_the_limit_of_version_2(tmp_path: Path) -> None:
    root = write_tree(tmp_path, UNIFIED | {"sys/fs/cgroup/memory.max": "2147483648\n"})
    assert read_limit(root) == Found(2**31, str(root / "sys/fs/cgroup/memory.max"))


def test_max_is_no_limit(tmp_path: Path) -> None:
    root = write_tree(tmp_path, UNIFIED | {"sys/fs/cgroup/memory.max": "max\n"})
    limit = read_limit(root)
    assert isinstance(limit, Absent)
    assert limit.reason is Reason.NOT_THERE


def test_the_limit_of_version_1(tmp_path: Path) -> None:
    files = OLD | {"sys/fs/cgroup/memory/memory.limit_in_bytes": "536870912\n"}
    limit = read_limit(write_tree(tmp_path, files))
    assert isinstance(limit, Found)
    assert limit.value == 2**29


@pytest.mark.parametrize("no_limit", ["9223372036854771712", "9223372036854710272"])
def test_the_largest_number_of_pages_is_no_limit(tmp_path: Path, no_limit: str) -> None:
    """With pages of 4 KiB, and of 64 KiB."""
    files = OLD | {"sys/fs/cgroup/memory/memory.limit_in_bytes": f"{no_limit}\n"}
    limit = read_limit(write_tree(tmp_path, files))
    assert isinstance(limit, Absent)
    assert limit.reason is Reason.NOT_THERE


def test_shared_memory_has_the_size_of_its_filesystem(tmp_path: Path) -> None:
    total, free = read_shm(tmp_path)
    room = os.statvfs(tmp_path)
    assert total == Found(room.f_blocks * room.f_frsize, f"statvfs({tmp_path})")
    assert isinstance(free, Found)


def test_a_filesystem_without_a_size_has_no_limit_rather_than_no_room() -> None:
    """/proc reports 0 blocks, as does a tmpfs made without a size."""
    total, free = read_shm(Path("/proc"))
    assert isinstance(total, Absent)
    assert total.reason is Reason.NOT_APPLICABLE
    assert free == total


def test_missing_shared_memory_is_not_there(tmp_path: Path) -> None:
    total, _ = read_shm(tmp_path / "shm")
    assert total == Absent(Reason.NOT_THERE, str(tmp_path / "shm"))
