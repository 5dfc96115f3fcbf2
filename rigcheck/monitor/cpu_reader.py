"""Reads the processor's and main memory's meters."""

import re
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean
from typing import final

from rigcheck.facts import value_of
from rigcheck.monitor.cpu_time import CpuTime
from rigcheck.monitor.kernel_file import KernelFile
from rigcheck.probes.probe import read_text
from rigcheck.probes.reading import read_entries, read_number

_MHZ = re.compile(r"^cpu MHz\s*:\s*([0-9.]+)$", re.MULTILINE)
_AFTER_MEMORY = b"\nBuffers:"
_WORDS_OF_MEMORY = 9
"""The first three lines: MemTotal, MemFree, MemAvailable; kernels before 3.14 lack the third."""
_BYTES_A_KIB = 1_024
_KHZ_A_MHZ = 1_000
_MILLIDEGREES = 1_000
_PROCESSOR_SENSORS = frozenset({"coretemp", "k10temp", "zenpower", "cpu_thermal"})
"""The kernel's drivers of sensors inside the processor."""


@final
class CpuReader:
    """The processor's meters."""

    def __init__(self, root: Path = Path("/")) -> None:
        """Begins the first interval of the busy shares. `root` is where /proc and /sys are."""
        self._root = root
        self._sensors = tuple(find_sensors(root))
        self._time = CpuTime(root / "proc/stat")
        self._meminfo = KernelFile(root / "proc/meminfo")

    def busy_percent(self) -> tuple[float, ...]:
        """Each CPU's busy share since the call before; empty where nobody tells."""
        return self._time.busy_percent()

    def memory_used_bytes(self) -> int | None:
        """Total less what is available to a new program."""
        return parse_used_bytes(self._meminfo.read(until=_AFTER_MEMORY))

    def frequency_mhz(self) -> float | None:
        """Mean of all CPUs; dear: some kernels ask each CPU for it."""
        clocks = parse_clocks(value_of(read_text(self._root / "proc/cpuinfo")) or "")
        clocks = clocks or self._policy_clocks()
        return fmean(clocks) if clocks else None

    def temperature_c(self) -> float | None:
        """The hottest sensor inside the processor."""
        told = (value_of(read_number(sensor)) for sensor in self._sensors)
        return max((value / _MILLIDEGREES for value in told if value is not None), default=None)

    def _policy_clocks(self) -> tuple[float, ...]:
        """ARM's /proc/cpuinfo has no clocks; a cpufreq policy is a group that shares one."""
        policies = value_of(read_entries(self._root / "sys/devices/system/cpu/cpufreq")) or ()
        told = (value_of(read_number(policy / "scaling_cur_freq")) for policy in policies)
        return tuple(value / _KHZ_A_MHZ for value in told if value is not None)


def parse_clocks(cpuinfo: str) -> tuple[float, ...]:
    """Every `cpu MHz` of /proc/cpuinfo."""
    return tuple(map(float, _MHZ.findall(cpuinfo)))


def parse_used_bytes(meminfo: bytes) -> int | None:
    """MemTotal less MemAvailable of /proc/meminfo; None where one of them is missing."""
    words = meminfo.split(maxsplit=_WORDS_OF_MEMORY)
    if words[0:1] != [b"MemTotal:"] or words[6:7] != [b"MemAvailable:"]:
        return None
    return (int(words[1]) - int(words[7])) * _BYTES_A_KIB


def find_sensors(root: Path) -> Iterator[Path]:
    """The files of the sensors inside the processor, each in thousandths of a degree."""
    for chip in value_of(read_entries(root / "sys/class/hwmon")) or ():
        if (value_of(read_text(chip / "name")) or "") in _PROCESSOR_SENSORS:
            yield from sorted(chip.glob("temp*_input"))
