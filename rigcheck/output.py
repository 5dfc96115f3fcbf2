"""What a command leaves behind: the report on stdout, the run on disk, and the exit code."""

import argparse
import io
import os
import sys
import threading
from collections.abc import Iterator

import msgspec

from rigcheck.bench.events import BenchEvent, BenchFinished
from rigcheck.bench.judge import concluded, judge_run
from rigcheck.bench.result import BenchRun
from rigcheck.check_events import CheckFinished
from rigcheck.errors import ExitCode, RigcheckError
from rigcheck.facts import Rig
from rigcheck.findings import Finding, Verdict, by_importance
from rigcheck.report.report import Report, make_report
from rigcheck.report.store import RunFile
from rigcheck.report.text import Style, report_text
from rigcheck.terminal import Glyphs, Terminal, read_terminal

_LEVELS = {
    "fail": {Verdict.FAIL},
    "warn": {Verdict.FAIL, Verdict.WARN},
    "unknown": {Verdict.FAIL, Verdict.WARN, Verdict.UNKNOWN},
    "never": set[Verdict](),
}
_NARROWEST, _WIDEST = 60, 100


def check_report(checked: CheckFinished) -> Report:
    """The report of a check alone."""
    return make_report(
        rig=checked.rig,
        probes=checked.probes,
        findings=checked.findings,
        check_duration_s=checked.duration_s,
    )


def bench_report(checked: CheckFinished, bench: BenchRun, *, interrupted: bool) -> Report:
    """The report of a check and the benchmark that followed it."""
    return make_report(
        rig=checked.rig,
        probes=checked.probes,
        findings=with_bench(checked.rig, checked.findings, bench),
        check_duration_s=checked.duration_s,
        bench=bench,
        interrupted=interrupted,
    )


def with_bench(
    rig: Rig, findings: tuple[Finding, ...], bench: BenchRun | None
) -> tuple[Finding, ...]:
    """The rules' findings and those of the benchmark, in one order."""
    if bench is None:
        return findings
    return tuple(sorted((*findings, *judge_run(rig, bench)), key=by_importance))


def kept(
    events: Iterator[BenchEvent],
    run_file: RunFile,
    checked: CheckFinished,
    stop: threading.Event,
) -> Iterator[BenchEvent]:
    """Passes a benchmark's events on, each written before anybody is told of it."""
    run_file.begin(check_report(checked))
    for event in events:
        if isinstance(event, BenchFinished):
            bench = _with_conclusions(checked, event.run, run_file)
            event = BenchFinished(run=bench)  # noqa: PLW2901
            run_file.finish(bench_report(checked, bench, interrupted=stop.is_set()))
        else:
            run_file.append(event)
        yield event


def _with_conclusions(checked: CheckFinished, bench: BenchRun, run_file: RunFile) -> BenchRun:
    from rigcheck.compare.before import with_before  # noqa: PLC0415 -- when a run has ended

    told = concluded(checked.rig, bench)
    report = bench_report(checked, told, interrupted=False)
    return with_before(report, run_file.path.parent) or told


def tell_if_not_kept(run_file: RunFile) -> None:
    """Says on stderr why a run is not on disk, if it is not, and what room for it has cost."""
    if run_file.problem:
        print(f"rigcheck: this run is not kept: {run_file.problem}", file=sys.stderr)
    if run_file.note:
        print(f"rigcheck: {run_file.note}", file=sys.stderr)


def show(report: Report, options: argparse.Namespace) -> ExitCode:
    """Prints the report as the options say.

    Raises:
        RigcheckError: if stdout cannot take it.
    """
    if getattr(options, "json", False):
        write_out(msgspec.json.format(msgspec.json.encode(report), indent=2).decode() + "\n")
    else:
        style = text_style(read_terminal(), is_plain=getattr(options, "plain", False))
        write_out(report_text(report, style))
    return exit_code(report, getattr(options, "fail_on", "fail"))


def text_style(terminal: Terminal, *, is_plain: bool) -> Style:
    """How text may look on this terminal."""
    width = min(max(terminal.columns, _NARROWEST), _WIDEST)
    return Style(
        symbols=not is_plain and terminal.glyphs is not Glyphs.ASCII,
        colour=not is_plain and terminal.colour,
        width=width if terminal.stdout_is_tty else _WIDEST,
    )


def exit_code(report: Report, fail_on: str) -> ExitCode:
    """What a script is told of the report."""
    if report.interrupted:
        return ExitCode.INTERRUPTED
    wrong = any(finding.verdict in _LEVELS[fail_on] for finding in report.findings)
    return ExitCode.FINDINGS if wrong else ExitCode.OK


def write_out(text: str) -> None:
    """Writes all of it, or says why not.

    Raises:
        RigcheckError: if stdout cannot take it; a reader who closed it early is no error.
    """
    # A locale that cannot spell a device's name must not cost us the report.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # What the reader wanted it has, and our exit code still tells the verdict.
        _discard_stdout()
    except OSError as error:
        _discard_stdout()
        raise RigcheckError(f"the report could not be written: {error.strerror}") from error


def _discard_stdout() -> None:
    """Lets the interpreter's own flush at the end find nothing to fail on."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
