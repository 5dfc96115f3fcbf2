"""torch.compile where something is lacking: on file systems of the test's own, seen by it alone."""

import json
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

_MOUNTS = ("unshare", "--mount", "--map-root-user", "sh", "-ec")


def checked_after(mount: str, tmp_path: Path) -> dict[str, Any]:
    """The findings about compilers, by id, of a check that runs where `mount` was done."""
    if subprocess.run([*_MOUNTS, mount], capture_output=True, check=False).returncode != 0:
        pytest.skip("this user may not mount anything, not even for itself")
    check = f"{sys.executable} -m rigcheck check --only compile --compile --json"
    done = subprocess.run(
        [*_MOUNTS, f"{mount}\nTMPDIR={tmp_path / 'tmp'} {check} || true"],
        capture_output=True,
        text=True,
        check=True,
    )
    findings = json.loads(done.stdout)["findings"]
    return {finding["id"]: finding for finding in findings}


@pytest.fixture(autouse=True)
def _compiler(tmp_path: Path) -> None:
    if shutil.which("g++") is None:
        pytest.skip("no C++ compiler here")
    (tmp_path / "tmp").mkdir()


def test_a_folder_for_temporary_files_that_nothing_may_run_from(tmp_path: Path) -> None:
    found = checked_after(f"mount -t tmpfs -o noexec tmpfs {tmp_path / 'tmp'}", tmp_path)
    finding = found["torch-compile-fails"]
    assert finding["headline"].endswith("the folder for compiled code is mounted noexec")
    assert finding["verdict"] == "warn"


def test_a_disk_without_room(tmp_path: Path) -> None:
    found = checked_after(f"mount -t tmpfs -o size=64k tmpfs {tmp_path / 'tmp'}", tmp_path)
    finding = found["torch-compile-fails"]
    assert finding["headline"].endswith("there is no room left for compiled code")
    assert "No space left on device" in finding["evidence"][0]["text"]


def test_no_header_of_python(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    include = sysconfig.get_paths()["include"]
    found = checked_after(f"mount --bind {tmp_path / 'empty'} {include}", tmp_path)
    finding = found["torch-compile-fails"]
    assert finding["headline"] == "torch.compile fails on cpu: there is no Python.h"
    assert {"text": "Python.h: not there", "source": "sysconfig.get_paths()"} in finding["evidence"]
