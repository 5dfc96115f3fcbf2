"""`slower-than-before`: a device against its own earlier runs."""

from collections.abc import Iterator, Sequence

from rigcheck.bench.result import Before, DeviceRun, Rate
from rigcheck.bench.tier import Tier
from rigcheck.findings import Evidence, Finding, Remedy, Verdict
from rigcheck.units import rate_text

_GPU_LOSS, _CPU_LOSS = 0.05, 0.1
"""Between the nearer ends of the two intervals. Two runs of a healthy machine differ by more than
each one's own interval: a GPU's by its heat, a CPU's by what else the machine does."""
_ENOUGH_BLOCKS = 5
_WIDEST = 0.1
"""Half-width of an interval, as a share of the rate, up to which the rate means something."""
_GPU_LINK = "https://docs.nvidia.com/deploy/nvml-api/group__nvmlClocksEventReasons.html"
_CPU_LINK = "https://pytorch.org/docs/stable/notes/cpu_threading_torchscript_inference.html"


def judge_before(run: DeviceRun, others: Sequence[Finding]) -> Iterator[Finding]:
    """One finding a device that has been measured before, of the form that lost the most.

    Args:
        run: with what it is compared with.
        others: what else this run has found; what is wrong with the same device is the cause.
    """
    compared = [(before, rate) for before in run.before if (rate := _rate_in(run, before.tier))]
    if not compared:
        return
    before, rate = min(compared, key=lambda pair: pair[1].images_per_s / pair[0].rate.images_per_s)
    if is_loss(before.rate, rate, is_cpu=run.device == "cpu"):
        yield _slower(run, before, rate, others)
    else:
        yield _finding(run, before, rate, "trains LeNet as fast as before")


def is_loss(before: Rate, after: Rate, *, is_cpu: bool) -> bool:
    """True where the loss is greater than chance and the ways of a healthy machine explain."""
    least = 1 - (_CPU_LOSS if is_cpu else _GPU_LOSS)
    return after.high_images_per_s < before.low_images_per_s * least


def is_steady(rate: Rate) -> bool:
    """True where a rate means enough for later runs to be held against it."""
    half_width = (rate.high_images_per_s - rate.low_images_per_s) / 2
    return rate.blocks >= _ENOUGH_BLOCKS and half_width <= _WIDEST * rate.images_per_s


def _rate_in(run: DeviceRun, tier: Tier) -> Rate | None:
    rates = {Tier.IN_MEMORY: run.rate, **{other.tier: other.rate for other in run.tiers}}
    return rates.get(tier)


def _slower(run: DeviceRun, before: Before, rate: Rate, others: Sequence[Finding]) -> Finding:
    wrong = (Verdict.FAIL, Verdict.WARN)
    causes = (f.id for f in others if f.subject == run.label and f.verdict in wrong)
    share = 1 - rate.images_per_s / before.rate.images_per_s
    return _finding(
        run,
        before,
        rate,
        f"trains LeNet {share:.0%} slower than on {before.created_at[:10]}",
        caused_by=next(causes, None),
        remedy=Remedy(
            text="See what changed in between. If it is meant to be so, remove the faster run, "
            "and it is no longer compared with",
            commands=(f"rigcheck compare {before.run} last", f"rigcheck rm {before.run}"),
            verify="rigcheck bench",
        ),
    )


def _finding(
    run: DeviceRun,
    before: Before,
    rate: Rate,
    what: str,
    *,
    remedy: Remedy | None = None,
    caused_by: str | None = None,
) -> Finding:
    """A warning where there is a remedy."""
    is_slower = remedy is not None
    cause = before.sentence.rpartition(": ")[2] if is_slower else ""
    told = [
        Evidence(f"now: {_rate_text(rate)}, {before.tier.value}", "benchmark"),
        Evidence(f"run {before.run} of {before.created_at}: {_rate_text(before.rate)}", "history"),
    ]
    if before.sentence and is_slower:
        told += [Evidence(before.sentence, "history"), *before.evidence]
    return Finding(
        id="slower-than-before",
        verdict=Verdict.WARN if is_slower else Verdict.PASS,
        headline=f"{run.label} {what}{f': {cause}' if cause else ''}",
        group="benchmark",
        subject=run.label,
        evidence=tuple(told),
        remedy=remedy,
        link=_CPU_LINK if run.device == "cpu" else _GPU_LINK,
        caused_by=caused_by,
    )


def _rate_text(rate: Rate) -> str:
    low, high = rate_text(rate.low_images_per_s), rate_text(rate.high_images_per_s)
    return f"{rate_text(rate.images_per_s)} images/s ({low} to {high})"
