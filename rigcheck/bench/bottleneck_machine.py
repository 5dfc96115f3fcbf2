"""What is wrong with the machine while it trains: clocks, other programs, threads, page faults."""

import math

from rigcheck.bench.bottleneck_grounds import Grounds, named
from rigcheck.bench.conclusions import Bottleneck, BottleneckKind

_HELD_SHARE = 0.5
_SLOW_CLOCK = 0.9
_BUSY_PERCENT = 20.0
"""A desktop at rest keeps a GPU less busy."""
_OTHERS_CPUS = 0.25
_SPARE_CPUS = 0.1
_MANY_FAULTS = 3_000
"""Healthy steps at batch 100 fault 0 to 200 times; some 2,900 a step halved a rate that was
measured so, 36,000 at batch 1,024 cost 1.4 to 1.9 times."""


def clocks(g: Grounds) -> Bottleneck | None:
    """Clocks that something beyond the card's own limits held down, most of the time."""
    if not g.held_by or (g.held_share or 0.0) < _HELD_SHARE:
        return None
    if g.clock_mhz and g.clock_max_mhz and g.clock_mhz >= g.clock_max_mhz * _SLOW_CLOCK:
        return None
    since = "" if g.held_since_s is None else f" since second {g.held_since_s:.0f} of the run"
    at = "" if g.clock_mhz is None else f" at {g.clock_mhz:.0f}"
    of = "" if g.clock_max_mhz is None else f" of {g.clock_max_mhz:.0f}"
    mhz = f"{at}{of} MHz" if at else ""
    return named(
        g,
        BottleneckKind.CLOCKS,
        f"its clocks are held down{mhz}{since}: {g.held_by}",
        (f"{g.held_by} in {g.held_share:.0%} of the samples under load", "NVML"),
        advice=_CLOCK_ADVICE.get(g.held_by, "See `nvidia-smi -q -d PERFORMANCE` for the reason"),
    )


_CLOCK_ADVICE = {
    "hardware thermal slowdown": "Cool the card: fans, filters, air to it",
    "software thermal slowdown": "Cool the card: fans, filters, air to it",
    "power brake": "Look after the power supply and its cables",
    "power cap": "Raise the power limit to the card's own (`nvidia-smi -pl`)",
    "application clocks": "Give the clocks free (`nvidia-smi -rac`, `nvidia-smi -rgc`)",
}


def other_programs(g: Grounds) -> Bottleneck | None:
    """Other programs on the GPU, or on the CPUs that torch's threads need."""
    before = g.utilization_before_percent
    if g.other_gpu_programs and before is not None and before >= _BUSY_PERCENT:
        return named(
            g,
            BottleneckKind.OTHER_PROGRAMS,
            f"other programs compute on it, too: it was busy {before:.0f} % of the time before "
            "training began",
            (f"programs that compute on it: {g.other_gpu_programs}", "NVML"),
            advice="End them, or measure when they are through",
        )
    if g.others_cpus is None or g.cpus is None or g.others_cpus < _OTHERS_CPUS:
        return None
    ours = (g.threads or 1) if g.device == "cpu" else 1
    if g.cpus - g.others_cpus >= ours - _SPARE_CPUS:
        return None  # there is room for both
    return named(
        g,
        BottleneckKind.OTHER_PROGRAMS,
        f"other programs take {g.others_cpus:.1f} of {_count(g.cpus, 'CPU')}, and torch's threads "
        "wait for each other",
        (f"CPUs that others took: {g.others_cpus:.2f}", "/proc/stat"),
        advice="End them, or measure when they are through: `top -b -n 1 | head -n 15` names them",
    )


def host_threads(g: Grounds) -> Bottleneck | None:
    """More threads than CPUs, or fewer than cores."""
    if g.device != "cpu" or g.threads is None:
        return None
    if g.quota_cpus is not None and g.threads > math.ceil(g.quota_cpus):
        what = f"{g.threads} threads share the {g.quota_cpus:g} CPUs that the cgroup grants"
        return _threads(g, what, max(1, math.floor(g.quota_cpus)))
    if g.cpus is not None and g.threads > g.cpus:
        return _threads(g, f"{g.threads} threads share {_count(g.cpus, 'CPU')}", g.cores or g.cpus)
    if g.cores is not None and g.threads < min(g.cores, math.floor(g.quota_cpus or g.cores)):
        verb = "computes" if g.threads == 1 else "compute"
        what = f"{_count(g.threads, 'thread')} {verb} where {g.cores} cores may be used"
        return _threads(g, what, g.cores)
    return None


def _threads(g: Grounds, what: str, fitting: int) -> Bottleneck:
    return named(
        g,
        BottleneckKind.HOST_THREADS,
        what,
        (f"threads {g.threads}, cores {_told(g.cores)}, CPUs {_told(g.cpus)}", "torch, the kernel"),
        advice=f"Train with `--threads {fitting}`; scripts take OMP_NUM_THREADS={fitting}",
    )


def page_faults(g: Grounds) -> Bottleneck | None:
    """Memory that malloc gives back to the kernel in each step."""
    faults = g.page_faults_a_step
    if g.device != "cpu" or faults is None or faults < _MANY_FAULTS:
        return None
    return named(
        g,
        BottleneckKind.PAGE_FAULTS,
        f"the kernel hands out memory anew in each step: {faults:.0f} page faults a step",
        (f"minor page faults a step: {faults:.0f}", "getrusage()"),
        advice="Keep malloc from giving memory back: MALLOC_TRIM_THRESHOLD_=1073741824 "
        "MALLOC_MMAP_THRESHOLD_=1073741824 in the environment",
    )


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def _told(n: int | None) -> str:
    return "unknown" if n is None else str(n)
