"""Checks a machine: probes side by side, rules as soon as their facts are there.

`check` is a generator of events, so that text, JSON and TUI show the same run; it ends with
`CheckFinished`. It needs no event loop; drive it from a thread where there is one.
"""

import contextlib
import dataclasses
import importlib
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

import msgspec

from rigcheck.check_events import CheckEvent, CheckFinished, ProbeFinished, ProbeStarted
from rigcheck.facts import Part, Rig
from rigcheck.findings import Finding
from rigcheck.probes.probe import Probe, ProbeContext, ProbeOutcome, Shared, failed_part
from rigcheck.probes.registry import PROBES

_Answers: TypeAlias = "queue.SimpleQueue[tuple[Probe, Part, ProbeOutcome]]"

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
    context = dataclasses.replace(context, shared=Shared())
    rig, known = Rig(), set[str]()
    started_s = time.monotonic()
    outcomes = []
    findings: tuple[Finding, ...] = ()
    for together in ([p for p in chosen if not p.is_last], [p for p in chosen if p.is_last]):
        answers = _start(together, context)
        for probe in together:
            yield ProbeStarted(part=probe.part, title=probe.title)
        judge = _load_judge()
        for news in _news(answers, together):
            for probe, part, outcome in news:
                known.add(probe.part)
                outcomes.append(outcome)
                rig = msgspec.structs.replace(rig, **{probe.part: part})
            findings = judge(rig, frozenset(known))
            for _, _, outcome in news:
                yield ProbeFinished(outcome=outcome, rig=rig, findings=findings)
    yield CheckFinished(
        rig=rig,
        findings=findings,
        probes=tuple(outcomes),
        duration_s=time.monotonic() - started_s,
    )


def _load_judge() -> Callable[[Rig, frozenset[str]], tuple[Finding, ...]]:
    """Loads the rules while the probes are at work.

    In a thread, for an interrupt that meets the main thread inside an import can get lost there.
    """
    loading = threading.Thread(
        target=importlib.import_module, args=("rigcheck.rules.judge",), daemon=True
    )
    loading.start()
    loading.join()
    from rigcheck.rules.judge import judge  # noqa: PLC0415 -- see above

    return judge


def _start(chosen: Sequence[Probe], context: ProbeContext) -> _Answers:
    """Starts each in a thread of its own, first those that may take longest."""
    answers: _Answers = queue.SimpleQueue()
    for probe in sorted(chosen, key=lambda p: p.time_limit_s, reverse=True):
        # A daemon: a probe stuck in the kernel must not keep rigcheck from ending.
        threading.Thread(
            target=_answer, args=(probe, context, answers), name=probe.part, daemon=True
        ).start()
    return answers


def _news(
    answers: _Answers, probes: Sequence[Probe]
) -> Iterator[list[tuple[Probe, Part, ProbeOutcome]]]:
    """What arrives together, until each of the probes has answered or had its time."""
    started_s = time.monotonic()
    pending = {probe.part: probe for probe in probes}
    while pending:
        news = _next_answers(answers, pending, started_s)
        for probe, _, _ in news:
            del pending[probe.part]
        yield news


def _answer(probe: Probe, context: ProbeContext, answers: _Answers) -> None:
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
    answers: _Answers, pending: dict[str, Probe], started_s: float
) -> list[tuple[Probe, Part, ProbeOutcome]]:
    """The answers that are there, at least one; or those of the probes whose time is over."""
    first_limit_s = min(p.time_limit_s for p in pending.values())
    try:
        there = [answers.get(timeout=max(0.0, started_s + first_limit_s - time.monotonic()))]
    except queue.Empty:
        late = [p for p in pending.values() if p.time_limit_s <= first_limit_s]
        return [_given_up(p) for p in late]
    with contextlib.suppress(queue.Empty):
        while True:
            there.append(answers.get_nowait())
    # One that was given up may answer after all.
    return [answer for answer in there if answer[0].part in pending]


def _given_up(probe: Probe) -> tuple[Probe, Part, ProbeOutcome]:
    error = f"no answer within {probe.time_limit_s:g} s"
    part = failed_part(_part_type(probe), error, f"probe {probe.part}")
    return probe, part, ProbeOutcome(part=probe.part, duration_s=probe.time_limit_s, error=error)


def _part_type(probe: Probe) -> type[Part]:
    return type(getattr(Rig(), probe.part))
