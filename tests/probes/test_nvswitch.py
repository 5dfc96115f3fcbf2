from pathlib import Path

from rigcheck.facts import Absent, value_of
from rigcheck.probes.nvswitch import read_fabric_manager_running, read_nvswitches
from tests.probes.trees import write_tree


def device(bus_id: str, vendor: str, device_class: str) -> dict[str, str]:
    directory = f"sys/bus/pci/devices/{bus_id}"
    return {f"{directory}/vendor": f"{vendor}\n", f"{directory}/class": f"{device_class}\n"}


def test_nvidias_bridges_are_counted_and_neither_gpus_nor_others_bridges(tmp_path: Path) -> None:
    files = (
        device("0000:05:00.0", "0x10de", "0x068000")
        | device("0000:06:00.0", "0x10de", "0x068000")
        | device("0000:1b:00.0", "0x10de", "0x030200")
        | device("0000:00:07.3", "0x8086", "0x068000")
    )
    assert value_of(read_nvswitches(write_tree(tmp_path, files))) == 2


def test_without_a_bus_none_is_not_claimed(tmp_path: Path) -> None:
    assert isinstance(read_nvswitches(tmp_path), Absent)


def test_the_service_is_known_by_its_name_cut_to_15_letters(tmp_path: Path) -> None:
    root = write_tree(tmp_path, {"proc/1/comm": "systemd\n", "proc/87/comm": "nv-fabricmanage\n"})
    assert value_of(read_fabric_manager_running(root)) is True


def test_other_processes_are_not_the_service(tmp_path: Path) -> None:
    root = write_tree(tmp_path, {"proc/1/comm": "systemd\n", "proc/87/comm": "nvidia-persiste\n"})
    assert value_of(read_fabric_manager_running(root)) is False
