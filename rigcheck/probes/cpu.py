"""The processor: what it is, what it can do, and what of it this process may use."""

from pathlib import Path

from rigcheck.facts import Absent, Cpu, Fact, Found, Reason
from rigcheck.probes import cpu_flags
from rigcheck.probes.cgroup import read_control_group, tightest
from rigcheck.probes.cpu_caches import read_caches
from rigcheck.probes.cpu_frequency import read_frequency_max, read_frequency_now, read_governor
from rigcheck.probes.cpu_kinds import read_core_kinds
from rigcheck.probes.cpu_power import read_power_limit
from rigcheck.probes.cpu_topology import read_affinity, read_topology, usable_cores
from rigcheck.probes.cpuinfo import identity_of, parse_blocks
from rigcheck.probes.cpuinfo_fallback import completed
from rigcheck.probes.probe import ProbeContext, read_text
from rigcheck.probes.reading import parsed, read_number


def read_cpu(context: ProbeContext) -> Cpu:
    """Reads /proc/cpuinfo, sysfs, the affinity and the cgroup."""
    root = context.root
    blocks = parsed(read_text(root / "proc/cpuinfo"), parse_blocks)
    identity = completed(identity_of(blocks), root)
    topology = read_topology(root, blocks)
    performance_cores, efficiency_cores = read_core_kinds(root, topology)
    affinity = read_affinity()
    return Cpu(
        model=identity.model,
        vendor=identity.vendor,
        sockets=parsed(topology.sockets, len),
        cores=parsed(topology.cores, len),
        threads=parsed(topology.threads, len),
        performance_cores=performance_cores,
        efficiency_cores=efficiency_cores,
        usable_threads=parsed(affinity, len),
        usable_cores=usable_cores(topology.cores, affinity),
        quota_cpus=read_quota(root),
        x86_64_level=cpu_flags.x86_64_level(identity),
        missing_for_next_level=cpu_flags.missing_for_next_level(identity),
        deep_learning_flags=cpu_flags.deep_learning_flags(identity),
        flags=identity.flags,
        caches=read_caches(root, topology.threads),
        frequency_now_mhz=read_frequency_now(root, blocks),
        frequency_max_mhz=read_frequency_max(root),
        governor=read_governor(root),
        power_limit_w=read_power_limit(root),
    )


def read_quota(root: Path) -> Fact[float]:
    """CPU time the cgroup grants, in CPUs: 1.5 is one and a half CPU's worth."""
    group = read_control_group(root, "cpu")
    if not isinstance(group, Found):
        return group
    return tightest(group.value, _read_quota_2 if group.value.unified else _read_quota_1)


def _read_quota_2(directory: Path) -> Fact[float]:
    """`cpu.max`: `150000 100000` is quota and period, `max 100000` no quota."""
    limit = read_text(directory / "cpu.max")
    if not isinstance(limit, Found):
        return limit
    quota, _, period = limit.value.partition(" ")
    if quota == "max":
        return Absent(Reason.NOT_THERE, limit.source, "no quota")
    return parsed(limit, lambda _: int(quota) / int(period))


def _read_quota_1(directory: Path) -> Fact[float]:
    """`cpu.cfs_quota_us`, where -1 is no quota, of every `cpu.cfs_period_us`."""
    quota_us = read_number(directory / "cpu.cfs_quota_us")
    period_us = read_number(directory / "cpu.cfs_period_us")
    if not isinstance(quota_us, Found):
        return quota_us
    if quota_us.value < 0:
        return Absent(Reason.NOT_THERE, quota_us.source, "no quota")
    return parsed(period_us, lambda period: quota_us.value / period)
