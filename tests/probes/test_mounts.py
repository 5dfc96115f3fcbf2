from pathlib import Path

import pytest

from rigcheck.facts import Absent, Found
from rigcheck.probes.mounts import Mount, mount_of, parse_mounts, read_mounts
from tests.probes.trees import recorded


def mount(point: str, kind: str) -> Mount:
    return Mount(root="/", point=point, kind=kind, options="rw")


def test_a_line_with_optional_fields_is_read() -> None:
    assert parse_mounts(
        "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=x\n"
    ) == (Mount(root="/mnt1", point="/mnt2", kind="ext3", options="rw,errors=x"),)


def test_spaces_in_a_mount_point_are_unescaped() -> None:
    (read,) = parse_mounts(r"36 35 8:1 / /media/My\040Disk\134 rw - vfat /dev/sdb1 rw")
    assert read.point == "/media/My Disk\\"


def test_a_recorded_container_is_read_whole() -> None:
    mounts = parse_mounts(recorded("docker-cgroup2.mountinfo"))
    assert [m.point for m in mounts] == ["/", "/proc", "/dev", "/dev/pts", "/sys", "/sys/fs/cgroup"]
    assert mounts[0].kind == "overlay"


def test_what_is_no_mountinfo_is_refused() -> None:
    with pytest.raises(ValueError, match="not a line of mountinfo"):
        parse_mounts("/dev/sda1 / ext4 rw 0 0")


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/home/ann/x", "xfs"), ("/home", "xfs"), ("/homework", "ext4"), ("/", "ext4")],
)
def test_a_path_lies_on_its_deepest_mount(path: str, kind: str) -> None:
    found = mount_of(path, (mount("/", "ext4"), mount("/home", "xfs")))
    assert found is not None
    assert found.kind == kind


def test_the_newest_of_two_mounts_on_one_point_covers_the_other() -> None:
    found = mount_of("/mnt/x", (mount("/mnt", "tmpfs"), mount("/mnt", "ramfs")))
    assert found is not None
    assert found.kind == "ramfs"


def test_this_machines_own_mounts_are_read() -> None:
    mounts = read_mounts(Path("/"))
    assert isinstance(mounts, Found)
    assert mount_of("/", mounts.value) is not None


def test_without_proc_there_are_no_mounts_to_read(tmp_path: Path) -> None:
    assert isinstance(read_mounts(tmp_path), Absent)
