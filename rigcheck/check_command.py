"""`rigcheck check`: apart from the other commands, for it is the one that people wait for.

What shows and keeps a report is loaded when there is one: the children start that much earlier.
"""

import argparse

from rigcheck.check import check
from rigcheck.check_events import CheckFinished
from rigcheck.choices import probe_context
from rigcheck.errors import ExitCode, UsageError
from rigcheck.probes.probe import ProbeContext
from rigcheck.probes.registry import PROBES
from rigcheck.progress import Progress

_ON_DEMAND = {"vram": "vram_test", "compile": "compile"}
"""Parts that are probed with an option only."""


def check_command(options: argparse.Namespace) -> ExitCode:
    """`rigcheck check`."""
    only = _chosen_parts(getattr(options, "only", None))
    for part, option in _ON_DEMAND.items():
        if only is not None and part in only and not getattr(options, option, False):
            flag = f"--{option.replace('_', '-')}"
            raise UsageError(f"{part} is tested on demand only", hint=f"check --only {part} {flag}")
    if getattr(options, "all_pythons", False) or len(getattr(options, "python", None) or ()) > 1:
        from rigcheck.environments_command import check_several  # noqa: PLC0415 -- rarely needed

        return check_several(options, only, _parts_for(only))
    with Progress() as progress:
        finished = checked_through(probe_context(options), _parts_for(only), progress)
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


def _chosen_parts(only: list[str] | None) -> frozenset[str] | None:
    if only is None:
        return None
    there = [probe.part for probe in PROBES]
    unknown = [part for part in only if part not in there]
    if unknown:
        raise UsageError(f"no such part: {unknown[0]}", hint="one of " + ", ".join(sorted(there)))
    return frozenset(only)


def _parts_for(only: frozenset[str] | None) -> frozenset[str] | None:
    """The parts to probe so that what is asked can be judged."""
    if only is None:
        return None
    from rigcheck.rules.registry import RULES  # noqa: PLC0415 -- else read while probes run

    return only.union(*(rule.needs for rule in RULES if rule.group in only))
