from pathlib import Path

import pytest

from rigcheck.facts import Absent, Driver, Found, Reason, value_of
from rigcheck.probes.driver import parse_kind, parse_version, read_driver
from rigcheck.probes.probe import ProbeContext
from tests.probes.trees import write_link, write_tree

CLOSED = (
    "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.183.01  Sun May 12 19:39:15 UTC 2024\n"
    "GCC version:  gcc version 12.2.0 (Debian 12.2.0-14)\n"
)
OPEN = (
    "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  565.57.01  Release Build  "
    "(dvs-builder@U16-A24-9-2)  Thu Oct 10 12:15:00 UTC 2024\n"
    "GCC version:  gcc version 13.3.0 (Ubuntu 13.3.0-6ubuntu2~24.04)\n"
)
LIBRARIES = "usr/lib64"


@pytest.fixture(autouse=True)
def without_library_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LD_LIBRARY_PATH", raising=False)


def driver_of(root: Path) -> Driver:
    return read_driver(ProbeContext(python="python3", data_dir=root, root=root))


def with_libraries(root: Path, version: str) -> Path:
    for name in ("libcuda.so", "libnvidia-ml.so"):
        write_tree(root, {f"{LIBRARIES}/{name}.{version}": ""})
        write_link(root, f"{LIBRARIES}/{name}.1", f"{name}.{version}")
    return root


def test_a_driver_in_order_has_one_version(tmp_path: Path) -> None:
    files = {"sys/module/nvidia/version": "565.57.01\n", "proc/driver/nvidia/version": OPEN}
    driver = driver_of(with_libraries(write_tree(tmp_path, files), "565.57.01"))
    assert value_of(driver.module_version) == "565.57.01"
    assert value_of(driver.module_kind) == "open"
    assert value_of(driver.library_version) == "565.57.01"
    assert value_of(driver.library_path) == str(tmp_path / LIBRARIES / "libcuda.so.1")
    assert value_of(driver.nouveau_loaded) is False


def test_updated_and_not_rebooted_has_two(tmp_path: Path) -> None:
    files = {"sys/module/nvidia/version": "535.183.01\n", "proc/driver/nvidia/version": CLOSED}
    driver = driver_of(with_libraries(write_tree(tmp_path, files), "580.95.05"))
    assert value_of(driver.module_version) == "535.183.01"
    assert value_of(driver.library_version) == "580.95.05"


def test_nouveau_in_place_of_the_driver(tmp_path: Path) -> None:
    driver = driver_of(write_tree(tmp_path, {"sys/module/nouveau/initstate": "live\n"}))
    assert value_of(driver.nouveau_loaded) is True
    for fact in (driver.module_version, driver.module_kind, driver.library_version):
        assert isinstance(fact, Absent)
        assert fact.reason is Reason.NOT_THERE


def test_a_container_without_proc_driver_tells_the_kind_by_the_taint(tmp_path: Path) -> None:
    files = {"sys/module/nvidia/version": "535.183.01\n", "sys/module/nvidia/taint": "POE\n"}
    assert value_of(driver_of(write_tree(tmp_path, files)).module_kind) == "closed"


def test_the_open_module_taints_less(tmp_path: Path) -> None:
    files = {"sys/module/nvidia/version": "565.57.01\n", "sys/module/nvidia/taint": "OE\n"}
    assert value_of(driver_of(write_tree(tmp_path, files)).module_kind) == "open"


def test_where_modules_cannot_be_seen_none_is_claimed_to_be_missing(tmp_path: Path) -> None:
    driver = driver_of(tmp_path)
    for fact in (driver.module_version, driver.module_kind, driver.nouveau_loaded):
        assert isinstance(fact, Absent)
        assert fact.reason is Reason.NOT_SUPPORTED


def test_under_wsl_the_kernel_half_is_windows_own(tmp_path: Path) -> None:
    files = {
        "proc/sys/kernel/osrelease": "5.15.167.4-microsoft-standard-WSL2\n",
        "sys/module/kernel/uevent": "",
        "usr/lib/wsl/lib/libcuda.so.1": "",
    }
    driver = driver_of(write_tree(tmp_path, files))
    for fact in (driver.module_version, driver.module_on_disk_version, driver.module_kind):
        assert isinstance(fact, Absent)
        assert fact.reason is Reason.NOT_APPLICABLE
    assert value_of(driver.library_path) == str(tmp_path / "usr/lib/wsl/lib/libcuda.so.1")
    assert isinstance(driver.library_version, Absent)


@pytest.mark.parametrize(
    ("text", "version", "kind"),
    [
        (CLOSED, "535.183.01", "closed"),
        (OPEN, "565.57.01", "open"),
        (
            "NVRM version: NVIDIA UNIX Open Kernel Module for aarch64  540.4.0  Release",
            "540.4.0",
            "open",
        ),
    ],
)
def test_the_module_tells_version_and_kind(text: str, version: str, kind: str) -> None:
    assert parse_version(text) == version
    assert parse_kind(text) == kind


def test_another_text_is_refused() -> None:
    with pytest.raises(ValueError, match="no NVRM version"):
        parse_kind("GCC version:  gcc version 13.3.0")


def test_this_machine_answers() -> None:
    assert isinstance(driver_of(Path("/")).nouveau_loaded, Found | Absent)
