import dataclasses
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from rigcheck.bench.events import BenchEvent
from rigcheck.bench.plan import BenchPlan
from rigcheck.bench.result import Outcome
from rigcheck.check_events import CheckEvent
from rigcheck.errors import RigcheckError
from rigcheck.facts import Rig
from rigcheck.tui.bench_model import BenchModel
from rigcheck.tui.session import Options, Problem
from rigcheck.tui.workbench import Workbench
from tests.tui.streams import (
    FINDINGS,
    bench_events,
    check_events,
    options,
    training_events,
    until_stopped,
)


def taken(work: Workbench) -> Workbench:
    work.take()
    return work


def taken_bench(work: Workbench) -> BenchModel | None:
    return taken(work).bench


def wait_until(condition: Callable[[], object]) -> None:
    end_s = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end_s
        time.sleep(0.005)


def started(of: Options) -> Workbench:
    work = Workbench(of)
    work.start_check()
    return work


def checked(of: Options) -> Workbench:
    work = started(of)
    wait_until(lambda: not work.checking)
    work.take()
    return work


def benched(of: Options) -> Workbench:
    work = checked(of)
    work.want_benchmark()
    wait_until(lambda: not work.benching)
    work.take()
    return work


def test_a_session_that_ran_through_has_everything_and_was_not_interrupted() -> None:
    work = benched(options())
    work.end()
    session = work.session()
    assert not session.interrupted
    assert session.findings == FINDINGS
    assert session.duration_s == 2.5
    assert {probe.part for probe in session.probes} == {"torch", "cpu", "memory", "host"}
    assert session.bench is not None
    assert [run.outcome for run in session.bench.devices] == [Outcome.DONE, Outcome.DONE]


def test_before_the_check_was_started_there_is_nothing_to_end() -> None:
    work = Workbench(options())
    work.take()
    work.end()
    assert (work.session().findings, work.session().interrupted) == ((), False)


def test_a_check_that_is_cut_short_keeps_what_was_found() -> None:
    released = threading.Event()

    def stuck() -> Iterator[CheckEvent]:
        yield from list(check_events())[:6]
        released.wait()

    work = started(dataclasses.replace(options(), check=stuck))
    wait_until(lambda: len(taken(work).check.outcomes) == 2)
    work.end()
    released.set()
    session = work.session()
    assert session.interrupted
    assert [probe.part for probe in session.probes] == ["host", "memory"]


def test_a_benchmark_that_is_cut_short_is_stopped_and_keeps_what_was_measured() -> None:
    work = checked(dataclasses.replace(options(), bench=until_stopped))
    work.want_benchmark()
    wait_until(lambda: (bench := taken_bench(work)) and bench.devices["cpu"].train_accuracy)
    work.end()
    session = work.session()
    assert session.interrupted
    assert session.bench is not None
    assert [run.outcome for run in session.bench.devices] == [Outcome.CANCELLED]
    assert not work.benching


def test_a_benchmark_that_the_user_stopped_is_no_interruption() -> None:
    work = checked(dataclasses.replace(options(), bench=until_stopped))
    work.want_benchmark()
    work.stop_benchmark()
    wait_until(lambda: not work.benching)
    work.end()
    assert not work.session().interrupted
    assert work.session().bench is not None


def test_the_benchmark_starts_once_the_check_is_through() -> None:
    released = threading.Event()

    def slow() -> Iterator[CheckEvent]:
        released.wait()
        yield from check_events()

    work = started(dataclasses.replace(options(), check=slow))
    work.want_benchmark()
    assert work.bench is None
    released.set()
    wait_until(lambda: (bench := taken_bench(work)) and bench.ended)
    work.end()


def test_one_that_is_no_longer_wanted_does_not_start() -> None:
    released = threading.Event()

    def slow() -> Iterator[CheckEvent]:
        released.wait()
        yield from check_events()

    work = started(dataclasses.replace(options(), check=slow))
    work.want_benchmark()
    work.stop_benchmark()
    released.set()
    wait_until(lambda: not work.checking)
    work.take()
    assert work.bench is None


