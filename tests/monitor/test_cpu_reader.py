"""The processor's dear meters, on recorded files."""

from pathlib import Path

from rigcheck.monitor.cpu_reader import CpuReader, parse_clocks, parse_used_bytes
from tests.probes.trees import write_tree

CPUINFO = """\
processor\t: 0
cpu MHz\t\t: 3600.000
model name\t: cpu MHz : 1
processor\t: 1
cpu MHz\t\t: 1200.5
"""


def test_clocks_are_the_lines_of_that_name() -> None:
    assert parse_clocks(CPUINFO) == (3600.0, 1200.5)
    assert parse_clocks("processor\t: 0\nBogoMIPS\t: 50.0\n") == ()


def test_the_frequency_is_the_mean_of_all_cpus(tmp_path: Path) -> None:
    root = write_tree(tmp_path, {"proc/cpuinfo": CPUINFO})
    assert CpuReader(root).frequency_mhz() == 2400.25


def test_where_cpuinfo_has_no_clocks_cpufreq_has(tmp_path: Path) -> None:
    policies = "sys/devices/system/cpu/cpufreq"
    files = {
        "proc/cpuinfo": "processor\t: 0\n",
        f"{policies}/policy0/scaling_cur_freq": "1800000\n",
        f"{policies}/policy4/scaling_cur_freq": "2400000\n",
    }
    assert CpuReader(write_tree(tmp_path, files)).frequency_mhz() == 2100


def test_a_virtual_machine_tells_neither_clock_nor_heat(tmp_path: Path) -> None:
    reader = CpuReader(tmp_path)
    assert (reader.frequency_mhz(), reader.temperature_c()) == (None, None)


def test_the_hottest_sensor_inside_the_processor_counts(tmp_path: Path) -> None:
    hwmon = "sys/class/hwmon"
    files = {
        f"{hwmon}/hwmon0/name": "nvme\n",
        f"{hwmon}/hwmon0/temp1_input": "91000\n",
        f"{hwmon}/hwmon1/name": "coretemp\n",
        f"{hwmon}/hwmon1/temp1_input": "61000\n",
        f"{hwmon}/hwmon1/temp2_input": "64500\n",
        f"{hwmon}/hwmon1/temp2_max": "100000\n",
        f"{hwmon}/hwmon2/temp1_input": "99000\n",
    }
    assert CpuReader(write_tree(tmp_path, files)).temperature_c() == 64.5


def test_a_sensor_that_goes_silent_is_a_gap(tmp_path: Path) -> None:
    hwmon = "sys/class/hwmon/hwmon0"
    files = {f"{hwmon}/name": "k10temp\n", f"{hwmon}/temp1_input": "61000\n"}
    reader = CpuReader(write_tree(tmp_path, files))
    (tmp_path / hwmon / "temp1_input").unlink()
    assert reader.temperature_c() is None


def test_memory_in_use_is_what_no_new_program_can_have() -> None:
    meminfo = b"MemTotal:       16000 kB\nMemFree:    100 kB\nMemAvailable:    6000 kB\n"
    assert parse_used_bytes(meminfo) == 10_000 * 1024


def test_a_kernel_that_does_not_tell_what_is_available_leaves_a_gap() -> None:
    old = b"MemTotal:       16000 kB\nMemFree:    100 kB\nBuffers:   1 kB\nCached:   1 kB\n"
    assert parse_used_bytes(old) is None
    assert parse_used_bytes(b"") is None
