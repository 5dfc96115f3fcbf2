"""What each command does: run, show, keep, and the exit code that follows."""

import argparse

import msgspec

from rigcheck.check import check
from rigcheck.check_events import CheckFinished
from rigcheck.choices import probe_context
from rigcheck.errors import ExitCode, UsageError
from rigcheck.keeping import keep_check
from rigcheck.output import show, write_out
from rigcheck.probes.probe import ProbeContext
from rigcheck.probes.registry import PROBES
from rigcheck.progress import Progress
from rigcheck.report.read import read_report
from rigcheck.report.report import make_report


def check_command(options: argparse.Namespace) -> ExitCode:
    """`rigcheck check`."""
    only = _chosen_parts(getattr(options, "only", None))
    if only is not None and "vram" in only and not getattr(options, "vram_test", False):
        raise UsageError("vram is tested on demand only", hint="check --only vram --vram-test")
    if getattr(options, "all_pythons", False) or len(getattr(options, "python", None) or ()) > 1:
        from rigcheck.environments_command import check_several  # noqa: PLC0415 -- rarely needed

        return check_several(options, only, _parts_for(only))
    with Progress() as progress:
        finished = checked_through(probe_context(options), _parts_for(only), progress)
    report = make_report(
        rig=finished.rig,
        probes=finished.probes,
        findings=tuple(f for f in finished.findings if only is None or f.group in only),
        check_duration_s=finished.duration_s,
    )
    if only is None:
        keep_check(report)
    return show(report, options)


def advise_command(options: argparse.Namespace) -> ExitCode:
    """`rigcheck advise`: its exit code is 0, whatever it has to say."""
    from rigcheck.advise import PARTS, advise  # noqa: PLC0415 -- its tables are its own

    with Progress() as progress:
        finished = checked_through(probe_context(options), frozenset(PARTS), progress)
    report = make_report(
        rig=finished.rig,
        probes=finished.probes,
        findings=finished.findings,
        check_duration_s=finished.duration_s,
        advice=advise(finished.rig),
    )
    show(report, options)
    return ExitCode.OK


def explain_command(options: argparse.Namespace) -> ExitCode:
    """`rigcheck explain`."""
    # Its patterns take longer to compile than most commands run.
    from rigcheck.explain import explain  # noqa: PLC0415
    from rigcheck.ingest.text import read_text_file  # noqa: PLC0415

    return show(explain(read_text_file(options.file)), options)


def judge_command(options: argparse.Namespace) -> ExitCode:
    """`rigcheck judge`."""
    from rigcheck.rejudge import rejudge  # noqa: PLC0415 -- it brings what `explain` brings

    report = rejudge(read_report(options.report))
    # That the run was interrupted then is no fault of this judgement.
    return show(msgspec.structs.replace(report, interrupted=False), options)


def rules_command(options: argparse.Namespace) -> ExitCode:
    """`rigcheck rules`."""
    from rigcheck.rules.describe import rule_text, rules_text  # noqa: PLC0415

    write_out(rules_text() if options.id is None else rule_text(options.id))
    return ExitCode.OK


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


def checked_through(
    context: ProbeContext, parts: frozenset[str] | None, progress: Progress
) -> CheckFinished:
    """A whole check, its progress shown. `parts`: None for all."""
    for event in check(context, parts=parts):
        if isinstance(event, CheckFinished):
            return event
        progress.checking(event)
    raise RuntimeError("a check always ends with CheckFinished")
