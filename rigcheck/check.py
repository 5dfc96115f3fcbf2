"""Checks a machine: probes side by side, rules as soon as their facts are there.

`check` is a generator of events, so that text, JSON and TUI show the same run; it ends with
`CheckFinished`. It needs no event loop; drive it from a thread where there is one.
"""

import queue
import threading
import time
from collections.abc import Iterator, Sequence

import msgspec

from rigcheck.check_events import CheckEvent, CheckFinished, ProbeFinished, ProbeStarted
from rigcheck.facts import Part, Rig
from rigcheck.findings import Finding
from rigcheck.probes.probe import Probe, ProbeContext, ProbeOutcome, failed_part
from rigcheck.probes.registry import PROBES
from rigcheck.rules.judge import judge

__all__ = ["CheckEvent", "CheckFinished", "ProbeFinished", "ProbeStarted", "check"]


def check(
    context: ProbeContext,
    *,
    parts: frozenset[str] | None = None,
    probes: tuple[Probe, ...] = PROBES,
) -> Iterator[CheckEvent]:
    """Runs the probes and yields what they find as it arrives.

    Args:
        context: what is asked about.
        parts: only these parts of the rig are probed, and what needs no others is judged; None
            for all.
        probes: the probes to choose from.
    """
    chosen = [p for p in probes if (parts is None or p.part in parts) and p.is_wanted(context)]
    rig, known = Rig(), set[str]()
    started_s = time.monotonic()
    outcomes = []
    findings: tuple[Finding, ...] = ()
    for together in ([p for p in chosen if not p.is_last], [p for p in chosen if p.is_last]):
        for probe in together:
            yield ProbeStarted(part=probe.part, title=probe.title)
        for probe, part, outcome in _answers(together, context):
            known.add(probe.part)
            outcomes.append(outcome)
            rig = msgspec.structs.replace(rig, **{probe.part: part})
            findings = judge(rig, frozenset(known))
            yield ProbeFinished(outcome=outcome, rig=rig, findings=findings)
    yield CheckFinished(
        rig=rig,
        findings=findings,
        probes=tuple(outcomes),
        duration_s=time.monotonic() - started_s,
    )


def _answers(
    probes: Sequence[Probe], context: ProbeContext
) -> Iterator[tuple[Probe, Part, ProbeOutcome]]:
    """What they find, side by side, as it arrives."""
    started_s = time.monotonic()
    answers: queue.SimpleQueue[tuple[Probe, Part, ProbeOutcome]] = queue.SimpleQueue()
    pending = {probe.part: probe for probe in probes}
    for probe in probes:
        # A daemon: a probe stuck in the kernel must not keep rigcheck from ending.
        threading.Thread(
            target=_answer, args=(probe, context, answers), name=probe.part, daemon=True
        ).start()
    while pending:
        for probe, part, outcome in _next_answers(answers, pending, started_s):
            del pending[probe.part]
            yield probe, part, outcome


def _answer(
    probe: Probe,
    context: ProbeContext,
    answers: "queue.SimpleQueue[tuple[Probe, Part, ProbeOutcome]]",
) -> None:
    started_s = time.monotonic()
    error = ""
    try:
        part = probe.run(context)
    except Exception as problem:  # noqa: BLE001 -- a probe's exception is that probe's result
        error = f"{type(problem).__name__}: {problem}"
        part = failed_part(_part_type(probe), error, f"probe {probe.part}")
    duration_s = time.monotonic() - started_s
    answers.put((probe, part, ProbeOutcome(part=probe.part, duration_s=duration_s, error=error)))


def _next_answers(
    answers: "queue.SimpleQueue[tuple[Probe, Part, ProbeOutcome]]",
    pending: dict[str, Probe],
    started_s: float,
) -> list[tuple[Probe, Part, ProbeOutcome]]:
    """The next answer, or those of the probes whose time is over."""
    first_limit_s = min(p.time_limit_s for p in pending.values())
    try:
        answer = answers.get(timeout=max(0.0, started_s + first_limit_s - time.monotonic()))
    except queue.Empty:
        late = [p for p in pending.values() if p.time_limit_s <= first_limit_s]
        return [_given_up(p) for p in late]
    # One that was given up may answer after all.
    return [answer] if answer[0].part in pending else []


def _given_up(probe: Probe) -> tuple[Probe, Part, ProbeOutcome]:
    error = f"no answer within {probe.time_limit_s:g} s"
    part = failed_part(_part_type(probe), error, f"probe {probe.part}")
    return probe, part, ProbeOutcome(part=probe.part, duration_s=probe.time_limit_s, error=error)


def _part_type(probe: Probe) -> type[Part]:
    return type(getattr(Rig(), probe.part))
