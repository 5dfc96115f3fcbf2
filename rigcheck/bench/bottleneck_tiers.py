"""What holds training back by its nature: the data loader, launches, operators, arithmetic."""

from rigcheck.bench.bottleneck_grounds import (
    Grounds,
    is_far_below,
    named,
    told_rate,
    without_loader,
)
from rigcheck.bench.conclusions import Bottleneck, BottleneckKind
from rigcheck.units import counted

_NEAR = 0.5
"""From this share of the ceiling on, the arithmetic itself is what takes the time."""
_ACTIVE_PERCENT = 50.0
_LIGHT_SHARE, _LIGHT_POWER = 0.05, 0.5


def input_pipeline(g: Grounds) -> Bottleneck | None:
    """The tier that reads as scripts do far below the one with its data in memory."""
    if not is_far_below(g.as_written, g.in_memory):
        return None
    return named(
        g,
        BottleneckKind.INPUT_PIPELINE,
        f"the data loader holds it back: {told_rate(g.as_written)} as written, "
        f"{told_rate(g.in_memory)} with the data in memory",
        *_without_loader(g),
        *_crowd(g),
        advice="Keep the data on the device as one tensor, or decode it once and for all; more "
        "workers help as long as there are cores for them",
    )


def _without_loader(g: Grounds) -> tuple[tuple[str, str], ...]:
    """What is not the loader's part of it."""
    if g.waiting is None:
        return ()
    what = f"as written, on batches that lie ready: {told_rate(without_loader(g))}"
    return ((what, "benchmark"),)


def _crowd(g: Grounds) -> tuple[tuple[str, str], ...]:
    if g.workers is None or g.cores is None:
        return ()
    threads = "" if g.threads is None else f" and {counted(g.threads, 'thread')}"
    what = f"{g.workers} loader processes{threads} on {counted(g.cores, 'core')}"
    return ((what, "benchmark"),)


def launches(g: Grounds) -> Bottleneck | None:
    """A GPU's in-memory tier far below the one that is launched as one; else by its meters."""
    rates = held_back_by_host(g)
    if not rates:
        return None
    is_known = g.waits_in_memory is not None
    waits = (
        "" if is_known else "; take out what waits for the device in each step (`.item()`, prints)"
    )
    return named(
        g,
        BottleneckKind.LAUNCHES,
        f"{_waiting(g)}: {rates}",
        *_meters(g),
        advice=f"Larger batches, a captured CUDA graph, or `torch.compile`{waits}",
    )


def held_back_by_host(g: Grounds) -> str:
    """What shows that a GPU in its in-memory tier waits for the host; empty where nothing does."""
    if g.device == "cpu":
        return ""
    if is_far_below(g.in_memory, g.peak):
        return f"{told_rate(g.in_memory)} launch by launch, {told_rate(g.peak)} as one graph"
    if g.peak is None and _works_lightly(g):
        return f"{told_rate(g.in_memory)}, {g.share_of_ceiling:.1%} of what its arithmetic allows"
    return ""


def _works_lightly(g: Grounds) -> bool:
    """Without the graph: hardly any arithmetic, and little power, in whatever time."""
    if g.share_of_ceiling is None or g.power_share is None or g.in_memory is None:
        return False
    return g.share_of_ceiling < _LIGHT_SHARE and g.power_share < _LIGHT_POWER


def _waiting(g: Grounds) -> str:
    busy = g.utilization_percent
    if busy is None or busy >= _ACTIVE_PERCENT:
        return "the host's launches hold it back, each kernel being over before the next is there"
    why = "launching too slowly"
    if g.waits_in_memory is None:
        why += " or waiting for results in each step"
    return f"the host leaves it idle {100 - busy:.0f} % of the time, {why}"


def operators(g: Grounds) -> Bottleneck | None:
    """A CPU's in-memory tier far below the one that is one matrix product a layer."""
    if g.device != "cpu" or not is_far_below(g.in_memory, g.peak):
        return None
    return named(
        g,
        BottleneckKind.OPERATORS,
        f"torch's own operators hold it back: {told_rate(g.in_memory)} with them, "
        f"{told_rate(g.peak)} with convolution and pooling folded into one matrix product",
        *_ceiling(g),
        advice="Small convolutions and pooling are what torch is slowest at on a CPU; "
        "channels_last gives a tenth more",
    )


def arithmetic(g: Grounds) -> Bottleneck | None:
    """Near a ceiling: the matrix product's, or the memory's."""
    is_memory = (g.memory_share or 0.0) > (g.share_of_ceiling or 0.0)
    share = g.memory_share if is_memory else g.share_of_ceiling
    if share is None or share < _NEAR:
        return None
    what = "memory's bandwidth" if is_memory else "the arithmetic"
    return named(
        g,
        BottleneckKind.ARITHMETIC,
        f"{what} itself is the limit: training uses {share:.0%} of what the device was measured to "
        "do",
        *_ceiling(g),
    )


def _meters(g: Grounds) -> tuple[tuple[str, str], ...]:
    told = []
    if g.utilization_percent is not None:
        told.append((f"time with a kernel running: {g.utilization_percent:.0f} %", "NVML"))
    if g.power_share is not None:
        told.append((f"power: {g.power_share:.0%} of its limit", "NVML"))
    if g.launch_s is not None:
        told.append((f"one launch: {g.launch_s * 1e6:.1f} µs", "measured with torch"))
    if g.waits_in_memory is not None:
        told.append((f"calls that wait for the device: {g.waits_in_memory:g} a step", "torch"))
    return tuple(told)


def _ceiling(g: Grounds) -> tuple[tuple[str, str], ...]:
    told = []
    if g.share_of_ceiling is not None:
        told.append((f"of the matrix product's rate: {g.share_of_ceiling:.0%}", "benchmark"))
    if g.memory_share is not None:
        told.append((f"of the copy's rate: {g.memory_share:.0%}", "benchmark"))
    return tuple(told)
