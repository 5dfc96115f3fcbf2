"""What was measured on a device beside its rate in memory, a line each."""

from collections.abc import Iterator, Sequence

from rigcheck.bench.result import DeviceRun, Rate, SweepPoint, TierRun, Waits
from rigcheck.units import rate_text


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
    if run.why_not:
        pieces.append(f"not measured: {run.why_not}")
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
