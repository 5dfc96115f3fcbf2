"""`rigcheck check` of several interpreters: those that are named, or all that can be found."""

import argparse
import os
from collections.abc import Iterable
from pathlib import Path

from rigcheck.check_environments import check_environments
from rigcheck.check_events import EnvironmentsChecked, EnvironmentsEvent
from rigcheck.choices import contexts_of, probe_contexts
from rigcheck.chosen_parts import chosen_parts, parts_for
from rigcheck.errors import ExitCode, UsageError
from rigcheck.interpreter_search import search_interpreters
from rigcheck.keeping import keep_check
from rigcheck.output import show
from rigcheck.progress import Progress
from rigcheck.report.report import make_report

_ALL_LIMIT_S = 240.0
"""For all that were found: an old disk reads one torch in half a minute."""


def check_several(options: argparse.Namespace) -> ExitCode:
    """Checks and shows them as the options say.

    Raises:
        UsageError: for one that is not there, or if some are named although all are asked for; for
            a part or a data directory that is not there.
    """
    only = chosen_parts(options)
    search = None
    if getattr(options, "all_pythons", False):
        if getattr(options, "python", None):
            raise UsageError("--all-pythons and --python exclude one another")
        search, pythons = search_interpreters(Path.home(), Path.cwd(), os.environ)
        contexts = contexts_of(pythons, options)
    else:
        contexts = probe_contexts(options)
    limit_s = None if search is None else _ALL_LIMIT_S
    with Progress() as progress:
        events = check_environments(
            contexts, parts=parts_for(only), are_chosen=search is None, time_limit_s=limit_s
        )
        finished = _through(events, progress, len(contexts))
    report = make_report(
        rig=finished.rig,
        probes=finished.probes,
        findings=tuple(f for f in finished.findings if only is None or f.group in only),
        check_duration_s=finished.duration_s,
        environments=finished.environments,
        search=search,
    )
    if only is None:
        keep_check(report)
    return show(report, options)


def _through(
    events: Iterable[EnvironmentsEvent], progress: Progress, count: int
) -> EnvironmentsChecked:
    for event in events:
        if isinstance(event, EnvironmentsChecked):
            return event
        progress.checking_environment(event, count)
    raise RuntimeError("a check always ends with EnvironmentsChecked")
