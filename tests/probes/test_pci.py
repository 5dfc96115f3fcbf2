from pathlib import Path

import pytest

from rigcheck.facts import Absent, Found, PciGpu, Reason
from rigcheck.probes.pci import parse_name, read_gpus
from tests.probes.trees import write_link, write_tree

PCI_IDS = """\
# Maintained by Albert Pool
1002  Advanced Micro Devices, Inc. [AMD/ATI]
\t1401  Not NVIDIA's
10de  NVIDIA Corporation
\t13c2  GM204 [GeForce GTX 970]
\t\t1043 8508  STRIX
\t1401  GM206 [GeForce GTX 960]
10df  Emulex Corporation
\t2b85  Not NVIDIA's either
C 03  Display controller
"""


def device(bus_id: str, vendor: str, device_id: str, device_class: str) -> dict[str, str]:
    directory = f"sys/bus/pci/devices/{bus_id}"
    return {
        f"{directory}/vendor": f"{vendor}\n",
        f"{directory}/device": f"{device_id}\n",
        f"{directory}/class": f"{device_class}\n",
    }


GTX_960 = device("0000:01:00.0", "0x10de", "0x1401", "0x030000")
ITS_SOUND = device("0000:01:00.1", "0x10de", "0x0fba", "0x040300")
RADEON = device("0000:00:01.0", "0x1002", "0x130f", "0x030000")


def gpus_of(root: Path) -> tuple[PciGpu, ...]:
    gpus = read_gpus(root)
    assert isinstance(gpus, Found)
    return gpus.value


@pytest.mark.parametrize("driver", ["nouveau", "nvidia", "vfio-pci"])
def test_a_gtx_960_is_told_with_the_driver_it_is_bound_to(tmp_path: Path, driver: str) -> None:
    files = GTX_960 | ITS_SOUND | RADEON | {"usr/share/misc/pci.ids": PCI_IDS}
    root = write_tree(tmp_path, files)
    write_link(
        root, "sys/bus/pci/devices/0000:01:00.0/driver", f"../../../bus/pci/drivers/{driver}"
    )
    (gpu,) = gpus_of(root)
    assert (gpu.pci_bus_id, gpu.device_id) == ("0000:01:00.0", "10de:1401")
    assert gpu.name == Found("GM206 [GeForce GTX 960]", str(root / "usr/share/misc/pci.ids"))
    assert isinstance(gpu.kernel_driver, Found)
    assert gpu.kernel_driver.value == driver


def test_a_card_without_a_driver_has_none_bound(tmp_path: Path) -> None:
    (gpu,) = gpus_of(write_tree(tmp_path, GTX_960))
    assert isinstance(gpu.kernel_driver, Absent)
    assert gpu.kernel_driver.reason is Reason.NOT_THERE
    assert isinstance(gpu.name, Absent)


def test_a_3d_controller_without_display_counts(tmp_path: Path) -> None:
    (gpu,) = gpus_of(write_tree(tmp_path, device("0000:3b:00.0", "0x10de", "0x1eb8", "0x030200")))
    assert gpu.device_id == "10de:1eb8"


def test_a_bus_without_nvidia_is_empty(tmp_path: Path) -> None:
    assert gpus_of(write_tree(tmp_path, RADEON)) == ()


def test_no_bus_is_not_an_empty_bus(tmp_path: Path) -> None:
    gpus = read_gpus(tmp_path)
    assert isinstance(gpus, Absent)
    assert gpus.reason is Reason.NOT_SUPPORTED


def test_under_wsl_2_the_bus_has_no_gpu_to_show(tmp_path: Path) -> None:
    """There the card appears as a device of Microsoft, 1414:008e, if at all."""
    files = device("8756:00:00.0", "0x1414", "0x008e", "0x030200") | {
        "proc/sys/kernel/osrelease": "5.15.167.4-microsoft-standard-WSL2\n"
    }
    gpus = read_gpus(write_tree(tmp_path, files))
    assert isinstance(gpus, Absent)
    assert gpus.reason is Reason.NOT_SUPPORTED


def test_a_tegras_gpu_is_no_pci_device(tmp_path: Path) -> None:
    root_port = device("0001:00:00.0", "0x10de", "0x229e", "0x060400")
    board = {"proc/device-tree/compatible": "nvidia,p3737-0000+p3701-0000\0nvidia,tegra234\0"}
    gpus = read_gpus(write_tree(tmp_path, root_port | board))
    assert isinstance(gpus, Absent)
    assert gpus.reason is Reason.NOT_SUPPORTED


@pytest.mark.parametrize(
    ("device_id", "name"),
    [("1401", "GM206 [GeForce GTX 960]"), ("13c2", "GM204 [GeForce GTX 970]"), ("2b85", None)],
)
def test_names_are_those_of_the_vendor(device_id: str, name: str | None) -> None:
    assert parse_name(PCI_IDS, "10de", device_id) == name
