"""Judges a rig by every rule whose grounds are known, and says what follows from what."""

from collections.abc import Iterator, Mapping

from rigcheck.facts import Rig
from rigcheck.findings import Evidence, Finding, Remedy, Verdict, by_importance
from rigcheck.rules.registry import RULES
from rigcheck.rules.rule import Judgement, Rule

_WRONG = (Verdict.FAIL, Verdict.WARN)


def judge(rig: Rig, known: frozenset[str], rules: tuple[Rule, ...] = RULES) -> tuple[Finding, ...]:
    """Every finding there is ground for: worst first, root causes before their consequences.

    Args:
        rig: the facts.
        known: names of the parts of the rig that are there.
        rules: what to judge by.
    """
    judged = [
        (rule, judgement)
        for rule in rules
        if known.issuperset(rule.needs)
        for judgement in _judgements(rule, rig)
        if judgement.verdict is not Verdict.UNKNOWN or _was_asked(rig, rule.group)
    ]
    causes = _direct_causes(judged)
    findings = (_finding(rule, judgement, causes) for rule, judgement in judged)
    return tuple(sorted(findings, key=by_importance))


def _judgements(rule: Rule, rig: Rig) -> Iterator[Judgement]:
    try:
        yield from rule.judge(rig)
    except Exception as error:  # noqa: BLE001 -- a rule that fails is a finding, and the others go on
        yield Judgement(
            verdict=Verdict.UNKNOWN,
            headline=f"{rule.id} could not be judged",
            evidence=(Evidence(f"{type(error).__name__}: {error}", f"rigcheck's rule {rule.id}"),),
            remedy=Remedy(
                text="This is a fault in rigcheck: the facts in the output of this command show it",
                commands=("rigcheck check --json",),
            ),
        )


def _was_asked(rig: Rig, part_name: str) -> bool:
    """False for a part that nobody asked for: that it cannot be told is no finding then."""
    part = getattr(rig, part_name)
    return bool(part != type(part)())


def _direct_causes(judged: list[tuple[Rule, Judgement]]) -> Mapping[str, tuple[str, ...]]:
    """For each rule that found something wrong, the wrong states it can follow from.

    Of a chain only the last link counts: what caused a cause is told by that cause itself.
    """
    follows = {
        rule.id: rule.follows if judgement.follows is None else judgement.follows
        for rule, judgement in judged
        if judgement.verdict in _WRONG
    }
    fired = {id_: tuple(c for c in causes if c in follows) for id_, causes in follows.items()}
    return {
        id_: tuple(c for c in causes if not any(c in fired[other] for other in causes))
        for id_, causes in fired.items()
    }


def _finding(rule: Rule, judgement: Judgement, causes: Mapping[str, tuple[str, ...]]) -> Finding:
    is_wrong = judgement.verdict in _WRONG
    mine = causes.get(rule.id, ()) if is_wrong else ()
    return Finding(
        id=rule.id,
        verdict=judgement.verdict,
        headline=judgement.headline,
        group=rule.group,
        subject=judgement.subject,
        # What nobody asked for has no source and is no evidence.
        evidence=tuple(evidence for evidence in judgement.evidence if evidence.source),
        remedy=judgement.remedy,
        link=rule.link,
        caused_by=next(iter(mine), None),
    )
