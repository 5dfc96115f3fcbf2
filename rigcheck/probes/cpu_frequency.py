"""Clocks and governor."""

from pathlib import Path

from rigcheck.facts import Absent, Fact, Found, Reason
from rigcheck.probes.cpu_topology import CPU_DIRECTORY
from rigcheck.probes.cpuinfo import Block, highest_mhz
from rigcheck.probes.probe import read_text
from rigcheck.probes.reading import first_found, parsed, read_entries

_KHZ_A_MHZ = 1_000


def read_frequency_now(root: Path, blocks: Fact[tuple[Block, ...]]) -> Fact[float]:
    """The highest clock of any CPU, as of now, in MHz.

    From /proc/cpuinfo, which has been read anyhow; cpufreq takes some kernels 10 ms a CPU to tell.
    """
    return first_found(highest_mhz(blocks), _read_highest_mhz(root, "scaling_cur_freq"))


def read_frequency_max(root: Path) -> Fact[float]:
    """The highest clock the fastest CPU can reach, in MHz; a virtual machine seldom tells it."""
    return _read_highest_mhz(root, "cpuinfo_max_freq")


def read_governor(root: Path) -> Fact[str]:
    """The cpufreq governor; where CPUs differ, all of them: `performance, powersave`."""
    governors = _read_of_each_policy(root, "scaling_governor")
    return parsed(governors, lambda texts: ", ".join(sorted(set(texts))))


def _read_highest_mhz(root: Path, name: str) -> Fact[float]:
    rates = _read_of_each_policy(root, name)
    return parsed(rates, lambda texts: max(int(text) for text in texts) / _KHZ_A_MHZ)


def _read_of_each_policy(root: Path, name: str) -> Fact[tuple[str, ...]]:
    """One file of each cpufreq policy, which is a group of CPUs that are clocked together."""
    policies = read_entries(root / CPU_DIRECTORY / "cpufreq")
    if not isinstance(policies, Found):
        return policies
    source = f"{policies.source}/policy*/{name}"
    texts = [read_text(p / name) for p in policies.value if p.name.startswith("policy")]
    found = tuple(text.value for text in texts if isinstance(text, Found))
    return Found(found, source) if found else Absent(Reason.NOT_THERE, source)
