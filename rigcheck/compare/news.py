"""What is new on a machine since an earlier check: findings that came or went, important facts."""

import dataclasses
import enum

from rigcheck.compare.changes import fact_changes
from rigcheck.compare.comparison import Importance
from rigcheck.compare.text import change_text
from rigcheck.facts import Rig
from rigcheck.findings import Finding, Verdict
from rigcheck.terminal import plain

_WRONG = (Verdict.FAIL, Verdict.WARN)


class NewsKind(enum.Enum):
    """What kind of news."""

    NEW_FINDING = "new"
    GONE_FINDING = "gone"
    FACT = "changed"


@dataclasses.dataclass(frozen=True, kw_only=True)
class News:
    """One of them. Its texts are safe for a terminal."""

    kind: NewsKind
    part: str
    text: str
    """The finding's headline, or `torch version  2.4.0 → 2.5.1`."""


def news(
    rig_before: Rig, before: tuple[Finding, ...], rig: Rig, findings: tuple[Finding, ...]
) -> tuple[News, ...]:
    """From the first of two checks to the second: new findings, gone ones, then facts.

    A finding that could not be told this time is not gone, and one that could not be told last
    time, but is there now, is new.
    """
    new, gone = _only_here(findings, before), _only_here(before, findings)
    untold = {_key(f) for f in findings if f.verdict is Verdict.UNKNOWN}
    return (
        *(_of_finding(NewsKind.NEW_FINDING, f) for f in new),
        *(_of_finding(NewsKind.GONE_FINDING, f) for f in gone if _key(f) not in untold),
        *_facts(rig_before, rig),
    )


def _only_here(here: tuple[Finding, ...], there: tuple[Finding, ...]) -> list[Finding]:
    """What is wrong here and not there."""
    wrong_there = {_key(f) for f in there if f.verdict in _WRONG}
    return [f for f in here if f.verdict in _WRONG and _key(f) not in wrong_there]


def _of_finding(kind: NewsKind, finding: Finding) -> News:
    return News(kind=kind, part=finding.group, text=plain(finding.headline))


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.id, finding.subject, finding.environment


def _facts(before: Rig, now: Rig) -> tuple[News, ...]:
    return tuple(
        News(
            kind=NewsKind.FACT,
            part=change.field.partition(".")[0],
            text=plain(change_text(change)),
        )
        for change in fact_changes(before, now)
        if change.importance is Importance.KEY
    )
