"""What the commands do that judge, advise and explain: run, show, and the exit code."""

import argparse

import msgspec

from rigcheck.choices import probe_context
from rigcheck.errors import ExitCode
from rigcheck.one_check import checked_through
from rigcheck.output import show, write_out
from rigcheck.progress import Progress
from rigcheck.report.read import read_report
from rigcheck.report.report import make_report


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
