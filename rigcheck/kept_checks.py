"""Which checks are kept: those that found the machine changed, so that the next can say how."""

from pathlib import Path

from rigcheck.check_events import CheckFinished
from rigcheck.report.changes import changes
from rigcheck.report.kept_runs import ALL_TIMES, read_newest_report
from rigcheck.report.report import make_report
from rigcheck.report.store import RunFile


def keep_if_new(checked: CheckFinished, directory: Path) -> bool:
    """Keeps a check, unless the last kept run has found the machine just the same."""
    _, last = read_newest_report(directory, before=ALL_TIMES)
    if last is not None and not changes(last.rig, last.findings, checked.rig, checked.findings):
        return False
    report = make_report(
        rig=checked.rig,
        probes=checked.probes,
        findings=checked.findings,
        check_duration_s=checked.duration_s,
    )
    return RunFile(directory).finish(report)
