"""Is there main memory enough, by its size and by what the kernel did when it ran out?"""

from collections.abc import Iterator

from rigcheck.facts import Found, OomKill, Rig, value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.rules.evidence import one_line, passed, skipped, told
from rigcheck.rules.rule import Judgement, rule
from rigcheck.units import bytes_text

_GIB = 1024**3
# A process that has imported torch for CUDA and touched a GPU holds some 2 GiB of main memory.
_LITTLE_BYTES = 3 * _GIB
_NEARLY_NONE_BYTES = _GIB // 2


@rule(
    "memory-too-small",
    group="memory",
    needs=("memory", "kernel_log"),
    link="https://docs.kernel.org/admin-guide/mm/concepts.html",
)
def memory_too_small(rig: Rig) -> Iterator[Judgement]:
    """There is too little main memory to import torch for CUDA and to load data beside it.

    The machine's memory counts, and what the cgroup allows of it; what is available now counts
    where there is no swap to fall back on. The kernel ends the process that asks for more, and its
    log tells which it ended; those ended by the limit of some other control group are no sign of
    this machine's.
    """
    memory = rig.memory
    total, limit = value_of(memory.total_bytes), value_of(memory.limit_bytes)
    known = [size for size in (total, limit) if size is not None]
    kills, left = _kills(rig), _left(rig)
    evidence = (*_sizes(rig), *(_kill_line(rig, kill) for kill in kills))
    if kills:
        yield _ended(kills, evidence)
    elif not known:
        yield skipped("the size of memory is not known", told("memory", memory.total_bytes))
    elif min(known) < _LITTLE_BYTES:
        yield _too_small(f"there are {bytes_text(min(known))} of memory for this", evidence)
    elif left is not None and left < _NEARLY_NONE_BYTES:
        yield _too_small(f"{bytes_text(left)} of memory and swap are left", evidence)
    else:
        yield passed(f"there are {bytes_text(min(known))} of memory", *evidence)


def _sizes(rig: Rig) -> tuple[Evidence, ...]:
    memory = rig.memory
    return tuple(
        Evidence(f"{label}: {bytes_text(fact.value)}", fact.source)
        for label, fact in (
            ("memory", memory.total_bytes),
            ("allowed by the cgroup", memory.limit_bytes),
            ("available", memory.available_bytes),
            ("swap free", memory.swap_free_bytes),
        )
        if isinstance(fact, Found)
    )


def _kills(rig: Rig) -> tuple[OomKill, ...]:
    """Those that tell of the memory there is for us: the machine's, or our own group's."""
    is_limited = isinstance(rig.memory.limit_bytes, Found)
    kills = value_of(rig.kernel_log.oom_kills) or ()
    return tuple(kill for kill in kills if is_limited or not kill.is_group_limit)


def _kill_line(rig: Rig, kill: OomKill) -> Evidence:
    often = f", {kill.count} times" if kill.count > 1 else ""
    text = f"kernel log, {kill.first_s:.0f} s after boot{often}: {one_line(kill.text)}"
    return Evidence(text, rig.kernel_log.oom_kills.source)


def _ended(kills: tuple[OomKill, ...], evidence: tuple[Evidence, ...]) -> Judgement:
    names = ", ".join(dict.fromkeys(kill.process for kill in kills))
    whose = "a control group's memory" if all(k.is_group_limit for k in kills) else "memory"
    return _warned(f"{whose} ran out since boot, and the kernel ended {names}", evidence)


def _left(rig: Rig) -> int | None:
    available, swap = rig.memory.available_bytes, rig.memory.swap_free_bytes
    if not isinstance(available, Found) or not isinstance(swap, Found):
        return None
    return available.value + swap.value


def _too_small(headline: str, evidence: tuple[Evidence, ...]) -> Judgement:
    return _warned(f"{headline}, too little for torch on a GPU", evidence)


def _warned(headline: str, evidence: tuple[Evidence, ...]) -> Judgement:
    return Judgement(
        verdict=Verdict.WARN,
        headline=headline,
        evidence=evidence,
        remedy=Remedy(
            text="End what holds memory, give the container or the virtual machine more, or add "
            "swap; fewer data loader workers take less",
            commands=("ps aux --sort=-rss | head", "free -h"),
            verify="rigcheck check --only memory",
        ),
    )
