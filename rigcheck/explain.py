"""Judges a machine by what somebody pasted of it."""

import time

from rigcheck.facts import Rig
from rigcheck.findings import Finding, Verdict
from rigcheck.ingest.recognise import read_rig
from rigcheck.ingest.text import Text
from rigcheck.report.report import Report, make_report
from rigcheck.rules.judge import judge

_EVERY_PART = frozenset(Rig.__struct_fields__)
_WRONG = (Verdict.FAIL, Verdict.WARN)


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
    """As `judge`, without what would only say that a text does not tell everything."""
    return tuple(
        finding
        for finding in judge(rig, _EVERY_PART)
        if finding.verdict in _WRONG or finding.evidence
    )
