"""Whether it is the waiting for the device in each step that holds training back."""

from rigcheck.bench.bottleneck_grounds import (
    Grounds,
    is_far_below,
    named,
    told_rate,
    without_loader,
)
from rigcheck.bench.bottleneck_tiers import held_back_by_host
from rigcheck.bench.conclusions import Bottleneck, BottleneckKind

_COSTLY = 0.9
"""The waits cost something where they leave at most this share of the speed, interval counted."""
_IN_EACH_STEP = 1.0


def waits_as_written(g: Grounds) -> Bottleneck | None:
    """The tier as scripts write it far below the in-memory one, and less by its loader.

    The loader works while the device does, so its part is what the tier loses beyond the same
    steps on batches that lie ready.
    """
    if g.device == "cpu" or g.waiting is None or g.waiting.high > _COSTLY:
        return None
    ready = without_loader(g)
    if g.as_written is None or ready is None or not is_far_below(g.as_written, g.in_memory):
        return None
    by_loader = ready.images_per_s / g.as_written.images_per_s
    if by_loader * g.waiting.ratio >= 1:
        return None
    return named(
        g,
        BottleneckKind.SYNCS,
        f"as written, each step waits for the device{_times(g.waits_as_written)}: "
        f"{told_rate(ready)} even on batches that lie ready, {told_rate(g.in_memory)} without the "
        "waits",
        (f"the waits make a step {1 / g.waiting.ratio:.1f}× as long", "benchmark"),
        (f"the loader makes it {max(1.0, by_loader):.1f}× as long on top of that", "benchmark"),
        advice="Keep loss and counts on the device and read them every some hundred steps; have "
        "batches copied from pinned memory (`pin_memory=True`, `non_blocking=True`)",
    )


def waits_in_memory(g: Grounds) -> Bottleneck | None:
    """Steps that need nothing of the host and yet wait: something in this torch asks for it."""
    waits = g.waits_in_memory
    if g.device == "cpu" or waits is None or waits < _IN_EACH_STEP:
        return None
    rates = held_back_by_host(g)
    if not rates:
        return None
    return named(
        g,
        BottleneckKind.SYNCS,
        f"each step waits for the device{_times(waits)}, with all data on it: {rates}",
        (f"calls that wait for the device: {waits:g} a step in memory", "torch"),
        advice="Look for what asks the device for a number in each step: hooks, anomaly detection, "
        "profilers, a changed torch",
    )


def _times(waits: float | None) -> str:
    if waits is None:
        return ""
    return " once" if waits == 1 else f" {waits:g} times"
