"""The work behind the screens: one check and one benchmark at a time; knows no Textual."""

import dataclasses
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rigcheck.errors import RigcheckError
from rigcheck.facts import value_of
from rigcheck.findings import Remedy
from rigcheck.tui.check_model import CheckModel
from rigcheck.tui.engine import Engine, until_stopped
from rigcheck.tui.session import Options, Problem, Session

if TYPE_CHECKING:
    from rigcheck.bench.events import BenchEvent
    from rigcheck.check_events import CheckEvent
    from rigcheck.report.changes import Change
    from rigcheck.report.kept_runs import KeptRun
    from rigcheck.report.report import Report
    from rigcheck.tui.bench_model import BenchModel

_BENCH_END_S = 15.0


@dataclasses.dataclass(frozen=True)
class History:
    """What earlier runs have left."""

    newest: "KeptRun | None" = None
    """The last one, whatever became of it."""
    report: "Report | None" = None
    """Of the last whole one."""
    when: str = ""
    """The time of that."""


def _read_history(runs_dir: Path, now: str) -> Iterator[History]:
    from rigcheck.report import kept_runs  # noqa: PLC0415 -- not before the first frame

    run_id, report = kept_runs.read_newest_report(runs_dir, before=now)
    newest = kept_runs.newest_run(runs_dir, before=now)
    yield History(newest, report, kept_runs.when_text(run_id))


class Workbench:
    """Starts engines, takes their events into the models, ends them."""

    def __init__(self, options: Options) -> None:
        """Starts nothing yet."""
        self.check = CheckModel()
        self.bench: BenchModel | None = None
        self.problem: Problem | None = None
        """Why the benchmark cannot run, or broke off."""
        self.remedy: Remedy | None = None
        """What mends that, where the check knows it."""
        self.history = History()
        self._options = options
        self._bench_wanted = False
        self._interrupted = False
        self._check_engine: Engine[CheckEvent] | None = None
        self._bench_engine: Engine[BenchEvent] | None = None
        self._history_engine: Engine[History] | None = None
        self._changes: tuple[object, tuple[Change, ...]] = (None, ())

    @property
    def checking(self) -> bool:
        """A check is at work."""
        return self._check_engine is not None and self._check_engine.running

    @property
    def benching(self) -> bool:
        """A benchmark is at work."""
        return self._bench_engine is not None and self._bench_engine.running

    @property
    def changes(self) -> "tuple[Change, ...] | None":
        """From the last kept run to this check; None where there is nothing to compare."""
        before, finished = self.history.report, self.check.finished
        if before is None or finished is None:
            return None
        if self._changes[0] is not finished:
            from rigcheck.report.changes import changes  # noqa: PLC0415 -- after the first frame

            told = changes(before.rig, before.findings, finished.rig, finished.findings)
            self._changes = finished, told
        return self._changes[1]

    def read_history(self) -> None:
        """Reads what earlier runs have left; `history` is filled soon."""
        runs_dir = self._options.runs_dir
        if runs_dir is not None:
            now = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
            self._history_engine = Engine("history", lambda _stop: _read_history(runs_dir, now))

    def start_check(self) -> None:
        """Starts a check, unless one is at work."""
        if not self.checking:
            check = self._options.check
            self.check = CheckModel()
            self._check_engine = Engine("check", lambda stop: until_stopped(check(), stop))

    def start_recheck(self, part: str) -> bool:
        """Asks this part again; False where that cannot be, or a check is at work."""
        recheck, finished = self._options.recheck, self.check.finished
        if self.checking or recheck is None or finished is None or not self.check.probes(part):
            return False
        self.check.ask_again(part)
        self._check_engine = Engine(
            "recheck", lambda stop: until_stopped(recheck(part, finished), stop)
        )
        return True

    def want_benchmark(self) -> None:
        """Starts a benchmark, now or once the check is through: they would disturb each other."""
        if not self.benching:
            self._bench_wanted = True
            self.problem = self.remedy = None
            self.take()

    def stop_benchmark(self) -> None:
        """Asks it to end with what it has."""
        self._bench_wanted = False
        if self._bench_engine is not None:
            self._bench_engine.stop()

    def take(self) -> None:
        """Takes what the engines have told since the last call; starts what waited for it."""
        self._take_check()
        if self._history_engine is not None:
            for history in self._history_engine.take():
                self.history = history
        if self._bench_wanted and self._check_engine is not None and not self.checking:
            self._bench_wanted = False
            self._start_benchmark()
        self._take_bench()

    def end(self) -> None:
        """Stops what is at work and waits until the benchmark's workers are gone.

        A probe may be stuck, and has nothing to tidy up: nobody waits for it.
        """
        self._interrupted = self._interrupted or self.checking or self.benching
        self._bench_wanted = False
        for engine in (self._check_engine, self._bench_engine):
            if engine is not None:
                engine.stop()
        if self._bench_engine is not None:
            self._bench_engine.join(_BENCH_END_S)
        self.take()

    def session(self) -> Session:
        """What is known now."""
        return Session(
            rig=self.check.rig,
            findings=self.check.findings,
            probes=tuple(self.check.outcomes.values()),
            duration_s=self.check.duration_s,
            bench=self.bench.finished if self.bench is not None else None,
            interrupted=self._interrupted,
            is_checked=self.check.finished is not None,
        )

    def _start_benchmark(self) -> None:
        try:
            plan = self._options.make_plan(self.check.rig)
        except RigcheckError as error:
            self._tell_problem(error)
            return
        from rigcheck.tui.bench_model import BenchModel  # noqa: PLC0415 -- not before first needed

        bench = self._options.bench
        self.bench = BenchModel(plan, rig=self.check.rig)
        self._bench_engine = Engine("benchmark", lambda stop: bench(plan, stop))

    def _take_check(self) -> None:
        if self._check_engine is None:
            return
        # Asked first: once it has ended, the events that are there are all there are.
        ended = not self.checking
        for event in self._check_engine.take():
            self.check.take(event)
        if ended and self._check_engine.error is not None:
            self.check.error = Problem.of(self._check_engine.error)

    def _take_bench(self) -> None:
        if self._bench_engine is None or self.bench is None or self.bench.ended:
            return
        ended = not self.benching
        for event in self._bench_engine.take():
            self.bench.take(event)
        if ended:
            self.bench.end()
            if self._bench_engine.error is not None:
                self._tell_problem(self._bench_engine.error)

    def _tell_problem(self, error: Exception) -> None:
        self.problem = Problem.of(error)
        if value_of(self.check.rig.torch.version) is None:
            self.remedy = self.check.remedy_for("torch")
