"""Checks several interpreters on one machine: the machine once, the interpreters side by side.

`check_environments` is a generator of events, as `check` is, and ends with `EnvironmentsChecked`.
"""

import os
import queue
import threading
import time
from collections.abc import Iterator
from typing import TypeAlias

from rigcheck.check import check
from rigcheck.check_events import (
    CheckFinished,
    EnvironmentFinished,
    EnvironmentsChecked,
    EnvironmentsEvent,
    EnvironmentStarted,
)
from rigcheck.environments import PARTS, EnvironmentFacts, judge_environments
from rigcheck.facts import value_of
from rigcheck.probes.memory import read_memory
from rigcheck.probes.probe import ProbeContext
from rigcheck.probes.registry import PROBES

_MEMORY_EACH_BYTES = 1536 * 1024**2
"""What an import of torch with its CUDA libraries takes, with room for another framework's."""


_Answer: TypeAlias = EnvironmentStarted | EnvironmentFacts | CheckFinished


def check_environments(
    contexts: tuple[ProbeContext, ...],
    *,
    parts: frozenset[str] | None = None,
    are_chosen: bool = True,
    time_limit_s: float | None = None,
) -> Iterator[EnvironmentsEvent]:
    """Probes the machine and each interpreter, and judges them.

    Args:
        contexts: what is asked about, one an interpreter; alike but for that.
        parts: only these parts of the rig are probed; None for all.
        are_chosen: as in `judge_environments`.
        time_limit_s: after which interpreters that have not answered are given up; None for each
            probe's own limit alone.
    """
    started_s = time.monotonic()
    wanted = frozenset(p.part for p in PROBES) if parts is None else parts
    answers: queue.SimpleQueue[_Answer] = queue.SimpleQueue()
    _start(contexts, wanted, answers)
    machine: CheckFinished | None = None
    found: dict[str, EnvironmentFacts] = {}
    while machine is None or len(found) < len(contexts):
        try:
            answer = answers.get(timeout=_left_s(started_s, time_limit_s, machine))
        except queue.Empty:
            break
        if isinstance(answer, EnvironmentStarted):
            yield answer
        elif isinstance(answer, CheckFinished):
            machine = answer
        else:
            found[answer.interpreter] = answer
            yield EnvironmentFinished(interpreter=answer.interpreter)
    if machine is None:
        raise RuntimeError("the machine's own probes always end")
    reason = f"no answer within the {time_limit_s:g} s for all" if time_limit_s else ""
    environments = tuple(
        found.get(c.python) or EnvironmentFacts(interpreter=c.python, not_checked=reason)
        for c in contexts
    )
    known = frozenset(outcome.part for outcome in machine.probes)
    yield EnvironmentsChecked(
        rig=machine.rig,
        findings=judge_environments(machine.rig, known, environments, are_chosen=are_chosen),
        probes=machine.probes,
        environments=environments,
        duration_s=time.monotonic() - started_s,
    )


def _left_s(
    started_s: float, time_limit_s: float | None, machine: CheckFinished | None
) -> float | None:
    """Until when an answer is waited for; the machine's is in any case, as its probes end."""
    if time_limit_s is None or machine is None:
        return None
    return max(0.0, started_s + time_limit_s - time.monotonic())


def _start(
    contexts: tuple[ProbeContext, ...],
    wanted: frozenset[str],
    answers: "queue.SimpleQueue[_Answer]",
) -> None:
    def run_machine() -> None:
        answers.put(_through(contexts[0], wanted.difference(PARTS)))

    waiting: queue.SimpleQueue[ProbeContext] = queue.SimpleQueue()
    for context in contexts:
        waiting.put(context)

    def run_environments() -> None:
        while True:
            try:
                context = waiting.get_nowait()
            except queue.Empty:
                return
            answers.put(EnvironmentStarted(interpreter=context.python))
            answers.put(_environment(context, wanted.intersection(PARTS)))

    # Daemons: a probe stuck in the kernel must not keep rigcheck from ending.
    threading.Thread(target=run_machine, daemon=True).start()
    for _ in range(read_most_at_once(contexts[0])):
        threading.Thread(target=run_environments, daemon=True).start()


def read_most_at_once(context: ProbeContext) -> int:
    """How many interpreters may import their frameworks at the same time."""
    memory = read_memory(context)
    limits = [value_of(memory.available_bytes), value_of(memory.limit_bytes)]
    room_bytes = min((limit for limit in limits if limit is not None), default=_MEMORY_EACH_BYTES)
    return max(1, min(len(os.sched_getaffinity(0)), room_bytes // _MEMORY_EACH_BYTES))


def _environment(context: ProbeContext, parts: frozenset[str]) -> EnvironmentFacts:
    finished = _through(context, parts)
    return EnvironmentFacts(
        interpreter=context.python,
        **{part: getattr(finished.rig, part) for part in PARTS},
        probes=finished.probes,
    )


def _through(context: ProbeContext, parts: frozenset[str]) -> CheckFinished:
    for event in check(context, parts=parts, judges_often=False):
        if isinstance(event, CheckFinished):
            return event
    raise RuntimeError("a check always ends with CheckFinished")
