from pathlib import Path

import pytest

from rigcheck.facts import Absent, Found, Reason
from rigcheck.probes.driver_module import find_module, read_on_disk_version
from rigcheck.probes.reading import ask_tool
from tests.probes.kernel_modules import kernel_module
from tests.probes.trees import write_tree

RELEASE = "6.8.0-45-generic"
KERNEL = {"proc/sys/kernel/osrelease": f"{RELEASE}\n"}
DIRECTORY = f"lib/modules/{RELEASE}"
needs_modinfo = pytest.mark.skipif(
    not isinstance(ask_tool("modinfo", "--version", timeout_s=10), Found),
    reason="modinfo (kmod) is not installed",
)


@pytest.mark.parametrize(
    "path",
    [
        "updates/dkms/nvidia.ko.zst",
        "kernel/nvidia-580/nvidia.ko",
        "extra/nvidia/nvidia.ko.xz",
        "updates/dkms/nvidia-current.ko",
        "updates/dkms/nvidia-tesla-470.ko",
    ],
)
def test_the_module_is_found_however_it_is_packaged(path: str) -> None:
    assert find_module(f"kernel/fs/ext4.ko: kernel/lib/crc.ko\n{path}: kernel/drm.ko\n") == path


@pytest.mark.parametrize(
    "path",
    [
        "updates/dkms/nvidia-drm.ko.zst",
        "updates/dkms/nvidia-current-uvm.ko",
        "kernel/drivers/platform/x86/nvidia-wmi-ec-backlight.ko",
        "kernel/drivers/video/fbdev/nvidia/nvidiafb.ko",
        "kernel/drivers/i2c/busses/i2c-nvidia-gpu.ko",
    ],
)
def test_its_neighbours_are_not_taken_for_it(path: str) -> None:
    assert find_module(f"{path}: updates/dkms/nvidia.ko.zst\n") is None


@needs_modinfo
def test_the_version_is_that_of_the_file_on_disk(tmp_path: Path) -> None:
    root = write_tree(tmp_path, KERNEL | {f"{DIRECTORY}/modules.dep": "updates/dkms/nvidia.ko:\n"})
    module = root / DIRECTORY / "updates/dkms/nvidia.ko"
    module.parent.mkdir(parents=True)
    module.write_bytes(kernel_module({"version": "580.95.05", "license": "Dual MIT/GPL"}))
    version = read_on_disk_version(root)
    assert isinstance(version, Found)
    assert version.value == "580.95.05"


def test_a_module_of_another_kernel_does_not_count(tmp_path: Path) -> None:
    """As when DKMS built it for the new kernel and the machine still runs the old one."""
    other = "lib/modules/6.8.0-50-generic"
    files = {
        f"{other}/modules.dep": "updates/dkms/nvidia.ko:\n",
        f"{DIRECTORY}/modules.dep": "kernel/fs/ext4.ko:\n",
    }
    version = read_on_disk_version(write_tree(tmp_path, KERNEL | files))
    assert isinstance(version, Absent)
    assert version.reason is Reason.NOT_THERE


def test_a_kernel_whose_modules_are_gone_has_none_to_load(tmp_path: Path) -> None:
    files = KERNEL | {"lib/modules/6.8.0-50-generic/modules.dep": "updates/dkms/nvidia.ko:\n"}
    version = read_on_disk_version(write_tree(tmp_path, files))
    assert isinstance(version, Absent)
    assert version.reason is Reason.NOT_THERE


def test_a_container_cannot_see_the_hosts_modules(tmp_path: Path) -> None:
    version = read_on_disk_version(write_tree(tmp_path, KERNEL))
    assert isinstance(version, Absent)
    assert version.reason is Reason.NOT_SUPPORTED
