"""The work behind the screens: one check and one benchmark at a time; knows no Textual."""

import time
from typing import TYPE_CHECKING

from rigcheck.errors import RigcheckError
from rigcheck.facts import value_of
from rigcheck.findings import Remedy
from rigcheck.tui.check_model import CheckModel
from rigcheck.tui.engine import Engine, until_stopped
from rigcheck.tui.session import Options, Problem, Session

if TYPE_CHECKING:
    from rigcheck.bench.events import BenchEvent
    from rigcheck.bench.plan import BenchDevice, BenchPlan
    from rigcheck.check_events import CheckEvent
    from rigcheck.compare.news import News
    from rigcheck.tui.bench_choices import BenchChoices
    from rigcheck.tui.bench_model import BenchModel
    from rigcheck.tui.earlier import Earlier

_BENCH_END_S = 15.0


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
        self.earlier: Earlier | None = None
        """What earlier runs have left, once it is read."""
        self._options = options
        self._bench_wanted = False
        self._plan: BenchPlan | None = None
        self._interrupted = False
        self._check_engine: Engine[CheckEvent] | None = None
        self._bench_engine: Engine[BenchEvent] | None = None
        self._earlier_engine: Engine[Earlier] | None = None
        self._news: tuple[object, tuple[News, ...]] = (None, ())

    @property
    def checking(self) -> bool:
        """A check is at work."""
        return self._check_engine is not None and self._check_engine.running

    @property
    def benching(self) -> bool:
        """A benchmark is at work."""
        return self._bench_engine is not None and self._bench_engine.running

    @property
    def news(self) -> "tuple[News, ...] | None":
        """From the last kept run to this check; None where there is nothing to compare."""
        before = self.earlier.report if self.earlier is not None else None
        finished = self.check.finished
        if before is None or finished is None:
            return None
        if self._news[0] is not finished:
            from rigcheck.compare.news import news  # noqa: PLC0415 -- after the first frame

            told = news(before.rig, before.findings, finished.rig, finished.findings)
            self._news = finished, told
        return self._news[1]

    def read_earlier(self) -> None:
        """Reads what earlier runs have left; `earlier` is filled soon."""
        runs_dir = self._options.runs_dir
        if runs_dir is not None:
            from rigcheck.tui.earlier import read_earlier  # noqa: PLC0415 -- after the first frame

            now = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
            self._earlier_engine = Engine("earlier", lambda _stop: read_earlier(runs_dir, now))

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

    def choices(self) -> "BenchChoices | None":
        """What a benchmark may be, from the last one that was wanted; None where there can be none.

        `problem` then says why, as it does of a run.
        """
        from rigcheck.tui.bench_choices import BenchChoices  # noqa: PLC0415 -- see below

        plan = self._plan or self._make_plan()
        return BenchChoices.of(plan, self.check.rig) if plan is not None else None

    def want_benchmark(self, plan: "BenchPlan | None" = None) -> None:
        """Starts a benchmark, now or once the check is through: they would disturb each other.

        Without a plan it is the last one given, else the one that the command line asks for.
        """
        if not self.benching:
            self._plan = plan or self._plan
            self._bench_wanted = True
            self.problem = self.remedy = None
            self.take()

    def stop_benchmark(self) -> None:
        """Asks it to end with what it has."""
        self._bench_wanted = False
        if self._bench_engine is not None:
            self._bench_engine.stop()

    @property
    def bench_wanted(self) -> bool:
        """A benchmark waits for the end of the check."""
        return self._bench_wanted

    @property
    def pausing(self) -> bool:
        """The benchmark rests, or will once its devices have ended what they are at."""
        return self.benching and self._options.pause.is_set()

    def pause_benchmark(self) -> None:
        """Has it rest, or go on."""
        if self.pausing:
            self._options.pause.clear()
        elif self.benching:
            self._options.pause.set()

    @property
    def guests(self) -> "tuple[BenchDevice, ...]":
        """The devices that were asked to join the benchmark and wait for it."""
        return self._options.guests.waiting

    @property
    def missing_devices(self) -> "tuple[BenchDevice, ...]":
        """The devices that could join the benchmark at work."""
        if self.bench is None or not self.benching:
            return ()
        from rigcheck.tui.joining import missing_devices  # noqa: PLC0415 -- see below

        return missing_devices(self.bench, self.check.rig, self.guests)

    def add_device(self, device: "BenchDevice") -> str:
        """Has it join the benchmark at work, and the next one; returns "", or why it cannot."""
        why_not = self._options.guests.ask(device)
        choices = self.choices()
        if not why_not and choices is not None and device.device not in choices.chosen:
            self._plan = choices.with_device(device.device).plan
        return why_not

    def take(self) -> None:
        """Takes what the engines have told since the last call; starts what waited for it."""
        self._take_check()
        if self._earlier_engine is not None:
            for earlier in self._earlier_engine.take():
                self.earlier = earlier
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

    def _make_plan(self) -> "BenchPlan | None":
        try:
            return self._options.make_plan(self.check.rig)
        except RigcheckError as error:
            self._tell_problem(error)
            return None

    def _start_benchmark(self) -> None:
        plan = self._plan or self._make_plan()
        if plan is None:
            return
        from rigcheck.tui.bench_model import BenchModel  # noqa: PLC0415 -- not before first needed

        bench = self._options.bench
        self.bench = BenchModel(plan, rig=self.check.rig)
        self._options.pause.clear()
        self._options.guests.open()
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
