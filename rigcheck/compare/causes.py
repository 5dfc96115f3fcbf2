"""Why a device's speed changed: a rule a cause, each a pure function of the two conditions.

What was seen on the device itself comes before what was only installed: a link that lost its lanes
explains a slow GPU whatever the driver is.
"""

from collections.abc import Callable, Iterator

from rigcheck.compare.comparison import Cause
from rigcheck.compare.conditions import Conditions
from rigcheck.compare.contrast import Contrast, cause_of, is_fewer, is_lower
from rigcheck.findings import Evidence

_MORE_HELD = 0.25
"""So much more of the time under load."""
_MORE_CORES = 0.25
"""Where torch's threads wait for each other, a quarter of a core costs far more than its share."""
_FASTEST_GOVERNOR = "performance"
_NARROW_FIRST = ("DEFAULT", "AVX2", "AVX512")
"""What torch's CPU kernels dispatch to."""


Rule = Callable[[Contrast], Iterator[Cause]]


def likely_causes(contrast: Contrast) -> tuple[Cause, ...]:
    """What explains it, the likeliest first; empty where nothing that is known has changed."""
    return tuple(cause for rule in RULES for cause in rule(contrast))


def narrower_link(c: Contrast) -> Iterator[Cause]:
    """Fewer lanes, or a lower generation, than the faster run had."""
    if is_fewer(c.worse.link_width, c.better.link_width):
        words = f"its link is now x{c.after.link_width}"
    elif is_fewer(c.worse.link_generation, c.better.link_generation):
        words = f"its link is now PCIe {c.after.link_generation}"
    else:
        return
    yield cause_of(words, f"link under load: {_link(c.before)} → {_link(c.after)}")


def held_clocks(c: Contrast) -> Iterator[Cause]:
    """Heat, a power brake or a cap held its clocks down in the slower run."""
    worse, better = c.worse, c.better
    if not worse.held_by or worse.held_share - better.held_share < _MORE_HELD:
        return
    told = f"{worse.held_by} in {worse.held_share:.0%} of the samples under load"
    evidence = f"{told}; in the other run {better.held_share:.0%}"
    if c.is_slower:
        yield cause_of(f"its clocks are now held down by {worse.held_by}", evidence)
    else:
        yield cause_of(f"its clocks are no longer held down by {worse.held_by}", evidence)


def power_limit(c: Contrast) -> Iterator[Cause]:
    """A lower limit in force."""
    if is_lower(c.worse.power_limit_w, c.better.power_limit_w):
        yield cause_of(
            f"its power limit is now {c.after.power_limit_w:.0f} W",
            f"power limit in force: {c.before.power_limit_w:.0f} → {c.after.power_limit_w:.0f} W",
        )


def lower_clock(c: Contrast) -> Iterator[Cause]:
    """Lower clocks under load, for whatever reason."""
    if is_lower(c.worse.clock_mhz, c.better.clock_mhz):
        yield cause_of(
            f"it now clocks at {c.after.clock_mhz:.0f} MHz",
            f"highest clock under load: {c.before.clock_mhz:.0f} → {c.after.clock_mhz:.0f} MHz",
        )


def gpu_modes(c: Contrast) -> Iterator[Cause]:
    """ECC takes bandwidth, MIG cuts the card into slices."""
    for name, field in (("ECC", "ecc_enabled"), ("MIG", "mig_enabled")):
        before, after = getattr(c.before, field), getattr(c.after, field)
        if getattr(c.worse, field) is True and getattr(c.better, field) is False:
            words = f"{name} is now {_on(after)}"
            yield cause_of(words, f"{name}: {_on(before)} → {_on(after)}")


def other_programs(c: Contrast) -> Iterator[Cause]:
    """Somebody else's work on the same device or the same cores."""
    worse, better = c.worse, c.better
    if (worse.other_gpu_programs or 0) > (better.other_gpu_programs or 0):
        yield cause_of(
            f"{c.after.other_gpu_programs or 0} other programs compute on it now",
            f"other programs on it: {c.before.other_gpu_programs} → {c.after.other_gpu_programs}",
        )
    if worse.others_cores is None or better.others_cores is None:
        return
    if worse.others_cores - better.others_cores >= _MORE_CORES:
        yield cause_of(
            f"other programs now take {c.after.others_cores:.1f} cores",
            f"cores of others, median: {c.before.others_cores:.1f} → {c.after.others_cores:.1f}",
        )


