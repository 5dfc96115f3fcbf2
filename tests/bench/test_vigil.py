"""The watch over a worker, on a clock of its own."""

import threading

from rigcheck.bench.vigil import Vigil
from rigcheck.bench.worker import Worker
from rigcheck.target.forms.fastest_graph import COMPILE_LIMIT_S
from tests.bench.runs import CPU, make_plan


class Clock:
    def __init__(self) -> None:
        self.now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s


class Watched:
    """A vigil over a worker that was never begun, so that stopping it has nothing to stop."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.stop = threading.Event()
        worker = Worker(make_plan(), CPU, lambda _: None)
        self.vigil = Vigil(worker, self.stop, self.clock)

    def after(self, duration_s: float, stage: str = "import torch") -> Vigil:
        """Looked at twice a second meanwhile."""
        for _ in range(round(duration_s * 2)):
            self.clock.now_s += 0.5
            self.vigil.look(stage)
        return self.vigil


def test_a_worker_may_be_silent_for_minutes() -> None:
    vigil = Watched().after(299)
    assert (vigil.failure, vigil.over) == (None, False)


def test_a_worker_silent_for_too_long_is_ended_and_told_of() -> None:
    vigil = Watched().after(301)
    assert vigil.over
    assert vigil.failure is not None
    assert vigil.failure.error == "no sign of life for 300 s during import torch"


def test_whoever_speaks_starts_the_time_anew() -> None:
    watched = Watched()
    for _ in range(3):
        assert watched.after(200).failure is None
        watched.vigil.heard()


def test_a_download_may_take_an_hour() -> None:
    watched = Watched()
    assert not watched.after(3_500, "download").over
    assert watched.after(200, "download").failure is not None


def test_a_worker_is_silent_for_as_long_as_another_process_compiles_its_step() -> None:
    assert not Watched().after(COMPILE_LIMIT_S + 60, "compiling peak").over


def test_a_worker_told_to_stop_is_ended_without_blame() -> None:
    watched = Watched()
    watched.stop.set()
    vigil = watched.after(0.5)
    assert (vigil.failure, vigil.over) == (None, True)


def test_a_worker_that_cannot_even_be_killed_is_given_up() -> None:
    watched = Watched()
    watched.stop.set()
    assert not watched.after(0.5).in_vain
    assert not watched.after(9.0).in_vain
    assert watched.after(2.0).in_vain


def test_while_we_were_stopped_ourselves_nobody_was_silent() -> None:
    watched = Watched()
    watched.after(200)
    watched.clock.now_s += 3_600  # Ctrl-Z, and `fg` an hour later
    assert watched.after(90).failure is None
    assert watched.after(30).failure is not None


def test_what_was_to_end_while_we_were_stopped_has_its_time_afterwards() -> None:
    watched = Watched()
    watched.stop.set()
    watched.after(0.5)
    watched.clock.now_s += 3_600
    assert not watched.after(5.0).in_vain
    assert watched.after(6.0).in_vain
