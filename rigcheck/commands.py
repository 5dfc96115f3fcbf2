"""What each command does: run, show, keep, and the exit code that follows."""

import argparse
import contextlib
import io
import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import msgspec
import platformdirs

from rigcheck.bench.devices import bench_devices, choose_devices
from rigcheck.bench.events import BenchFinished
from rigcheck.bench.findings import judge_bench
from rigcheck.bench.plan import DEFAULT_TRAINING_S, BenchPlan
from rigcheck.bench.result import BenchRun
from rigcheck.bench.runner import run
from rigcheck.check import CheckFinished, check
from rigcheck.errors import ExitCode, RigcheckError, UsageError
from rigcheck.facts import Rig, value_of
from rigcheck.findings import Finding, Verdict, by_importance
from rigcheck.interpreters import default_python, find_python
from rigcheck.probes.probe import ProbeContext
from rigcheck.probes.registry import PROBES
from rigcheck.progress import Progress
from rigcheck.report.read import read_report
from rigcheck.report.report import Report, make_report
from rigcheck.report.store import RunFile, runs_dir
from rigcheck.report.text import Style, report_text
from rigcheck.rules.registry import RULES
from rigcheck.terminal import Glyphs, read_terminal

_LEVELS = {
    "fail": {Verdict.FAIL},
    "warn": {Verdict.FAIL, Verdict.WARN},
    "unknown": {Verdict.FAIL, Verdict.WARN, Verdict.UNKNOWN},
    "never": set[Verdict](),
}


def check_command(options: argparse.Namespace) -> ExitCode:
    """`rigcheck check`."""
    only = _chosen_parts(getattr(options, "only", None))
    with Progress() as progress:
        finished = _checked(probe_context(options), _parts_for(only), progress)
    report = make_report(
        rig=finished.rig,
        probes=finished.probes,
        findings=tuple(f for f in finished.findings if only is None or f.group in only),
        check_duration_s=finished.duration_s,
    )
    return _show(report, options)


def bench_command(options: argparse.Namespace) -> ExitCode:
    """`rigcheck bench`."""
    context = probe_context(options)
    with Progress() as progress:
        finished = _checked(context, None, progress)
        plan = make_plan(options, context, finished.rig)
        run_file = RunFile(runs_dir())
        with _stop_on_interrupt() as stop:
            bench = _benched(plan, stop, progress, run_file)
    report = make_report(
        rig=finished.rig,
        probes=finished.probes,
        findings=merged_findings(finished.findings, bench),
        check_duration_s=finished.duration_s,
        bench=bench,
        interrupted=stop.is_set(),
    )
    run_file.finish(report)
    if run_file.problem:
        print(f"rigcheck: this run is not kept: {run_file.problem}", file=sys.stderr)
    return _show(report, options)


def advise_command(options: argparse.Namespace) -> ExitCode:
    """`rigcheck advise`: its exit code is 0, whatever it has to say."""
    from rigcheck.advise import PARTS, advise  # noqa: PLC0415 -- its tables are its own
    from rigcheck.report.advice_text import advice_lines  # noqa: PLC0415

    with Progress() as progress:
        finished = _checked(probe_context(options), frozenset(PARTS), progress)
    advice = advise(finished.rig)
    report = make_report(
        rig=finished.rig,
        probes=finished.probes,
        findings=finished.findings,
        check_duration_s=finished.duration_s,
        advice=advice,
    )
    if getattr(options, "json", False):
        _show(report, options)
    else:
        _write_out("\n".join(advice_lines(advice, _style(options))))
    return ExitCode.OK


def explain_command(options: argparse.Namespace) -> ExitCode:
    """`rigcheck explain`."""
    # Its patterns take longer to compile than most commands run.
    from rigcheck.explain import explain  # noqa: PLC0415
    from rigcheck.ingest.text import read_text_file  # noqa: PLC0415

    return _show(explain(read_text_file(options.file)), options)


def judge_command(options: argparse.Namespace) -> ExitCode:
    """`rigcheck judge`."""
    from rigcheck.rejudge import rejudge  # noqa: PLC0415 -- it brings what `explain` brings

    report = rejudge(read_report(options.report))
    # That the run was interrupted then is no fault of this judgement.
    return _show(msgspec.structs.replace(report, interrupted=False), options)


def rules_command(options: argparse.Namespace) -> ExitCode:
    """`rigcheck rules`."""
    from rigcheck.rules.describe import rule_text, rules_text  # noqa: PLC0415

    _write_out(rules_text() if options.id is None else rule_text(options.id))
    return ExitCode.OK


