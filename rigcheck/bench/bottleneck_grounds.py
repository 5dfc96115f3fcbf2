"""What is known of a device's training, and how what is said of it is put together."""

import dataclasses

import msgspec

from rigcheck.bench.conclusions import Bottleneck, BottleneckKind
from rigcheck.bench.result import Rate, Ratio
from rigcheck.findings import Evidence
from rigcheck.units import rate_text

_FAR = 0.6
"""One rate is far below another where it is at most this share of it, intervals counted."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Grounds:
    """What is known of one device's training. None: it was not measured, or nobody tells."""

    device: str
    """As torch names it."""
    as_written: Rate | None = None
    in_memory: Rate | None = None
    peak: Rate | None = None
    share_of_ceiling: float | None = None
    """Of the fastest tier's rate, of what the matrix product allows, 0 to 1."""
    memory_share: float | None = None
    """Of the copy's rate that the fastest tier moves, where it is known."""
    utilization_percent: float | None = None
    """GPU: time with a kernel running in the in-memory tier, mean."""
    power_share: float | None = None
    """GPU: mean power in the in-memory tier, of the limit in force."""
    held_by: str = ""
    """GPU: the reason, beyond those of a healthy card, for which its clocks were low; the one seen
    most. Empty without."""
    held_share: float | None = None
    """GPU: of the samples under load, in which part that reason was told."""
    held_since_s: float | None = None
    """GPU: seconds since the run's start at which it was first told."""
    clock_mhz: float | None = None
    """GPU: of its multiprocessors, the highest under load."""
    clock_max_mhz: float | None = None
    """GPU: the highest that it offers."""
    other_gpu_programs: int | None = None
    """GPU: other programs that compute on it."""
    utilization_before_percent: float | None = None
    """GPU: time with a kernel running before ours was started."""
    others_cpus: float | None = None
    """CPUs' worth of time that other programs took while it trained."""
    threads: int | None = None
    """CPU threads of the mathematics."""
    cores: int | None = None
    """Physical cores that may be used."""
    cpus: int | None = None
    """Logical CPUs that may be used."""
    quota_cpus: float | None = None
    """CPU time that the control group grants, in CPUs; None without a limit too."""
    workers: int | None = None
    """Processes of the as-written tier's data loader."""
    page_faults_a_step: float | None = None
    """Minor ones, of the in-memory tier."""
    launch_s: float | None = None
    """GPU: what one launch costs the host."""
    waiting: Ratio | None = None
    """GPU: the speed of the as-written tier's step on batches that lie ready, as a multiple of the
    in-memory one's."""
    waits_as_written: float | None = None
    """GPU: calls of that step that wait for the device."""
    waits_in_memory: float | None = None
    """GPU: calls of the in-memory tier's step that wait for the device."""


def named(
    g: Grounds, kind: BottleneckKind, sentence: str, *told: tuple[str, str], advice: str = ""
) -> Bottleneck:
    """What was found, with its own evidence and the rates."""
    own = tuple(Evidence(text, source) for text, source in told)
    return Bottleneck(
        device=g.device,
        kind=kind,
        sentence=sentence,
        evidence=(*own, *evidence_of(g)),
        advice=advice,
    )


def evidence_of(g: Grounds) -> tuple[Evidence, ...]:
    """The rates, whatever was found: they are what the sentence is about."""
    tiers = {"as written": g.as_written, "in memory": g.in_memory, "peak": g.peak}
    return tuple(
        Evidence(
            f"{name}: {told_rate(rate)} ({rate_text(rate.low_images_per_s)} to "
            f"{rate_text(rate.high_images_per_s)})",
            "benchmark",
        )
        for name, rate in tiers.items()
        if rate is not None
    )


def without_loader(g: Grounds) -> Rate | None:
    """What the as-written tier could train on if its loader took no time.

    The in-memory tier's rate, less what the waits cost where that was measured.
    """
    if g.in_memory is None or g.waiting is None:
        return g.in_memory
    return msgspec.structs.replace(
        g.in_memory,
        images_per_s=g.in_memory.images_per_s * g.waiting.ratio,
        low_images_per_s=g.in_memory.low_images_per_s * g.waiting.low,
        high_images_per_s=g.in_memory.high_images_per_s * g.waiting.high,
        best_images_per_s=g.in_memory.best_images_per_s * g.waiting.ratio,
    )


def is_far_below(slow: Rate | None, fast: Rate | None) -> bool:
    """Beyond what the two intervals leave to chance."""
    if slow is None or fast is None:
        return False
    return slow.high_images_per_s <= fast.low_images_per_s * _FAR


def told_rate(rate: Rate | None) -> str:
    """`15.9 k images/s`."""
    return "not measured" if rate is None else f"{rate_text(rate.images_per_s)} images/s"
