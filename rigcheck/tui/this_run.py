"""The run on the screen, as a report and as an entry in the list of runs."""

from pathlib import Path

from rigcheck.findings import root_cause
from rigcheck.report.kept_runs import KeptDevice, KeptRun, RunState
from rigcheck.report.report import Report, make_report
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


def kept_run_of(session: Session) -> KeptRun:
    """As if it had been read from a file."""
    leading = root_cause(session.findings)
    return KeptRun(
        path=Path(),
        run_id=THIS_RUN,
        state=RunState.WHOLE if session.is_checked else RunState.AT_WORK,
        headline=leading.headline if leading is not None else "",
        devices=tuple(
            KeptDevice(label=run.label, name=run.name, identity=run.identity, rate=run.rate)
            for run in (session.bench.devices if session.bench is not None else ())
        ),
    )
