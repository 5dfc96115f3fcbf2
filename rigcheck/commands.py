"""What each command does: run, show, keep, and the exit code that follows."""

import argparse
import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

import msgspec

from rigcheck.bench.events import BenchEvent, BenchFinished
from rigcheck.bench.result import BenchRun
from rigcheck.bench.runner import run
from rigcheck.check import check
from rigcheck.check_events import CheckFinished
from rigcheck.choices import bench_plan, probe_context
from rigcheck.errors import ExitCode, UsageError
from rigcheck.output import bench_report, kept, show, tell_if_not_kept, text_style, write_out
from rigcheck.probes.probe import ProbeContext
from rigcheck.probes.registry import PROBES
from rigcheck.progress import Progress
from rigcheck.report.read import read_report
from rigcheck.report.report import make_report
from rigcheck.report.store import RunFile, keep, runs_dir
from rigcheck.rules.registry import RULES
from rigcheck.terminal import read_terminal


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
    tell_if_not_kept(keep(report))
    return show(report, options)


def bench_command(options: argparse.Namespace) -> ExitCode:
    """`rigcheck bench`."""
    context = probe_context(options)
    with Progress() as progress:
        checked = _checked(context, None, progress)
        plan = bench_plan(options, context, checked.rig)
        run_file = RunFile(runs_dir())
        with _stop_on_signal() as stop:
            bench = _benched(kept(run(plan, stop), run_file, checked, stop), progress)
    tell_if_not_kept(run_file)
    return show(bench_report(checked, bench, interrupted=stop.is_set()), options)


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
        show(report, options)
    else:
        style = text_style(read_terminal(), is_plain=getattr(options, "plain", False))
        write_out("\n".join(advice_lines(advice, style)))
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
    return only.union(*(rule.needs for rule in RULES if rule.group in only))


def _checked(
    context: ProbeContext, parts: frozenset[str] | None, progress: Progress
) -> CheckFinished:
    for event in check(context, parts=parts):
        if isinstance(event, CheckFinished):
            return event
        progress.checking(event)
    raise RuntimeError("a check always ends with CheckFinished")


def _benched(events: Iterator[BenchEvent], progress: Progress) -> BenchRun:
    for event in events:
        if isinstance(event, BenchFinished):
            return event.run
        progress.benching(event)
    raise RuntimeError("a benchmark always ends with BenchFinished")


@contextlib.contextmanager
def _stop_on_signal() -> Iterator[threading.Event]:
    """The first Ctrl-C, SIGTERM or SIGHUP asks the run to end with what it has; two are final.

    What is ignored (SIGHUP under nohup) stays ignored.
    """
    stop = threading.Event()

    def handle(_signal: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    heeded = [number for number in signals if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, handle) for number in heeded}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
