"""The check as far as it has come, for the screen; knows no Textual."""

import dataclasses
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from rigcheck.check_events import CheckEvent, CheckFinished, ProbeFinished, ProbeStarted
from rigcheck.facts import Part, Rig
from rigcheck.findings import (
    Finding,
    Remedy,
    Verdict,
    by_importance,
    count_verdicts,
    root_cause,
)
from rigcheck.probes.probe import ProbeOutcome
from rigcheck.report.rows import rows
from rigcheck.report.summary import summary
from rigcheck.tui.session import Problem

if TYPE_CHECKING:
    from rigcheck.compare.news import News

CHANGES = "changes"
"""The part of the group that tells what has changed; no part of the rig."""

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
    notes: tuple[tuple[str, str], ...] = ()
    """What else there is to say: label and text."""

    @property
    def verdict(self) -> Verdict | None:
        """The worst of its findings; None where nothing was judged."""
        if not self.findings:
            return Verdict.UNKNOWN if self.outcome is not None and self.outcome.error else None
        return min((f.verdict for f in self.findings), key=lambda v: v.rank)

    @property
    def is_fine(self) -> bool:
        """Looked at, and nothing to be said against it."""
        is_through = self.outcome is not None and not self.notes
        return is_through and self.verdict not in _WRONG

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


def of_news(news: "tuple[News, ...]", when: str) -> Group:
    """A group of its own: what has changed since the run of that time, in UTC."""
    from rigcheck.compare.news import NewsKind  # noqa: PLC0415 -- after the first frame

    counts = [(kind, sum(one.kind is kind for one in news)) for kind in NewsKind]
    told = ", ".join(f"{n} {kind.value}" for kind, n in counts if n) or "nothing changed"
    return Group(
        part=CHANGES,
        title="Changes",
        facts=None,
        outcome=ProbeOutcome(part=CHANGES, duration_s=0.0),
        findings=(),
        summary=f"{told} since {when} UTC",
        notes=tuple((one.kind.value, one.text) for one in news),
    )


def matching(groups: tuple[Group, ...], query: str, *, only_wrong: bool) -> tuple[Group, ...]:
    """The groups in which every word of the query occurs somewhere, in their order."""
    words = query.lower().split()
    return tuple(
        group
        for group in groups
        if not (only_wrong and group.is_fine) and (not words or _has(group, words))
    )


def _has(group: Group, words: list[str]) -> bool:
    pieces = [group.title, group.part, group.text]
    pieces += [piece for label, text in group.notes for piece in (label, text)]
    for finding in group.findings:
        pieces += [finding.id, finding.verdict.value, finding.headline]
        pieces += [evidence.text for evidence in finding.evidence]
    if group.facts is not None:
        pieces += [piece for row in rows(group.facts) for piece in (row.label, row.text)]
    text = "\n".join(pieces).lower()
    return all(word in text for word in words)


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

    def probes(self, part: str) -> bool:
        """Whether this is a part that a probe of this check fills."""
        return part in self._titles

    def ask_again(self, part: str) -> None:
        """This part is to be probed again; all else stays as it is known."""
        self.outcomes.pop(part, None)
        self.finished = self.error = None
        self._started_s = self._clock()

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
