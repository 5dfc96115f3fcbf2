"""Checks a machine: probes side by side, rules as soon as their facts are there.

`check` is a generator of events, so that text, JSON and TUI show the same run; it ends with
`CheckFinished`. It needs no event loop; drive it from a thread where there is one.
"""

import contextlib
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

_LONGEST_TURN_S = 1.0
"""Whoever takes longer waits for something, and the others go on beside it."""

_Answers: TypeAlias = "queue.SimpleQueue[tuple[Probe, Part, ProbeOutcome]]"

__all__ = ["CheckEvent", "CheckFinished", "ProbeFinished", "ProbeStarted", "check"]


def check(
    context: ProbeContext,
    *,
    parts: frozenset[str] | None = None,
    judges_often: bool = True,
    probes: tuple[Probe, ...] = PROBES,
) -> Iterator[CheckEvent]:
    """Runs the probes and yields what they find as it arrives.

    Args:
        context: what is asked about.
        parts: only these parts of the rig are probed, and what needs no others is judged; None
            for all.
        judges_often: what is known so far is judged whenever something arrives; False where
            nobody looks before the end: once, then.
        probes: the probes to choose from.
    """
    chosen = [p for p in probes if (parts is None or p.part in parts) and p.is_wanted(context)]
    context = msgspec.structs.replace(context, shared=Shared())
    rig, known = Rig(), set[str]()
    started_s = time.monotonic()
    outcomes = []
    findings: tuple[Finding, ...] = ()
    for together in _groups(chosen):
        answers = _start(together, context)
        for probe in together:
            yield ProbeStarted(part=probe.part, title=probe.title)
        judge = _load_judge()
        for news in _news(answers, together):
            for probe, part, outcome in news:
                known.add(probe.part)
                outcomes.append(outcome)
                rig = msgspec.structs.replace(rig, **{probe.part: part})
            if judges_often or len(outcomes) == len(chosen):
                findings = judge(rig, frozenset(known))
            for _, _, outcome in news:
                yield ProbeFinished(outcome=outcome, rig=rig, findings=findings)
    yield CheckFinished(
        rig=rig,
        findings=findings,
        probes=tuple(outcomes),
        duration_s=time.monotonic() - started_s,
    )


def _groups(chosen: Sequence[Probe]) -> Iterator[list[Probe]]:
    """Those that bear one another, together; then each that would disturb any other."""
    yield [probe for probe in chosen if not probe.is_last]
    yield from ([probe] for probe in chosen if probe.is_last)


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
    turn = threading.Lock()
    for probe in sorted(chosen, key=lambda p: p.time_limit_s, reverse=True):
        # A daemon: a probe stuck in the kernel must not keep rigcheck from ending.
        threading.Thread(
            target=_answer, args=(probe, context, answers, turn), name=probe.part, daemon=True
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


def _answer(probe: Probe, context: ProbeContext, answers: _Answers, turn: threading.Lock) -> None:
    with _turn_of(probe, turn):
        answers.put(_answer_of(probe, context))


@contextlib.contextmanager
def _turn_of(probe: Probe, turn: threading.Lock) -> Iterator[None]:
    """Waits for the probe's turn, if it takes any.

    The interpreter runs one thread at a time: a dozen of them that read files take it from one
    another with every call, and the children, which take longest, start late.
    """
    has_turn = probe.takes_turns and turn.acquire(timeout=_LONGEST_TURN_S)
    try:
        yield
    finally:
        if has_turn:
            turn.release()


def _answer_of(probe: Probe, context: ProbeContext) -> tuple[Probe, Part, ProbeOutcome]:
    started_s = time.monotonic()
    error = ""
    try:
        part = probe.run(context)
    except Exception as problem:  # noqa: BLE001 -- a probe's exception is that probe's result
        error = f"{type(problem).__name__}: {problem}"
        part = failed_part(_part_type(probe), error, f"probe {probe.part}")
    duration_s = time.monotonic() - started_s
    return probe, part, ProbeOutcome(part=probe.part, duration_s=duration_s, error=error)


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
