from pathlib import Path

from rigcheck.facts import Absent, Found, Reason
from rigcheck.probes.cpu_frequency import read_frequency_max, read_frequency_now, read_governor
from rigcheck.probes.cpuinfo import parse_blocks
from tests.probes.trees import recorded, write_tree

POLICIES = "sys/devices/system/cpu/cpufreq"
BIG_LITTLE = {
    f"{POLICIES}/policy0/cpuinfo_max_freq": "1800000\n",
    f"{POLICIES}/policy0/scaling_cur_freq": "408000\n",
    f"{POLICIES}/policy0/scaling_governor": "schedutil\n",
    f"{POLICIES}/policy4/cpuinfo_max_freq": "2256000\n",
    f"{POLICIES}/policy4/scaling_cur_freq": "1200000\n",
    f"{POLICIES}/policy4/scaling_governor": "schedutil\n",
    f"{POLICIES}/boost": "1\n",
}
NO_CLOCK = Found(parse_blocks(recorded("rockchip-rk3588.cpuinfo")), "/proc/cpuinfo")
A_CLOCK = Found(parse_blocks(recorded("amd-a10-7800.cpuinfo")), "/proc/cpuinfo")


def test_the_fastest_policy_gives_the_highest_clock(tmp_path: Path) -> None:
    clock = read_frequency_max(write_tree(tmp_path, BIG_LITTLE))
    assert clock == Found(2256.0, f"{tmp_path / POLICIES}/policy*/cpuinfo_max_freq")


def test_the_clock_now_is_that_of_proc_cpuinfo(tmp_path: Path) -> None:
    clock = read_frequency_now(write_tree(tmp_path, BIG_LITTLE), A_CLOCK)
    assert clock == Found(1900.0, "/proc/cpuinfo: cpu MHz, the highest")


def test_where_that_tells_none_cpufreq_does(tmp_path: Path) -> None:
    clock = read_frequency_now(write_tree(tmp_path, BIG_LITTLE), NO_CLOCK)
    assert clock == Found(1200.0, f"{tmp_path / POLICIES}/policy*/scaling_cur_freq")


def test_one_governor_is_named_once(tmp_path: Path) -> None:
    governor = read_governor(write_tree(tmp_path, BIG_LITTLE))
    assert isinstance(governor, Found)
    assert governor.value == "schedutil"


def test_governors_that_differ_are_all_named(tmp_path: Path) -> None:
    files = BIG_LITTLE | {f"{POLICIES}/policy4/scaling_governor": "performance\n"}
    governor = read_governor(write_tree(tmp_path, files))
    assert isinstance(governor, Found)
    assert governor.value == "performance, schedutil"


def test_a_virtual_machine_has_an_empty_cpufreq(tmp_path: Path) -> None:
    (tmp_path / POLICIES).mkdir(parents=True)
    governor = read_governor(tmp_path)
    assert isinstance(governor, Absent)
    assert governor.reason is Reason.NOT_THERE
