import threading
from collections.abc import Iterator

import pytest

from rigcheck.tui.engine import Engine, until_stopped


def ended(engine: Engine[int]) -> list[int]:
    assert engine.join(timeout_s=10)
    return list(engine.take())


def test_events_wait_until_they_are_taken() -> None:
    engine = Engine("test", lambda _stop: iter(range(5)))
    assert ended(engine) == [0, 1, 2, 3, 4]
    assert list(engine.take()) == []


def test_what_the_generator_raises_is_kept_with_what_it_told_before() -> None:
    def events(_stop: threading.Event) -> Iterator[int]:
        yield 1
        raise ValueError("no more")

    engine = Engine("test", events)
    assert ended(engine) == [1]
    assert str(engine.error) == "no more"


def test_a_generator_that_watches_stop_still_tells_its_last_event() -> None:
    def events(stop: threading.Event) -> Iterator[int]:
        yield 1
        stop.wait()
        yield 2

    engine = Engine("test", events)
    assert engine.running
    engine.stop()
    assert ended(engine) == [1, 2]


def test_one_that_does_not_watch_it_is_ended_between_two_events() -> None:
    released, closed = threading.Event(), threading.Event()

    def events() -> Iterator[int]:
        try:
            yield 1
            released.wait()
            yield 2
            yield 3
        finally:
            closed.set()

    engine = Engine("test", lambda stop: until_stopped(events(), stop))
    engine.stop()
    released.set()
    assert 3 not in ended(engine)
    assert closed.is_set()


def test_the_one_who_asks_does_not_wait_for_a_stuck_generator() -> None:
    released = threading.Event()

    def stuck(_stop: threading.Event) -> Iterator[int]:
        released.wait()
        yield 1

    engine = Engine("test", stuck)
    engine.stop()
    assert not engine.join(timeout_s=0.01)
    assert engine.running
    released.set()
    assert ended(engine) == [1]


@pytest.mark.parametrize("n_events", [0, 1])
def test_without_stop_everything_is_told(n_events: int) -> None:
    assert list(until_stopped(iter(range(n_events)), threading.Event())) == list(range(n_events))
