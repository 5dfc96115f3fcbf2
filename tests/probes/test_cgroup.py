from pathlib import Path

import pytest

from rigcheck.facts import Absent, Fact, Failed, Found, Reason
from rigcheck.probes.cgroup import (
    ControlGroup,
    parse_membership,
    read_cgroup_version,
    read_control_group,
    tightest,
)
from rigcheck.probes.reading import read_number
from tests.probes.trees import recorded, write_tree

UNIFIED_MOUNT = "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
MIXED_MOUNTS = (
    "31 23 0:27 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"
    "32 23 0:28 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
)


def tree(root: Path, cgroup: str, mountinfo: str) -> Path:
    return write_tree(root, {"proc/self/cgroup": cgroup, "proc/self/mountinfo": mountinfo})


def read_limit(directory: Path) -> Fact[int]:
    return read_number(directory / "limit")


def test_version_2_has_one_hierarchy(tmp_path: Path) -> None:
    root = tree(tmp_path, "0::/user.slice/user-1000.slice\n", UNIFIED_MOUNT)
    group = read_control_group(root, "cpu")
    assert isinstance(group, Found)
    top = root / "sys/fs/cgroup"
    assert group.value == ControlGroup(
        unified=True,
        directories=(top / "user.slice/user-1000.slice", top / "user.slice", top),
    )


def test_in_the_mixed_layout_the_old_controllers_count(tmp_path: Path) -> None:
    root = tree(tmp_path, "3:cpu,cpuacct:/job\n0::/job\n", MIXED_MOUNTS)
    group = read_control_group(root, "cpu")
    assert isinstance(group, Found)
    assert not group.value.unified
    assert group.value.directories[0] == root / "sys/fs/cgroup/cpu,cpuacct/job"


def test_a_container_without_a_namespace_finds_its_group_at_the_mount(tmp_path: Path) -> None:
    """Its path is the host's, but what is mounted is already that group."""
    path = "/docker/a2ffe0e97ac22657a2a023ad628e9df837c38a03b1ebc904d3f6d644eb1a1a81"
    mountinfo = f"40 30 0:30 {path} /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n"
    root = tree(tmp_path, recorded("docker-cgroup1.cgroup"), mountinfo)
    group = read_control_group(root, "memory")
    assert isinstance(group, Found)
    assert group.value.directories == (root / "sys/fs/cgroup/memory",)


def test_a_path_outside_the_namespace_leads_to_the_mount(tmp_path: Path) -> None:
    root = tree(tmp_path, "0::/../../other\n", UNIFIED_MOUNT)
    group = read_control_group(root, "cpu")
    assert isinstance(group, Found)
    assert group.value.directories == (root / "sys/fs/cgroup",)


def test_a_controller_that_is_not_mounted_may_well_limit(tmp_path: Path) -> None:
    root = tree(tmp_path, "3:cpu,cpuacct:/job\n4:memory:/job\n", MIXED_MOUNTS)
    group = read_control_group(root, "memory")
    assert isinstance(group, Absent)
    assert group.reason is Reason.NOT_SUPPORTED


def test_without_cgroups_there_is_no_group(tmp_path: Path) -> None:
    group = read_control_group(tmp_path, "cpu")
    assert isinstance(group, Absent)
    assert group.reason is Reason.NOT_THERE


@pytest.mark.parametrize(
    ("cgroup", "version"),
    [
        ("0::/user.slice\n", 2),
        ("3:cpu,cpuacct:/\n0::/\n", 1),
        # Mullvad and others mount net_cls on a machine that is otherwise version 2.
        ("1:net_cls:/\n0::/user.slice\n", 2),
        ("docker-cgroup1.cgroup", 1),
    ],
)
def test_the_version_is_that_of_the_resources(tmp_path: Path, cgroup: str, version: int) -> None:
    text = recorded(cgroup) if cgroup.endswith(".cgroup") else cgroup
    root = write_tree(tmp_path, {"proc/self/cgroup": text})
    assert read_cgroup_version(root) == Found(version, str(root / "proc/self/cgroup"))


def test_the_tightest_limit_on_the_way_up_counts(tmp_path: Path) -> None:
    root = write_tree(tmp_path, {"a/b/limit": "800\n", "a/limit": "200\n", "limit": "900\n"})
    group = ControlGroup(unified=True, directories=(root / "a/b", root / "a", root))
    assert tightest(group, read_limit) == Found(200, str(root / "a/limit"))


def test_no_limit_anywhere_is_told_of_the_own_group(tmp_path: Path) -> None:
    group = ControlGroup(unified=True, directories=(tmp_path / "a", tmp_path))
    assert tightest(group, read_limit) == Absent(Reason.NOT_THERE, str(tmp_path / "a/limit"))


def test_no_limit_is_not_claimed_where_one_level_could_not_be_read(tmp_path: Path) -> None:
    root = write_tree(tmp_path, {"limit": "not a number\n"})
    group = ControlGroup(unified=True, directories=(root / "a", root))
    assert isinstance(tightest(group, read_limit), Failed)


def test_what_is_no_cgroup_file_is_refused() -> None:
    with pytest.raises(ValueError, match="not a line"):
        parse_membership("cpu /job")
