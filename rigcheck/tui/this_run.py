"""The run on the screen, as a report and as an entry in the list of runs."""

from pathlib import Path

from rigcheck.report.head import head_of
from rigcheck.report.report import Report, make_report
from rigcheck.tui.listed import ListedRun, RunState
from rigcheck.tui.session import Session

THIS_RUN = "this run"


def report_of(session: Session) -> Report:
    """All that is known by now."""
    from rigcheck.bench_command import with_bench  # noqa: PLC0415 -- it brings the benchmark

    return make_report(
        rig=session.rig,
        probes=session.probes,
        findings=with_bench(session.rig, session.findings, session.bench),
        check_duration_s=session.duration_s,
        bench=session.bench,
        interrupted=session.interrupted,
    )


def listed_run_of(session: Session) -> ListedRun:
    """As if it had been read from a file."""
    return ListedRun(
        key=THIS_RUN,
        id=THIS_RUN,
        path=Path(),
        state=RunState.WHOLE if session.is_checked else RunState.AT_WORK,
        begun="",
        head=head_of(report_of(session)),
    )