def threads(c: Contrast) -> Iterator[Cause]:
    """Fewer of them, or more than there are CPUs."""
    worse, better = c.worse.threads, c.better.threads
    is_over = worse is not None and worse > (c.worse.usable_threads or worse)
    if is_fewer(worse, better) or (is_over and better is not None and worse != better):
        yield cause_of(
            f"it now trains on {c.after.threads} thread{'s' * (c.after.threads != 1)}",
            f"threads: {c.before.threads} → {c.after.threads}",
        )


def fewer_cpus(c: Contrast) -> Iterator[Cause]:
    """CPUs that the process may run on, or CPU time."""
    if is_fewer(c.worse.usable_threads, c.better.usable_threads):
        yield cause_of(
            f"it may now use {c.after.usable_threads} CPUs",
            f"usable CPUs: {c.before.usable_threads} → {c.after.usable_threads}",
        )
    # No quota is more than any.
    worse, better = c.worse.quota_cpus, c.better.quota_cpus
    if worse is not None and (better is None or is_lower(worse, better)):
        before, after = _quota(c.before.quota_cpus), _quota(c.after.quota_cpus)
        yield cause_of(f"its CPU quota is now {after}", f"CPU quota: {before} → {after}")


def governor(c: Contrast) -> Iterator[Cause]:
    """`powersave` in place of `performance`, and the like."""
    before, after = c.before.governor, c.after.governor
    if before and after and before != after and c.worse.governor != _FASTEST_GOVERNOR:
        yield cause_of(f"the governor is now {after}", f"governor: {before} → {after}")


def cpu_kernels(c: Contrast) -> Iterator[Cause]:
    """Narrower instructions in torch's own kernels."""
    before, after = c.before.cpu_kernels, c.after.cpu_kernels
    if before and after and _width(c.worse.cpu_kernels) < _width(c.better.cpu_kernels):
        words = f"torch's kernels now use {after}"
        yield cause_of(words, f"torch's CPU kernels: {before} → {after}")


def software(c: Contrast) -> Iterator[Cause]:
    """What was installed in between, as far as it computes on this device."""
    names = ("torch", "cudnn", "driver", "kernel", "python")
    spelled = {"cudnn": "cuDNN", "kernel": "kernel"}
    changed = [
        (spelled.get(name, name), getattr(c.before, name), getattr(c.after, name))
        for name in names
        if getattr(c.before, name) and getattr(c.after, name)
        if getattr(c.before, name) != getattr(c.after, name)
    ]
    if not changed:
        return
    evidence = tuple(Evidence(f"{name}: {a} → {b}", "report") for name, a, b in changed)
    # torch brings its cuDNN: one update, not two.
    own = [name for name, _, _ in changed if name != "cuDNN"] or ["cuDNN"]
    the = [name if name in ("torch", "cuDNN") else f"the {name}" for name in own]
    if len(the) == 1:
        yield Cause(words=f"likely {the[0]}", evidence=evidence)
    else:
        words = f"{', '.join(the[:-1])} and {the[-1]} changed, and going back with one tells which"
        yield Cause(words=words, evidence=evidence)


RULES: tuple[Rule, ...] = (
    narrower_link,
    held_clocks,
    power_limit,
    gpu_modes,
    lower_clock,
    other_programs,
    threads,
    fewer_cpus,
    governor,
    cpu_kernels,
    software,
)


def _link(conditions: Conditions) -> str:
    generation = conditions.link_generation
    return f"{f'PCIe {generation} ' if generation else ''}x{conditions.link_width}"


def _width(kernels: str | None) -> int:
    return _NARROW_FIRST.index(kernels) if kernels in _NARROW_FIRST else 0


def _on(value: bool | None) -> str:
    return "on" if value else "off"


def _quota(cpus: float | None) -> str:
    return "none" if cpus is None else f"{cpus:g} CPUs"
