"""Asks one probe again, and judges the machine anew with its answer and all other old ones."""

from collections.abc import Iterator

import msgspec

from rigcheck.check import check
from rigcheck.check_events import CheckEvent, CheckFinished, ProbeFinished
from rigcheck.facts import Rig
from rigcheck.probes.probe import Probe, ProbeContext, ProbeOutcome
from rigcheck.probes.registry import PROBES
from rigcheck.rules.judge import judge


def recheck(
    context: ProbeContext,
    part: str,
    before: CheckFinished,
    probes: tuple[Probe, ...] = PROBES,
) -> Iterator[CheckEvent]:
    """Like `check`, for this part of the rig alone; what it yields is of the whole rig."""
    for event in check(context, parts=frozenset({part}), probes=probes):
        if isinstance(event, ProbeFinished):
            rig = _with(before.rig, part, event.rig)
            outcomes = _outcomes(before.probes, event.outcome)
            findings = judge(rig, frozenset(outcome.part for outcome in outcomes))
            before = CheckFinished(
                rig=rig, findings=findings, probes=outcomes, duration_s=before.duration_s
            )
            yield ProbeFinished(outcome=event.outcome, rig=rig, findings=findings)
        elif isinstance(event, CheckFinished):
            yield before
        else:
            yield event


def _with(rig: Rig, part: str, answered: Rig) -> Rig:
    return msgspec.structs.replace(rig, **{part: getattr(answered, part)})


def _outcomes(outcomes: tuple[ProbeOutcome, ...], newer: ProbeOutcome) -> tuple[ProbeOutcome, ...]:
    return (*(outcome for outcome in outcomes if outcome.part != newer.part), newer)
