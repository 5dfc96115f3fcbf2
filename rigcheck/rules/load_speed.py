"""What a GPU reached against what its model is sold with, and what telemetry says of the reason.

A data sheet is nobody's promise. Healthy cards reach 51 to 87 % of its figure in 16-bit products
(A100 SXM 271 of 312 TFLOP/s, H100 795 of 989, MI300X 668 of 1300: stas00/ml-engineering, mamf;
A100 PCIe 158 of 312: NVIDIA/cutlass#956), a T4 on its 70 W only 37 % (24 of 65, "expected":
NVIDIA's forum, topic 264462), and some 90 % in copies, less where ECC takes its part. So a card is
told of where nothing healthy is that slow, or where it is slower than most and telemetry knows why.
"""

from collections.abc import Sequence

import msgspec

from rigcheck.facts import GpuProcess, ProcessKind, value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.rules.evidence import passed, skipped
from rigcheck.rules.rule import Judgement
from rigcheck.rules.under_load import judgements
from rigcheck.rules.watched import SOURCE, Watched

_WRONG = (Verdict.WARN, Verdict.FAIL)
_SLOWING = ("power-brake", "thermal-throttle", "power-or-clock-capped", "xid-errors")
"""Rules of load whose bad states make a card compute more slowly."""
_LOW_CLOCK = 0.5


class Reached(msgspec.Struct, frozen=True, kw_only=True):
    """One measured ceiling beside the published figure."""

    what: str
    """`float32 products`."""
    share: float
    """Of the published figure."""
    healthy_share: float
    """No healthy card is below."""
    usual_share: float
    """Most are above."""
    evidence: tuple[Evidence, ...]


class _Reason(msgspec.Struct, frozen=True, kw_only=True):
    text: str
    id: str = ""
    """Of the finding that says more; empty where none does."""


def judge_speed(reached: Sequence[Reached], seen: Watched | None) -> Judgement:
    """Products and copies against the published figures.

    Args:
        reached: what was measured, where something is published of this model.
        seen: the GPU's telemetry of that time; None without.
    """
    if not reached:
        return skipped("no published figures of this model are known, or nothing was measured")
    reasons = _reasons(seen) if seen is not None else ()
    slow = [one for one in reached if one.share < one.healthy_share]
    if not slow and reasons:
        slow = [one for one in reached if one.share < one.usual_share]
    evidence = (
        *(text for one in reached for text in one.evidence),
        *(Evidence(reason.text, SOURCE) for reason in reasons),
        *_ecc(seen),
    )
    if not slow:
        best = ", ".join(f"{one.what} {one.share:.0%}" for one in reached)
        return passed(f"it reaches what cards of its model do: {best}", *evidence)
    return _too_slow(min(slow, key=lambda one: one.share), reasons, seen, evidence)


def _too_slow(
    worst: Reached,
    reasons: tuple[_Reason, ...],
    seen: Watched | None,
    evidence: tuple[Evidence, ...],
) -> Judgement:
    why = f": {reasons[0].text}" if reasons else ""
    return Judgement(
        verdict=Verdict.WARN,
        headline=f"{worst.what} reach {worst.share:.0%} of what this model is sold with{why}",
        evidence=evidence,
        remedy=Remedy(
            text="Mend what holds it back"
            if reasons
            else "See whether another program computes on it, what holds its clocks and its power "
            "limit, and whether the card is what its name says",
            commands=(f"nvidia-smi{_chosen(seen)} -q -d CLOCK,PERFORMANCE,POWER", "nvidia-smi"),
            verify="rigcheck bench --full",
        ),
        follows=tuple(reason.id for reason in reasons if reason.id),
    )


def _chosen(seen: Watched | None) -> str:
    return "" if seen is None else f" -i {seen.gpu.index}"


def _reasons(seen: Watched) -> tuple[_Reason, ...]:
    """Why it may be slow, the surest first."""
    held = [
        _Reason(text=judgement.headline, id=rule.id)
        for rule, judgement in judgements(seen)
        if rule.id in _SLOWING and judgement.verdict in _WRONG
    ]
    return (*held, *_others(seen), *_slow_clock(seen))


def _others(seen: Watched) -> tuple[_Reason, ...]:
    """Programs that computed on it when the check looked; a desktop draws, and does no harm."""
    processes = value_of(seen.gpu.processes) or ()
    others = [p for p in processes if p.kind is ProcessKind.COMPUTE]
    if not others:
        return ()
    names = ", ".join(_name(process) for process in others)
    return (_Reason(text=f"another program has the GPU, too: {names}"),)


def _name(process: GpuProcess) -> str:
    name: str | None = value_of(process.name)
    return f"{name or 'a program'} ({process.pid})"


def _slow_clock(seen: Watched) -> tuple[_Reason, ...]:
    clock, fastest = seen.changes.sm_clock_max_mhz, value_of(seen.gpu.sm_clock_max_mhz)
    if clock is None or fastest is None or clock >= fastest * _LOW_CLOCK:
        return ()
    return (_Reason(text=f"its clock stayed at {clock:.0f} of {fastest} MHz"),)


def _ecc(seen: Watched | None) -> tuple[Evidence, ...]:
    if seen is None or value_of(seen.gpu.ecc_enabled) is not True:
        return ()
    return (Evidence("ECC is on and takes part of the bandwidth", seen.gpu.ecc_enabled.source),)
