"""What is said of the chosen device between its line and the plots; knows no Textual."""

from collections.abc import Iterator

from rigcheck.bench.result import DeviceRun, Outcome, SpeedUp
from rigcheck.bench.tier import Tier
from rigcheck.report.bench_text import tier_text
from rigcheck.tui.bench_model import BenchModel
from rigcheck.tui.device_progress import DeviceProgress
from rigcheck.units import duration_text, rate_text


def result_text(model: BenchModel, device: str) -> str:
    """The sentence people want, for this device where there is one; empty until known."""
    speed_ups = {s.device: s for s in model.speed_ups if s.tier is Tier.IN_MEMORY}
    if device in speed_ups:
        return _speed_up_text(speed_ups[device])
    if speed_ups:
        return _speed_up_text(max(speed_ups.values(), key=lambda s: s.ratio))
    run = model.devices[device].run if device in model.devices else None
    return _alone_text(run) if run else ""


def form_texts(model: BenchModel, device: str) -> Iterator[str]:
    """A line for each form but the in-memory one: its rate, and what it is compared with."""
    progress = model.devices[device]
    for tier in model.plan.tiers:
        if tier is not Tier.IN_MEMORY:
            run = progress.form_run(tier)
            text = _so_far(progress, tier) if run is None else tier_text(run)
            yield text + _speed_up(model, device, tier)


def bottleneck_text(run: DeviceRun | None) -> str:
    """What holds the device back, in a sentence; empty where that is not known."""
    if run is None or run.bottleneck is None:
        return ""
    return f"{run.label}: {run.bottleneck.sentence}"


def why_texts(run: DeviceRun | None) -> Iterator[tuple[str, str]]:
    """The sentence, what it rests on, and what to do about it; each with a word before it."""
    if run is None:
        yield "why", "what holds a device back is known once all are through"
    elif run.bottleneck is None:
        yield "why", f"what holds {run.label} back could not be told"
    else:
        yield "why", bottleneck_text(run)
        yield from (("seen", f"{e.text}  {e.source}") for e in run.bottleneck.evidence)
        if run.bottleneck.advice:
            yield "mend", run.bottleneck.advice


def _so_far(progress: DeviceProgress, tier: Tier) -> str:
    rate, ratio = progress.images_per_s_in(tier), progress.of_in_memory(tier)
    if rate is None:
        ended = "not measured" if progress.run is not None else "no turn yet"
        return f"{tier.value} · {ended}"
    text = f"{tier.value} · {rate_text(rate)} images/s so far"
    return text if ratio is None else f"{text} · about {ratio:.2g}× the speed in memory"


def _speed_up(model: BenchModel, device: str, tier: Tier) -> str:
    known = (s for s in model.speed_ups if (s.device, s.tier) == (device, tier))
    return next((f" · {s.ratio:.2g}× the CPU's" for s in known), "")


def _speed_up_text(speed_up: SpeedUp) -> str:
    return f"{speed_up.sentence} ({speed_up.low:.3g}–{speed_up.high:.3g})"


def _alone_text(run: DeviceRun) -> str:
    if run.rate is None or run.outcome is not Outcome.DONE:
        return ""
    epoch = f", an epoch in {duration_text(run.epoch_s)}" if run.epoch_s is not None else ""
    return f"{run.label} trains LeNet at {rate_text(run.rate.images_per_s)} images/s{epoch}"
