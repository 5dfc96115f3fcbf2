"""The check as far as it has come, for the screen; knows no Textual."""

import dataclasses
import time
from collections.abc import Callable

from rigcheck.check_events import CheckEvent, CheckFinished, ProbeFinished, ProbeStarted
from rigcheck.facts import Part, Rig
from rigcheck.findings import Finding, Remedy, Verdict, by_importance, root_cause
from rigcheck.probes.probe import ProbeOutcome
from rigcheck.report.report import count_verdicts
from rigcheck.report.summary import summary
from rigcheck.tui.session import Problem

_WRONG = (Verdict.FAIL, Verdict.WARN, Verdict.UNKNOWN)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Group:
    """A part of the rig and what is said of it."""

    part: str
    title: str
    facts: Part | None
    """None where the group is no part of the rig."""
    outcome: ProbeOutcome | None
    """None while its probe is at work."""
    findings: tuple[Finding, ...]
    summary: str

    @property
    def verdict(self) -> Verdict | None:
        """The worst of its findings; None where nothing was judged."""
        if not self.findings:
            return Verdict.UNKNOWN if self.outcome is not None and self.outcome.error else None
        return min((f.verdict for f in self.findings), key=lambda v: v.rank)

    @property
    def text(self) -> str:
        """In few words: what is wrong, else what it is."""
        if self.outcome is None:
            return "…"
        if self.outcome.error:
            return self.outcome.error
        return self._counts or self.summary

    @property
    def _counts(self) -> str:
        wrong = [f for f in self.findings if f.verdict in _WRONG]
        causes = tuple(f for f in wrong if f.caused_by is None)
        pieces = [f"{n} {v.value}" for v, n in count_verdicts(causes).items()]
        n_following = len(wrong) - len(causes)
        if n_following:
            pieces.append(f"{n_following} follow" + ("s" if n_following == 1 else ""))
        return ", ".join(pieces)


class CheckModel:
    """Everything the events of one check have told so far."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.rig = Rig()
        self.findings: tuple[Finding, ...] = ()
        self.outcomes: dict[str, ProbeOutcome] = {}
        self.finished: CheckFinished | None = None
        self.error: Problem | None = None
        """Why the check broke off."""
        self._titles: dict[str, str] = {}
        self._clock = clock
        self._started_s = clock()

    def take(self, event: CheckEvent) -> None:
        """Learns from one event."""
        if isinstance(event, ProbeStarted):
            self._titles[event.part] = event.title
            return
        self.rig, self.findings = event.rig, event.findings
        if isinstance(event, ProbeFinished):
            self.outcomes[event.outcome.part] = event.outcome
        else:
            self.finished = event

    @property
    def n_probes(self) -> int:
        """Probes started."""
        return len(self._titles)

    @property
    def waiting_for(self) -> tuple[str, ...]:
        """Titles of the probes still at work."""
        return tuple(t for part, t in self._titles.items() if part not in self.outcomes)

    @property
    def duration_s(self) -> float:
        """Since the start; of the whole check, once it is through."""
        return self.finished.duration_s if self.finished else self._clock() - self._started_s

    @property
    def cause(self) -> Finding | None:
        """What leads: the root cause as far as it can be told by now."""
        return root_cause(self.findings)

    def remedy_for(self, part: str) -> Remedy | None:
        """What mends this part: the remedy of its gravest cause, else of the root cause."""
        causes = [f for f in self._findings_of(part) if f.caused_by is None and f.verdict in _WRONG]
        remedies = (f.remedy for f in (*causes, self.cause) if f is not None)
        return next((remedy for remedy in remedies if remedy is not None), None)

    def groups(self) -> tuple[Group, ...]:
        """The parts in their order, then whatever else findings belong to."""
        others = dict.fromkeys(f.group for f in self.findings if f.group not in self._titles)
        return tuple(self._group(part) for part in (*self._titles, *others))

    def _group(self, part: str) -> Group:
        is_part = part in self._titles
        return Group(
            part=part,
            title=self._titles.get(part, part),
            facts=getattr(self.rig, part) if is_part else None,
            outcome=self.outcomes.get(part) if is_part else ProbeOutcome(part=part, duration_s=0.0),
            findings=self._findings_of(part),
            summary=summary(self.rig, part) if is_part else "",
        )

    def _findings_of(self, part: str) -> tuple[Finding, ...]:
        return tuple(sorted((f for f in self.findings if f.group == part), key=by_importance))
