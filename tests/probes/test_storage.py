import sys
from pathlib import Path

import pytest

from rigcheck.facts import Absent, Failed, Found
from rigcheck.probes.mounts import Mount, read_mounts
from rigcheck.probes.probe import ProbeContext
from rigcheck.probes.storage import nearest_existing, read_filesystems, read_storage

Mounts = Found[tuple[Mount, ...]]
EVERYTHING: Mounts = Found((Mount(root="/", point="/", kind="ext4", options="rw"),), "mountinfo")


def test_environment_data_and_temporary_files_are_told(tmp_path: Path) -> None:
    context = ProbeContext(python=sys.executable, data_dir=tmp_path / "not/yet/there")
    filesystems = read_storage(context).filesystems
    assert isinstance(filesystems, Found)
    assert [f.purpose for f in filesystems.value] == ["environment", "data", "temporary files"]
    environment, data, _ = filesystems.value
    assert environment.path == str(Path(sys.executable).parent.parent)
    assert data.path == str(tmp_path / "not/yet/there")
    assert 0 < data.free_bytes <= data.total_bytes


def test_a_virtual_environment_is_where_its_link_lies(tmp_path: Path) -> None:
    """Its python is a link to the system's, on another disk perhaps."""
    (tmp_path / "venv/bin").mkdir(parents=True)
    python = tmp_path / "venv/bin/python"
    python.symlink_to(sys.executable)
    context = ProbeContext(python=str(python), data_dir=tmp_path)
    filesystems = read_storage(context).filesystems
    assert isinstance(filesystems, Found)
    assert filesystems.value[0].path == str(tmp_path / "venv")


def test_the_mount_is_that_of_the_link_s_target(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "data").symlink_to(tmp_path / "disk")
    disk = Mount(root="/", point=str(tmp_path / "disk"), kind="xfs", options="rw")
    mounts: Mounts = Found((*EVERYTHING.value, disk), "mountinfo")
    filesystems = read_filesystems((("data", tmp_path / "data"),), mounts)
    assert isinstance(filesystems, Found)
    assert (filesystems.value[0].kind, filesystems.value[0].mount_point) == ("xfs", disk.point)


def test_one_place_that_cannot_be_asked_leaves_the_others(tmp_path: Path) -> None:
    too_long = tmp_path / ("x" * 300)
    filesystems = read_filesystems((("data", too_long), ("environment", tmp_path)), EVERYTHING)
    assert isinstance(filesystems, Found)
    assert [f.purpose for f in filesystems.value] == ["environment"]
    assert "File name too long" in filesystems.source


def test_no_place_that_can_be_asked_is_a_failure(tmp_path: Path) -> None:
    assert isinstance(read_filesystems((("data", tmp_path / ("x" * 300)),), EVERYTHING), Failed)


def test_without_proc_the_reason_is_passed_on(tmp_path: Path) -> None:
    context = ProbeContext(python=sys.executable, data_dir=tmp_path, root=tmp_path)
    assert isinstance(read_storage(context).filesystems, Absent)


def test_the_nearest_existing_directory_is_found(tmp_path: Path) -> None:
    assert nearest_existing(tmp_path / "a/b/c") == tmp_path
    assert nearest_existing(tmp_path) == tmp_path


def test_a_relative_path_starts_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert nearest_existing(Path("data")) == tmp_path


def test_temporary_files_are_looked_for_without_writing_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    changed_ns = tmp_path.stat().st_mtime_ns
    filesystems = read_storage(ProbeContext(python=sys.executable, data_dir=tmp_path)).filesystems
    assert isinstance(filesystems, Found)
    assert filesystems.value[2].path == str(tmp_path)
    assert tmp_path.stat().st_mtime_ns == changed_ns


def test_this_machines_mounts_hold_every_path() -> None:
    mounts = read_mounts(Path("/"))
    assert isinstance(mounts, Found)
    filesystems = read_filesystems((("data", Path("/proc")),), mounts)
    assert isinstance(filesystems, Found)
    assert filesystems.value[0].kind == "proc"
