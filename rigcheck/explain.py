"""Judges a machine by what somebody pasted of it."""

import time
from collections.abc import Iterator

import msgspec

from rigcheck.facts import Rig, Symptom, value_of
from rigcheck.findings import Evidence, Finding, Remedy, Verdict, by_importance
from rigcheck.ingest.recognise import read_rig
from rigcheck.ingest.text import Text
from rigcheck.knowledge import symptoms
from rigcheck.knowledge.symptoms import SymptomRow
from rigcheck.report.report import Report, make_report
from rigcheck.rules.judge import judge
from rigcheck.rules.registry import RULES

_EVERY_PART = frozenset(Rig.__struct_fields__)
_WRONG = (Verdict.FAIL, Verdict.WARN)
_TELLING = (*_WRONG, Verdict.PASS)
_BY_WORDS = "symptoms"
"""The group of findings that rest on words alone."""


def explain(text: Text) -> Report:
    """The verdict on the machine that a text tells of.

    Raises:
        UsageError: if nothing in it tells of a machine.
    """
    started_s = time.monotonic()
    rig = read_rig(text)
    return make_report(
        rig=rig,
        probes=(),
        findings=judge_partial(rig),
        check_duration_s=time.monotonic() - started_s,
    )


def judge_partial(rig: Rig) -> tuple[Finding, ...]:
    """As `judge`, without what would only say that a text does not tell everything.

    An error text that is the sign of a bad state, of which no rule knows enough to tell more, is a
    finding by itself.
    """
    judged = tuple(
        finding
        for finding in judge(rig, _EVERY_PART)
        if finding.verdict in _WRONG or finding.evidence
    )
    told = {finding.id for finding in judged if finding.verdict in _TELLING}
    by_words = tuple(_findings_of_words(rig, told))
    ids = {finding.id for finding in by_words}
    kept = (finding for finding in judged if finding.id not in ids)
    return tuple(sorted(_linked((*by_words, *kept)), key=by_importance))


def _linked(findings: tuple[Finding, ...]) -> Iterator[Finding]:
    """A finding of words has no rule behind it, but what it follows from is known by its id."""
    wrong = {finding.id for finding in findings if finding.verdict in _WRONG}
    follows = {rule.id: rule.follows for rule in RULES}
    for finding in findings:
        cause = next((id_ for id_ in follows.get(finding.id, ()) if id_ in wrong), None)
        is_open = finding.verdict in _WRONG and finding.caused_by is None and cause is not None
        if is_open and {finding.id, cause} & {f.id for f in findings if f.group == _BY_WORDS}:
            yield msgspec.structs.replace(finding, caused_by=cause)
        else:
            yield finding


def _findings_of_words(rig: Rig, told: set[str]) -> Iterator[Finding]:
    seen: dict[str, tuple[Symptom, SymptomRow]] = {}
    for symptom in value_of(rig.symptoms.seen) or ():
        row = symptoms.row_of(symptom.name)
        if row is not None and row.headline and row.finding not in told:
            seen.setdefault(row.finding, (symptom, row))
    for symptom, row in seen.values():
        yield Finding(
            id=row.finding,
            verdict=Verdict(row.verdict),
            headline=row.headline,
            group=_BY_WORDS,
            evidence=(Evidence(symptom.text, symptom.source),),
            remedy=Remedy(text=row.advice, commands=row.commands, verify=row.verify),
            link=row.source if row.source.startswith("https://") else "",
        )
