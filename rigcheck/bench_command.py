"""`rigcheck bench`: the plan that its options ask for, the run, and what is kept of it.

Apart from the other commands, which need nothing of the benchmark.
"""

import argparse
import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

from rigcheck.bench.devices import bench_devices, choose_devices, priced
from rigcheck.bench.events import BenchEvent, BenchFinished
from rigcheck.bench.judge import concluded, judge_run
from rigcheck.bench.plan import DEFAULT_TIERS, DEFAULT_TRAINING_S, BenchPlan
from rigcheck.bench.result import BenchRun
from rigcheck.bench.runner import run
from rigcheck.bench.tier import Tier
from rigcheck.check_events import CheckFinished
from rigcheck.choices import probe_context
from rigcheck.errors import ExitCode, RigcheckError
from rigcheck.facts import Rig, value_of
from rigcheck.findings import Finding, by_importance
from rigcheck.keeping import check_report, tell_if_not_kept
from rigcheck.one_check import checked_through
from rigcheck.output import show
from rigcheck.probes.probe import ProbeContext
from rigcheck.progress import Progress
from rigcheck.report.report import Report, make_report
from rigcheck.report.store import RunFile, runs_dir
from rigcheck.target.mnist import find_files

_MNIST_FILES = 4


def bench_command(options: argparse.Namespace) -> ExitCode:
    """`rigcheck bench`."""
    context = probe_context(options)
    with Progress() as progress:
        checked = checked_through(context, None, progress)
        plan = bench_plan(options, context, checked.rig)
        run_file = RunFile(runs_dir())
        with _stop_on_signal() as stop:
            bench = _benched(kept(run(plan, stop), run_file, checked, stop), progress)
    tell_if_not_kept(run_file)
    return show(bench_report(checked, bench, interrupted=stop.is_set()), options)


def bench_plan(options: argparse.Namespace, context: ProbeContext, rig: Rig) -> BenchPlan:
    """The benchmark that is asked for.

    Raises:
        UsageError: for a device that is not there.
        RigcheckError: if the interpreter has no torch that works.
    """
    if value_of(rig.torch.version) is None:
        raise RigcheckError(
            f"no torch that works in {context.python}, so nothing can be trained",
            hint=f"rigcheck check --only torch --python {context.python} says why and what to do",
            exit_code=ExitCode.FINDINGS,
        )
    download = getattr(options, "download", False)
    is_full = getattr(options, "full", False)
    # Without --data-dir: what an earlier --download fetched whole, else the built-in digits.
    is_asked_for = download or getattr(options, "data_dir", None) is not None
    has_data = is_asked_for or len(find_files(context.data_dir)) == _MNIST_FILES
    return BenchPlan(
        python=context.python,
        devices=priced(
            choose_devices(bench_devices(rig), getattr(options, "device", None) or ()),
            getattr(options, "price", None) or (),
        ),
        tiers=tuple(Tier) if is_full else DEFAULT_TIERS,
        is_full=is_full,
        training_s=getattr(options, "seconds", DEFAULT_TRAINING_S),
        epochs=getattr(options, "epochs", None),
        data_dir=context.data_dir if has_data else None,
        download=download,
        threads=getattr(options, "threads", None),
        nvml_library=context.nvml_library,
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
