"""A benchmark as text: each device, and what was measured on it beside its rate in memory."""

from collections.abc import Iterator, Sequence

from rigcheck.bench.crossover import crossover_sentences
from rigcheck.bench.result import (
    BenchRun,
    Data,
    DataKind,
    DeviceRun,
    Rate,
    SweepPoint,
    TierRun,
    Waits,
)
from rigcheck.report.layout import INDENT, Style, labelled, safe, wrapped
from rigcheck.report.watch_text import watch_sentences
from rigcheck.units import counted, duration_text, rate_text

_ENDED_BEFORE = "the run ended before"


def bench_lines(bench: BenchRun, style: Style) -> Iterator[str]:
    """A line a device, then the sentences people want."""
    data = next((run.data for run in bench.devices if run.data is not None), None)
    yield safe(f"LeNet{data_text(data)} · batch 100 · in memory", style)
    width = max((len(run.label) for run in bench.devices), default=0)
    for run in bench.devices:
        yield from wrapped(device_text(run), style, f"{run.label:<{width}}  ")
        for line in measured_texts(run):
            yield from wrapped(line, style, " " * (width + 2))
        if run.error:
            yield from labelled("why", run.error, style)
        if run.hint:
            yield from labelled("mend", run.hint, style)
    for speed_up in bench.speed_ups:
        sentence = f"{speed_up.sentence} ({speed_up.low:.3g}–{speed_up.high:.3g})"
        yield from wrapped(sentence, style, "", INDENT)
    for sentence in (*crossover_sentences(bench.devices), *watch_sentences(bench)):
        yield from wrapped(sentence, style, "", INDENT)


def device_text(run: DeviceRun) -> str:
    """Rate with its interval, epoch time, accuracy, and how it ended if not well."""
    pieces = [run.name]
    if run.rate is not None:
        pieces.append(interval_text(run.rate))
    if run.epoch_s is not None:
        pieces.append(f"{duration_text(run.epoch_s)} an epoch")
    if run.evaluation is not None:
        pieces.append(f"accuracy {run.evaluation.accuracy:.1%}")
    if run.device == "cpu" and run.threads:
        pieces.append(counted(run.threads, "thread"))
    if run.outcome.value != "done":
        pieces.append(f"{run.outcome.value} in {run.stage}")
    return " · ".join(pieces)


def data_text(data: Data | None) -> str:
    """Which data trained LeNet; empty where none is known."""
    if data is None:
        return ""
    where = "" if data.kind is DataKind.BUILT_IN_DIGITS else f" from {data.path}"
    return f" on {data.kind.value} ({data.train_images:,} images){where}"


def measured_texts(run: DeviceRun) -> Iterator[str]:
    """The other forms, then `further_texts`."""
    for tier in run.tiers:
        yield tier_text(tier)
    yield from further_texts(run)


def further_texts(run: DeviceRun) -> Iterator[str]:
    """Shares, sweeps, the bottleneck, and what could not be measured."""
    yield from _figures(run)
    if run.bottleneck is not None:
        yield f"{run.label}: {run.bottleneck.sentence}"
        if run.bottleneck.advice:
            yield f"  {run.bottleneck.advice}"
    for words in run.refused:
        yield f"not measured: {words}"


def _figures(run: DeviceRun) -> Iterator[str]:
    if not run.device.startswith("cpu") and not run.identity:
        yield "no meters: its utilization, power and temperature are not read"
    if run.ceiling_share is not None:
        share = run.ceiling_share
        yield (
            f"{share.share:.0%} of the {rate_text(share.limit_images_per_s)} images/s that its "
            f"arithmetic allows ({share.dtype})"
        )
    if run.waits is not None:
        yield _waits_text(run.waits)
    if run.energy is not None:
        energy = run.energy
        yield (
            f"{energy.images_per_j:.3g} images a joule, {energy.mean_power_w:.0f} W "
            f"({energy.source.value})"
        )
    if run.price is not None and run.rate is not None:
        yield f"{run.rate.images_per_s / run.price:.3g} images/s for each 1 of its price"
    if run.batch_sizes:
        yield f"by batch size  {_points(run.batch_sizes)}"
    if run.thread_counts:
        yield f"by threads  {_points(run.thread_counts)}"


def tier_text(run: TierRun) -> str:
    """Another form's rate, and what that is of the rate in memory; or why there is none."""
    pieces = [run.tier.value]
    if run.rate is not None:
        pieces.append(interval_text(run.rate))
    if run.of_in_memory is not None:
        pieces.append(f"{run.of_in_memory.ratio:.2g}× the speed in memory")
    if run.ceiling_share is not None:
        pieces.append(f"{run.ceiling_share.share:.0%} of its arithmetic")
    if run.how:
        pieces.append(run.how)
    if run.why_not or run.rate is None:
        pieces.append(f"not measured: {run.why_not or _ENDED_BEFORE}")
    return " · ".join(pieces)


def interval_text(rate: Rate) -> str:
    """`14.5 k images/s (14.1 k–15.2 k)`."""
    low, high = rate.low_images_per_s, rate.high_images_per_s
    return f"{rate_text(rate.images_per_s)} images/s ({rate_text(low)}–{rate_text(high)})"


def _waits_text(waits: Waits) -> str:
    """What the step as scripts write it costs beside its loader."""
    count = waits.as_written_a_step
    often = "" if count is None else f", waiting for the device {count:g} times a step"
    return (
        f"as written without its loader  {rate_text(waits.images_per_s)} images/s · "
        f"{waits.of_in_memory.ratio:.2g}× the speed in memory{often}"
    )


def _points(points: Sequence[SweepPoint]) -> str:
    return " · ".join(f"{point.value}: {rate_text(point.images_per_s)}" for point in points)