def test_only_one_check_and_one_benchmark_are_at_work() -> None:
    released = threading.Event()
    n_checks = n_runs = 0

    def slow_check() -> Iterator[CheckEvent]:
        nonlocal n_checks
        n_checks += 1
        released.wait()
        yield from check_events()

    def slow_bench(of: BenchPlan, stop: threading.Event) -> Iterator[BenchEvent]:
        nonlocal n_runs
        n_runs += 1
        yield from until_stopped(of, stop)

    work = started(dataclasses.replace(options(), check=slow_check, bench=slow_bench))
    work.start_check()
    released.set()
    wait_until(lambda: not work.checking)
    work.want_benchmark()
    wait_until(lambda: n_runs)
    work.want_benchmark()
    work.end()
    assert (n_checks, n_runs) == (1, 1)


def test_a_plan_that_cannot_be_made_is_a_problem_and_no_run() -> None:
    def no_plan(_rig: Rig) -> BenchPlan:
        raise RigcheckError("no such device: cuda:3", hint="there is cpu")

    work = benched(dataclasses.replace(options(), make_plan=no_plan))
    assert work.problem == Problem("no such device: cuda:3", "there is cpu")
    assert (work.bench, work.remedy) == (None, None)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (RigcheckError("cut short", hint="fetch it again"), "cut short"),
        (KeyError("x"), "rigcheck itself failed: KeyError: 'x'"),
    ],
)
def test_a_run_that_breaks_off_is_a_problem_and_has_ended(error: Exception, text: str) -> None:
    def broken(of: BenchPlan, _stop: threading.Event) -> Iterator[BenchEvent]:
        yield from list(training_events(of.devices[0], 0.0, 100.0))[:5]
        raise error

    work = benched(dataclasses.replace(options(), bench=broken))
    assert work.problem is not None
    assert work.problem.text == text
    assert work.bench is not None
    assert work.bench.ended
    assert work.session().bench is None


def test_a_new_benchmark_forgets_the_old_problem() -> None:
    plans = iter((RigcheckError("not yet"), options().make_plan(Rig())))

    def second_time(_rig: Rig) -> BenchPlan:
        made = next(plans)
        if isinstance(made, RigcheckError):
            raise made
        return made

    work = benched(dataclasses.replace(options(), make_plan=second_time))
    assert work.problem is not None
    work.want_benchmark()
    wait_until(lambda: (bench := taken_bench(work)) and bench.ended)
    assert work.problem is None


def test_a_check_that_breaks_off_tells_why() -> None:
    def broken() -> Iterator[CheckEvent]:
        yield from list(check_events())[:5]
        raise RigcheckError("no such interpreter", hint="give another")

    work = checked(dataclasses.replace(options(), check=broken))
    assert work.check.error == Problem("no such interpreter", "give another")
    assert list(work.check.outcomes) == ["host"]


def test_a_pause_ends_with_the_benchmark() -> None:
    told = dataclasses.replace(options(), bench=until_stopped)
    work = checked(told)
    work.pause_benchmark()
    assert not told.pause.is_set()
    work.want_benchmark()
    work.pause_benchmark()
    assert (work.pausing, told.pause.is_set()) == (True, True)
    work.pause_benchmark()
    assert not work.pausing
    work.pause_benchmark()
    work.stop_benchmark()
    wait_until(lambda: not work.benching)
    assert not work.pausing
    work.want_benchmark()
    assert not told.pause.is_set()
    work.end()


def test_what_was_chosen_is_what_starts_again() -> None:
    plans = list[BenchPlan]()

    def noted(of: BenchPlan, _stop: threading.Event) -> Iterator[BenchEvent]:
        plans.append(of)
        yield from bench_events(of)

    work = checked(dataclasses.replace(options(), bench=noted))
    choices = work.choices()
    assert choices is not None
    chosen = choices.with_device("cpu").plan
    for given in (chosen, None):
        work.want_benchmark(given)
        wait_until(lambda: not work.benching)
        work.take()
    assert plans == [chosen, chosen]
    again = work.choices()
    assert again is not None
    assert again.chosen == {"cuda:0"}


def test_where_nothing_can_be_trained_there_is_nothing_to_choose() -> None:
    def no_plan(_rig: Rig) -> BenchPlan:
        raise RigcheckError("no torch that works")

    work = checked(dataclasses.replace(options(), make_plan=no_plan))
    assert work.choices() is None
    assert work.problem == Problem("no torch that works", "")