def make_plan(options: argparse.Namespace, context: ProbeContext, rig: Rig) -> BenchPlan:
    """The benchmark that the options ask for.

    Raises:
        UsageError: for a device that is not there, or a directory that does not exist.
        RigcheckError: if the interpreter has no torch that works.
    """
    version = value_of(rig.torch.version)
    if version is None:
        raise RigcheckError(
            f"no torch that works in {context.python}, so nothing can be trained",
            hint="rigcheck check --only torch --only python says why and what to do",
            exit_code=ExitCode.FINDINGS,
        )
    data_dir = getattr(options, "data_dir", None)
    download = getattr(options, "download", False)
    if data_dir is not None and not download and not data_dir.is_dir():
        raise UsageError(
            f"no such directory: {data_dir}", hint="leave --data-dir out for the built-in digits"
        )
    return BenchPlan(
        python=context.python,
        devices=choose_devices(bench_devices(rig), getattr(options, "device", None) or ()),
        training_s=getattr(options, "seconds", DEFAULT_TRAINING_S),
        epochs=getattr(options, "epochs", None),
        data_dir=context.data_dir if download or context.data_dir.is_dir() else None,
        download=download,
        threads=getattr(options, "threads", None),
    )


def merged_findings(findings: tuple[Finding, ...], bench: BenchRun | None) -> tuple[Finding, ...]:
    """The rules' findings and the benchmark's, in one order."""
    measured = judge_bench(bench) if bench is not None else ()
    return tuple(sorted((*findings, *measured), key=by_importance))


def probe_context(options: argparse.Namespace) -> ProbeContext:
    """What the options ask about.

    Raises:
        UsageError: for an interpreter that is not there.
    """
    python = getattr(options, "python", None)
    data_dir = getattr(options, "data_dir", None)
    return ProbeContext(
        python=find_python(python) if python else default_python(),
        data_dir=data_dir or Path(platformdirs.user_data_path("rigcheck")) / "mnist",
    )


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
    return only.union(*(rule.needs for rule in RULES if rule.group in only))


def _checked(
    context: ProbeContext, parts: frozenset[str] | None, progress: Progress
) -> CheckFinished:
    for event in check(context, parts=parts):
        if isinstance(event, CheckFinished):
            return event
        progress.checking(event)
    raise RuntimeError("a check always ends with CheckFinished")


def _benched(
    plan: BenchPlan, stop: threading.Event, progress: Progress, run_file: RunFile
) -> BenchRun:
    for event in run(plan, stop):
        run_file.append(event)
        if isinstance(event, BenchFinished):
            return event.run
        progress.benching(event)
    raise RuntimeError("a benchmark always ends with BenchFinished")


@contextlib.contextmanager
def _stop_on_interrupt() -> Iterator[threading.Event]:
    """The first Ctrl-C or SIGTERM asks the run to end with what it has; the second is final."""
    stop = threading.Event()

    def handle(_signal: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, handle) for number in signals}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _show(report: Report, options: argparse.Namespace) -> ExitCode:
    if getattr(options, "json", False):
        _write_out(msgspec.json.format(msgspec.json.encode(report), indent=2).decode() + "\n")
    else:
        _write_out(report_text(report, _style(options)))
    return exit_code(report, getattr(options, "fail_on", "fail"))


def exit_code(report: Report, fail_on: str) -> ExitCode:
    """What a script is told of the report."""
    if report.interrupted:
        return ExitCode.INTERRUPTED
    wrong = any(finding.verdict in _LEVELS[fail_on] for finding in report.findings)
    return ExitCode.FINDINGS if wrong else ExitCode.OK


def start_command(options: argparse.Namespace) -> ExitCode:
    """`rigcheck` alone: the terminal interface, or the text of `check` where it cannot be."""
    if getattr(options, "plain", False):
        return check_command(options)
    obstacle = read_terminal().obstacle
    if obstacle:
        print(f"rigcheck: plain text, as {obstacle}", file=sys.stderr)
        return check_command(options)
    raise NotImplementedError


def _style(options: argparse.Namespace) -> Style:
    terminal = read_terminal()
    is_plain = getattr(options, "plain", False)
    return Style(
        symbols=not is_plain and terminal.glyphs is not Glyphs.ASCII,
        colour=not is_plain and terminal.colour,
        width=max(60, min(terminal.columns, 100)) if terminal.stdout_is_tty else 100,
    )


def _write_out(text: str) -> None:
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
        # What the reader wanted it has; our exit code still tells the verdict. The interpreter's
        # own flush at the end must not fail on the same pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        raise RigcheckError(f"the report could not be written: {error.strerror}") from error
