"""Judging stored facts again, with the rules and the tables of today."""

import msgspec

import rigcheck
from rigcheck.bench.judge import judge_run
from rigcheck.environments import judge_environments
from rigcheck.explain import judge_partial
from rigcheck.facts import Rig
from rigcheck.findings import Finding, by_importance, root_cause
from rigcheck.report.report import Report
from rigcheck.rules.judge import judge


def rejudge(report: Report) -> Report:
    """The same facts and measurements with new findings; the time stays that of the facts.

    What was advised then is left out: it is no judgement.
    """
    findings = tuple(sorted((*_judged(report), *_measured(report)), key=by_importance))
    leading = root_cause(findings)
    return msgspec.structs.replace(
        report,
        rigcheck_version=rigcheck.__version__,
        findings=findings,
        root_cause=leading.id if leading else None,
        advice=None,
    )


def _measured(report: Report) -> tuple[Finding, ...]:
    if report.bench is None:
        return ()
    return judge_run(report.rig, report.bench)


def _judged(report: Report) -> tuple[Finding, ...]:
    if report.environments:
        return judge_environments(
            report.rig,
            _probed(report),
            report.environments,
            are_chosen=report.search is None,
        )
    if not report.probes:
        return judge_partial(report.rig)  # of a pasted text
    return judge(report.rig, _probed(report))


def _probed(report: Report) -> frozenset[str]:
    probed = {probe.part for probe in report.probes}
    return frozenset(probed & set(Rig.__struct_fields__))
