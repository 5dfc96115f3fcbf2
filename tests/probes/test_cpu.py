from pathlib import Path

import pytest

from rigcheck.facts import Absent, Found, Reason, value_of
from rigcheck.probes.cpu import read_cpu, read_quota
from rigcheck.probes.probe import ProbeContext
from tests.probes.trees import recorded, topology, write_tree

UNIFIED = {
    "proc/self/cgroup": "0::/\n",
    "proc/self/mountinfo": recorded("docker-cgroup2.mountinfo"),
}
DOCKER_ID = "a2ffe0e97ac22657a2a023ad628e9df837c38a03b1ebc904d3f6d644eb1a1a81"
OLD = {
    "proc/self/cgroup": recorded("docker-cgroup1.cgroup"),
    "proc/self/mountinfo": f"40 30 0:30 /docker/{DOCKER_ID} /sys/fs/cgroup/cpu,cpuacct ro - "
    "cgroup cgroup rw,cpu,cpuacct\n",
    "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
}


def context(root: Path) -> ProbeContext:
    return ProbeContext(python="python3", data_dir=root, root=root)


def test_an_old_desktop_is_told_in_full(tmp_path: Path) -> None:
    """The post's machine: an Athlon X4 860K, here by the recording of its die's other model."""
    files = topology([(0, 1), (2, 3)]) | {"proc/cpuinfo": recorded("amd-a10-7800.cpuinfo")}
    cpu = read_cpu(context(write_tree(tmp_path, files)))
    assert value_of(cpu.model) == "AMD A10-7800 Radeon R7, 12 Compute Cores 4C+8G"
    assert (value_of(cpu.sockets), value_of(cpu.cores), value_of(cpu.threads)) == (1, 2, 4)
    assert value_of(cpu.x86_64_level) == 2
    assert value_of(cpu.missing_for_next_level) == ("avx2", "bmi2", "movbe")
    assert isinstance(cpu.performance_cores, Absent)
    assert value_of(cpu.frequency_now_mhz) == 1900.0


def test_a_recorded_arm_board_has_no_model_and_no_x86_level(tmp_path: Path) -> None:
    files = topology([(cpu,) for cpu in range(8)]) | {
        "proc/cpuinfo": recorded("rockchip-rk3588.cpuinfo")
    }
    cpu = read_cpu(context(write_tree(tmp_path, files)))
    assert isinstance(cpu.model, Absent)
    assert cpu.model.detail == "CPU implementer 0x41, CPU part 0xd05"
    assert isinstance(cpu.x86_64_level, Absent)
    assert cpu.x86_64_level.reason is Reason.NOT_APPLICABLE
    assert value_of(cpu.cores) == 8


def test_this_machine_has_a_core_for_us() -> None:
    cpu = read_cpu(context(Path("/")))
    usable, threads = value_of(cpu.usable_threads), value_of(cpu.threads)
    assert usable is not None
    assert threads is not None
    assert 1 <= usable <= threads


@pytest.mark.parametrize(("limit", "cpus"), [("150000 100000", 1.5), ("400000 100000", 4.0)])
def test_the_quota_of_version_2_is_in_cpus(tmp_path: Path, limit: str, cpus: float) -> None:
    root = write_tree(tmp_path, UNIFIED | {"sys/fs/cgroup/cpu.max": f"{limit}\n"})
    assert read_quota(root) == Found(cpus, str(root / "sys/fs/cgroup/cpu.max"))


def test_max_is_no_quota(tmp_path: Path) -> None:
    root = write_tree(tmp_path, UNIFIED | {"sys/fs/cgroup/cpu.max": "max 100000\n"})
    quota = read_quota(root)
    assert isinstance(quota, Absent)
    assert quota.reason is Reason.NOT_THERE


def test_the_quota_of_version_1_is_in_cpus(tmp_path: Path) -> None:
    files = OLD | {"sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "50000\n"}
    root = write_tree(tmp_path, files)
    quota = read_quota(root)
    assert isinstance(quota, Found)
    assert quota.value == 0.5


def test_minus_one_is_no_quota(tmp_path: Path) -> None:
    files = OLD | {"sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "-1\n"}
    quota = read_quota(write_tree(tmp_path, files))
    assert isinstance(quota, Absent)
    assert quota.reason is Reason.NOT_THERE


def test_a_quota_of_the_slice_above_counts(tmp_path: Path) -> None:
    files = {
        "proc/self/cgroup": "0::/user.slice/job\n",
        "proc/self/mountinfo": "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
        "sys/fs/cgroup/user.slice/job/cpu.max": "800000 100000\n",
        "sys/fs/cgroup/user.slice/cpu.max": "200000 100000\n",
    }
    root = write_tree(tmp_path, files)
    assert read_quota(root) == Found(2.0, str(root / "sys/fs/cgroup/user.slice/cpu.max"))
