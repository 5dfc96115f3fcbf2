"""A whole check of one interpreter, from the probes to what is printed and kept.

What shows and keeps a report is loaded when there is one.
"""

import argparse

import msgspec

from rigcheck.check import check
from rigcheck.check_events import CheckFinished
from rigcheck.choices import contexts_of
from rigcheck.chosen_parts import chosen_parts, parts_for
from rigcheck.errors import ExitCode
from rigcheck.launching import Launch
from rigcheck.probes.probe import ProbeContext
from rigcheck.progress import Progress


def check_one(python: str, options: argparse.Namespace, launch: Launch) -> ExitCode:
    """Checks it as the options say.

    Raises:
        UsageError: for a part or a data directory that is not there.
    """
    only = chosen_parts(options)
    (context,) = contexts_of((python,), options)
    context = msgspec.structs.replace(context, launch=launch)
    with Progress() as progress:
        finished = checked_through(context, parts_for(only), progress)
    return _told(finished, only, options)


def checked_through(
    context: ProbeContext, parts: frozenset[str] | None, progress: Progress
) -> CheckFinished:
    """A whole check, its progress shown. `parts`: None for all."""
    for event in check(context, parts=parts, judges_often=False):
        if isinstance(event, CheckFinished):
            return event
        progress.checking(event)
    raise RuntimeError("a check always ends with CheckFinished")


def _told(
    finished: CheckFinished, only: frozenset[str] | None, options: argparse.Namespace
) -> ExitCode:
    from rigcheck.keeping import keep_check  # noqa: PLC0415 -- see above
    from rigcheck.output import show  # noqa: PLC0415
    from rigcheck.report.report import make_report  # noqa: PLC0415

    report = make_report(
        rig=finished.rig,
        probes=finished.probes,
        findings=tuple(f for f in finished.findings if only is None or f.group in only),
        check_duration_s=finished.duration_s,
    )
    if only is None:
        keep_check(report)
    return show(report, options)
