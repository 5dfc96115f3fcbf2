"""What earlier runs have left that concerns this one."""

import contextlib
import dataclasses
from collections.abc import Iterator
from pathlib import Path

from rigcheck.errors import RigcheckError
from rigcheck.report.history import StoredRun, read_history
from rigcheck.report.read import read_report
from rigcheck.report.report import Report
from rigcheck.tui.listed import ListedRun, begun, newest_first, read_run


@dataclasses.dataclass(frozen=True)
class Earlier:
    """The last run, whatever became of it, and the last whole one."""

    newest: ListedRun | None = None
    report: Report | None = None
    when: str = ""
    """The time of the whole one: `2026-11-22 18:04`, UTC."""


def read_earlier(directory: Path, before: str) -> Iterator[Earlier]:
    """Once; of the runs that were begun before this time, `20261122T180405Z`.

    Raises:
        RigcheckError: if the directory cannot be read.
    """
    runs = [run for run in newest_first(read_history(directory)) if begun(run) < before]
    newest = read_run(runs[0], directory) if runs else None
    for run in runs:
        if isinstance(run, StoredRun):
            with contextlib.suppress(RigcheckError):
                yield Earlier(newest, read_report(Path(run.path)), read_run(run, directory).when)
                return
    yield Earlier(newest)
