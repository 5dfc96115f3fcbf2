from pathlib import Path

import pytest

from rigcheck.target.ceilings.room import parse_available_bytes
from rigcheck.target.control_group import (
    memory_left_bytes,
    own_file,
    parse_quota,
    quota_cpus,
)

MOUNT_2 = "29 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate"
MOUNT_1 = "33 28 0:30 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct"


def machine(root: Path, cgroup: str, mounts: str, **files: str) -> str:
    """A tree with these files below /sys/fs/cgroup; `__` is a slash, `_dot_` a dot."""
    (root / "proc/self").mkdir(parents=True)
    (root / "proc/self/cgroup").write_text(cgroup + "\n")
    (root / "proc/self/mountinfo").write_text(mounts + "\n")
    for name, text in files.items():
        path = root / "sys/fs/cgroup" / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")
    return str(root)


@pytest.mark.parametrize(
    ("text", "cpus"), [("150000 100000", 1.5), ("max 100000", None), ("400000 100000", 4.0)]
)
def test_a_quota_is_so_much_of_each_period(text: str, cpus: float | None) -> None:
    assert parse_quota(text) == cpus


def test_the_tightest_group_counts(tmp_path: Path) -> None:
    root = machine(
        tmp_path,
        "0::/user/job",
        MOUNT_2,
        user__job__cpu_dot_max="800000 100000",
        user__cpu_dot_max="200000 100000",
    )
    assert quota_cpus(root) == 2.0


def test_a_container_sees_its_own_group_at_the_mount(tmp_path: Path) -> None:
    root = machine(tmp_path, "0::/docker/abc", MOUNT_2, cpu_dot_max="50000 100000")
    assert quota_cpus(root) == 0.5


def test_version_1_has_other_files_and_writes_no_quota_as_minus_one(tmp_path: Path) -> None:
    files = {"cpu,cpuacct__cpu_dot_cfs_period_us": "100000"}
    root = machine(
        tmp_path,
        "4:cpu,cpuacct:/",
        MOUNT_1,
        **files,
        **{"cpu,cpuacct__cpu_dot_cfs_quota_us": "300000"},
    )
    assert quota_cpus(root) == 3.0
    (tmp_path / "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us").write_text("-1\n")
    assert quota_cpus(root) is None


def test_memory_left_is_the_limit_less_what_is_used(tmp_path: Path) -> None:
    root = machine(tmp_path, "0::/", MOUNT_2, memory_dot_max="1000000", memory_dot_current="400000")
    assert memory_left_bytes(root) == 600_000


def test_a_file_is_that_of_the_nearest_group_which_has_one(tmp_path: Path) -> None:
    root = machine(
        tmp_path, "0::/user/job", MOUNT_2, user__memory_dot_events="oom_kill 2", oom="oom_kill 9"
    )
    assert own_file(root, "memory", ("memory.events", "oom")) == "oom_kill 2"
    assert own_file(root, "memory", ("oom",)) == "oom_kill 9"
    assert own_file(root, "memory", ("memory.oom_control",)) is None


def test_a_mount_whose_path_is_no_utf_8_is_no_obstacle(tmp_path: Path) -> None:
    root = machine(tmp_path, "0::/", MOUNT_2, cpu_dot_max="50000 100000")
    with (tmp_path / "proc/self/mountinfo").open("ab") as mounts:
        mounts.write(b"60 29 0:70 / /mnt/\xfcber rw - ext4 /dev/sdb rw\n")
    assert quota_cpus(root) == 0.5


def test_without_control_groups_nothing_limits(tmp_path: Path) -> None:
    assert quota_cpus(str(tmp_path)) is None
    assert memory_left_bytes(str(tmp_path)) is None


def test_available_memory_is_read_from_meminfo() -> None:
    text = "MemTotal:  4000 kB\nMemFree:  1000 kB\nMemAvailable:  2000 kB\n"
    assert parse_available_bytes(text) == 2_048_000
    assert parse_available_bytes("MemTotal: 4000 kB\n") is None
