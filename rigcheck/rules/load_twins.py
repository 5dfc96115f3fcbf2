"""GPUs of one model under the same load: does one of them train slower, or clock lower?"""

from collections.abc import Iterator, Sequence
from statistics import median

import msgspec

from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.rules.evidence import passed
from rigcheck.rules.rule import Judgement
from rigcheck.rules.watched import SOURCE

_SLOW = 0.9
_LOW_CLOCK = 0.9


class Trained(msgspec.Struct, frozen=True, kw_only=True):
    """How one of several GPUs of a model trained."""

    subject: str
    images_per_s: float
    high_images_per_s: float
    """The end of its interval: it is no slower than this by chance."""
    sm_clock_max_mhz: float | None


def judge_twins(twins: Sequence[Trained]) -> Iterator[Judgement]:
    """Each against the median of the others: slower beyond chance, or clocked lower.

    One model's cards differ by some percent from one to the next; a tenth is more than that.
    """
    for one in twins:
        others = [other for other in twins if other is not one]
        if others:
            yield _judge_one(one, others)


def _judge_one(one: Trained, others: Sequence[Trained]) -> Judgement:
    usual = median(other.images_per_s for other in others)
    clocks = [c for other in others if (c := other.sm_clock_max_mhz) is not None]
    evidence = _evidence(one, usual, clocks)
    if one.high_images_per_s < usual * _SLOW:
        share = one.images_per_s / usual
        return _odd(one, f"trains at {share:.0%} of the speed of its twins", evidence)
    clock = one.sm_clock_max_mhz
    if clock is not None and clocks and clock < median(clocks) * _LOW_CLOCK:
        what = f"clocks at {clock:.0f} MHz under load, its twins at {median(clocks):.0f}"
        return _odd(one, what, evidence)
    return passed("trains as its twins do", *evidence, subject=one.subject)


def _evidence(one: Trained, usual: float, clocks: Sequence[float]) -> tuple[Evidence, ...]:
    rate = f"{one.images_per_s:.0f} images/s, twins' median {usual:.0f}"
    clock = one.sm_clock_max_mhz
    if clock is None or not clocks:
        return (Evidence(rate, "benchmark"),)
    told = f"highest clock under load: {clock:.0f} MHz, twins' median {median(clocks):.0f}"
    return (Evidence(rate, "benchmark"), Evidence(told, SOURCE))


def _odd(one: Trained, what: str, evidence: tuple[Evidence, ...]) -> Judgement:
    return Judgement(
        verdict=Verdict.WARN,
        headline=f"{one.subject} {what}",
        evidence=evidence,
        remedy=Remedy(
            text="See what holds it back: heat, its power limit, its slot, somebody else's work "
            "on it. Swap it with a twin: what stays with the card is the card's",
            commands=("nvidia-smi -q -d PERFORMANCE,TEMPERATURE,POWER,CLOCK",),
            verify="rigcheck bench --device gpu",
        ),
        subject=one.subject,
    )
