from pathlib import Path

import pytest

from rigcheck.facts import Absent, Reason, value_of
from rigcheck.probes.hypervisor import (
    looks_virtual,
    parse_wsl_version,
    read_hypervisor,
    read_wsl_version,
)
from tests.probes.trees import recorded, write_tree

RELEASE = "proc/sys/kernel/osrelease"
CLOCKS = "sys/devices/system/clocksource/clocksource0/available_clocksource"
WSL = {"proc/cpuinfo": recorded("wsl2-i7-1360p.cpuinfo")}
BARE = {"proc/cpuinfo": recorded("amd-a10-7800.cpuinfo")}
ARM = {"proc/cpuinfo": recorded("aws-graviton2.cpuinfo")}


def board(vendor: str, product: str) -> dict[str, str]:
    return {
        "sys/class/dmi/id/sys_vendor": f"{vendor}\n",
        "sys/class/dmi/id/product_name": f"{product}\n",
    }


@pytest.mark.parametrize(
    ("release", "version"),
    [
        ("5.15.167.4-microsoft-standard-WSL2", 2),
        ("4.19.84-microsoft-standard", 2),
        ("4.4.0-19041-Microsoft", 1),
        ("6.8.0-45-generic", None),
        ("6.8.0-1021-azure", None),
    ],
)
def test_the_kernels_name_tells_wsl(release: str, version: int | None) -> None:
    assert parse_wsl_version(release) == version


def test_a_kernel_built_for_wsl_is_known_by_its_directory(tmp_path: Path) -> None:
    root = write_tree(tmp_path, {RELEASE: "6.6.0-mine\n", "run/WSL/8_interop": ""})
    assert value_of(read_wsl_version(root)) == 2


def test_an_ordinary_linux_is_known_not_to_be_wsl(tmp_path: Path) -> None:
    root = write_tree(tmp_path, {RELEASE: "6.8.0-45-generic\n"})
    assert read_wsl_version(root) == Absent(Reason.NOT_THERE, str(root / RELEASE))


def test_wsl_2_runs_on_hyper_v(tmp_path: Path) -> None:
    clocks = {CLOCKS: "hyperv_clocksource_tsc_page acpi_pm \n"}
    assert value_of(read_hypervisor(write_tree(tmp_path, WSL | clocks))) == "Hyper-V"


def test_the_firmware_names_the_hypervisor(tmp_path: Path) -> None:
    root = write_tree(tmp_path, WSL | board("QEMU", "Standard PC (Q35 + ICH9, 2009)"))
    assert value_of(read_hypervisor(root)) == "QEMU Standard PC (Q35 + ICH9, 2009)"


def test_a_guest_without_firmware_or_clock_is_still_a_guest(tmp_path: Path) -> None:
    assert value_of(read_hypervisor(write_tree(tmp_path, WSL))) == "unnamed hypervisor"


def test_without_the_flag_there_is_none_whatever_the_board_is_called(tmp_path: Path) -> None:
    root = write_tree(tmp_path, BARE | board("Amazon EC2", "m5.metal"))
    hypervisor = read_hypervisor(root)
    assert isinstance(hypervisor, Absent)
    assert hypervisor.reason is Reason.NOT_THERE


def test_xen_says_so_itself(tmp_path: Path) -> None:
    root = write_tree(tmp_path, BARE | {"sys/hypervisor/type": "xen\n"})
    assert value_of(read_hypervisor(root)) == "xen"


@pytest.mark.parametrize(
    ("name", "virtual"),
    [
        ("Amazon EC2 c6g.large", True),
        ("Amazon EC2 c6g.metal", False),
        ("QEMU KVM Virtual Machine", True),
        ("NVIDIA Jetson AGX Orin", False),
    ],
)
def test_arm_boards_tell_by_name(name: str, virtual: bool) -> None:
    assert looks_virtual(name) is virtual


def test_an_arm_guest_is_known_by_its_board(tmp_path: Path) -> None:
    root = write_tree(tmp_path, ARM | board("Amazon EC2", "c6g.large"))
    assert value_of(read_hypervisor(root)) == "Amazon EC2 c6g.large"


def test_an_arm_board_with_a_device_tree_is_real(tmp_path: Path) -> None:
    root = write_tree(tmp_path, ARM | {"proc/device-tree/compatible": "radxa,rock-5b\0rockchip"})
    hypervisor = read_hypervisor(root)
    assert isinstance(hypervisor, Absent)
    assert hypervisor.reason is Reason.NOT_THERE


def test_an_arm_machine_that_tells_nothing_stays_unknown(tmp_path: Path) -> None:
    hypervisor = read_hypervisor(write_tree(tmp_path, ARM))
    assert isinstance(hypervisor, Absent)
    assert hypervisor.reason is Reason.NOT_SUPPORTED
