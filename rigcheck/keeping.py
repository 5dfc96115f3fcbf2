"""What is kept of a run, and what is said where it cannot be."""

import sys

from rigcheck.check_events import CheckFinished
from rigcheck.report.report import Report, make_report
from rigcheck.report.store import RunFile, keep


def check_report(checked: CheckFinished) -> Report:
    """The report of a check alone."""
    return make_report(
        rig=checked.rig,
        probes=checked.probes,
        findings=checked.findings,
        check_duration_s=checked.duration_s,
    )


def keep_check(report: Report) -> None:
    """Keeps a check that is over; says on stderr why it is not kept, if it is not."""
    tell_if_not_kept(keep(report))


def tell_if_not_kept(run_file: RunFile) -> None:
    """Says on stderr why a run is not on disk, if it is not, and what room for it has cost."""
    if run_file.problem:
        print(f"rigcheck: this run is not kept: {run_file.problem}", file=sys.stderr)
    if run_file.note:
        print(f"rigcheck: {run_file.note}", file=sys.stderr)
