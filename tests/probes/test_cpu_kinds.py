from pathlib import Path

from rigcheck.facts import Absent, Found, Reason
from rigcheck.probes.cpu_kinds import read_core_kinds, split_by_capacity
from rigcheck.probes.cpu_topology import Topology, read_topology
from tests.probes.trees import topology, write_tree

NO_BLOCKS = Absent(Reason.NOT_THERE, "/proc/cpuinfo")
EIGHT_SINGLE = topology([(cpu,) for cpu in range(8)])


def capacities(values: list[int]) -> dict[str, str]:
    return {
        f"sys/devices/system/cpu/cpu{cpu}/cpu_capacity": f"{value}\n"
        for cpu, value in enumerate(values)
    }


def read(root: Path, files: dict[str, str]) -> tuple[object, object]:
    read_topology_of = read_topology(write_tree(root, files), NO_BLOCKS)
    return read_core_kinds(root, read_topology_of)


def test_intels_counter_units_tell_its_kinds(tmp_path: Path) -> None:
    """An i9-13980HX: 8 performance cores with two threads each, 16 efficiency cores."""
    cores = [(cpu, cpu + 1) for cpu in range(0, 16, 2)] + [(cpu,) for cpu in range(16, 32)]
    files = topology(cores) | {
        "sys/devices/cpu_core/cpus": "0-15\n",
        "sys/devices/cpu_atom/cpus": "16-31\n",
    }
    assert read(tmp_path, files) == (
        Found(8, str(tmp_path / "sys/devices/cpu_core/cpus")),
        Found(16, str(tmp_path / "sys/devices/cpu_atom/cpus")),
    )


def test_low_power_cores_are_efficiency_cores_too(tmp_path: Path) -> None:
    files = EIGHT_SINGLE | {
        "sys/devices/cpu_core/cpus": "0-1",
        "sys/devices/cpu_atom/cpus": "2-5",
        "sys/devices/cpu_lowpower/cpus": "6-7",
    }
    _, efficiency = read(tmp_path, files)
    assert isinstance(efficiency, Found)
    assert efficiency.value == 6


def test_big_and_little_arm_cores_differ_in_capacity(tmp_path: Path) -> None:
    """An RK3588: four Cortex-A55, four Cortex-A76, two of which are binned a little lower."""
    files = EIGHT_SINGLE | capacities([414, 414, 414, 414, 1007, 1007, 1024, 1024])
    performance, efficiency = read(tmp_path, files)
    assert isinstance(performance, Found)
    assert isinstance(efficiency, Found)
    assert (performance.value, efficiency.value) == (4, 4)


def test_cores_of_one_capacity_are_of_one_kind(tmp_path: Path) -> None:
    performance, efficiency = read(tmp_path, EIGHT_SINGLE | capacities([1024] * 8))
    assert isinstance(performance, Absent)
    assert performance.reason is Reason.NOT_APPLICABLE
    assert efficiency == performance


def test_a_kernel_that_tells_nothing_leaves_them_not_applicable(tmp_path: Path) -> None:
    performance, _ = read(tmp_path, EIGHT_SINGLE)
    assert isinstance(performance, Absent)
    assert performance.reason is Reason.NOT_APPLICABLE


def test_twins_that_differ_by_silicon_are_not_split() -> None:
    assert split_by_capacity({0: 1024, 1: 980, 2: 1010}) == (frozenset({0, 1, 2}), frozenset())


def test_without_a_topology_its_reason_is_passed_on(tmp_path: Path) -> None:
    unknown = Topology(threads=NO_BLOCKS, cores=NO_BLOCKS, sockets=NO_BLOCKS)
    assert read_core_kinds(tmp_path, unknown) == (NO_BLOCKS, NO_BLOCKS)
