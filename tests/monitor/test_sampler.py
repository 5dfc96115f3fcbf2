"""The grid of sampling times."""

import itertools

import pytest

from rigcheck.monitor.sampler import next_tick, ticks


@pytest.mark.parametrize(
    ("last", "elapsed_s", "tick"),
    [
        (0, 0.0, 1),
        (1, 0.26, 2),
        (1, 0.49, 2),
        (3, 0.9999, 4),
    ],
)
def test_the_next_point_of_the_grid_follows_the_last(
    last: int, elapsed_s: float, tick: int
) -> None:
    assert next_tick(last, elapsed_s, 0.25) == tick


def test_points_that_passed_meanwhile_are_left_out_and_the_grid_stays() -> None:
    assert next_tick(1, 1.30, 0.25) == 6


def test_waking_a_hair_early_does_not_give_the_same_point_twice() -> None:
    assert next_tick(4, 0.999_999_999, 0.25) == 5


def test_ticks_count_upwards_and_are_not_before_their_time() -> None:
    numbers = list(itertools.islice(ticks(0.001), 20))
    assert numbers == sorted(set(numbers))
    assert numbers[0] >= 1
