"""What else happened while a block of steps ran: page faults of ours, processor time of others."""

from __future__ import annotations

import os
import time
from typing import NamedTuple, Optional


class Load(NamedTuple):
    """Counters at one moment."""

    at_s: float
    page_faults: Optional[int]
    """Of this process, those that needed no disk."""
    own_cpu_s: float
    machine_cpu_s: Optional[float]
    """Busy time of all cores together."""


def read_load() -> Load:
    """The counters as they are now."""
    return Load(time.monotonic(), _page_faults(), time.process_time(), _machine_cpu_s())


def cores_of_others(before: Load, after: Load) -> Optional[float]:
    """How many cores other processes kept busy between two moments; None where untold.

    Linux counts in ticks of a hundredth of a second, so a short stretch may look slightly negative.
    """
    if before.machine_cpu_s is None or after.machine_cpu_s is None:
        return None
    busy_s = after.machine_cpu_s - before.machine_cpu_s
    own_s = after.own_cpu_s - before.own_cpu_s
    return max(0.0, (busy_s - own_s) / (after.at_s - before.at_s))


def faults_between(before: Load, after: Load) -> Optional[int]:
    """Page faults between two moments."""
    if before.page_faults is None or after.page_faults is None:
        return None
    return after.page_faults - before.page_faults


def _page_faults() -> Optional[int]:
    try:
        import resource
    except ImportError:  # Windows
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


def _machine_cpu_s() -> Optional[float]:
    try:
        with open("/proc/stat", "rb") as stat:
            return parse_machine_cpu_s(stat.readline(), os.sysconf("SC_CLK_TCK"))
    except (OSError, ValueError, IndexError):
        return None


def parse_machine_cpu_s(line: bytes, ticks_per_s: int) -> float:
    """Busy seconds in the first line of /proc/stat (proc_stat(5)).

    Of its columns user, nice, system, irq and softirq count: idle and iowait are not busy, steal is
    another machine's, and guests are within user and nice already.

    Raises:
        ValueError, IndexError: if it is no such line.
    """
    ticks = [int(word) for word in line.split()[1:]]
    user, nice, system, _idle, _iowait, irq, softirq = ticks[:7]
    return (user + nice + system + irq + softirq) / ticks_per_s
