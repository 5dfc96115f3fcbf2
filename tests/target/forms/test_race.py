"""Two forms timed in turns: who wins, and that noise does not."""

import itertools
import time
from collections.abc import Sequence
from typing import Any

import pytest
import torch

from rigcheck.target.forms.in_memory import InMemory
from rigcheck.target.forms.race import Round, judge, race
from rigcheck.target.forms.static_form import StaticForm
from rigcheck.target.lenet import make_lenet
from tests.target.forms.reference import CPU, batches_of, some_data

SHARES = (0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 1.0, 1.0, 1.0, 1.01, 1.02, 1.03, 1.05, 1.07, 1.1)
"""What the moods of a machine make of a time."""


def rounds(times_as_fast: float) -> list[Round]:
    """The first at 1 ms a step, while the machine gets slower throughout, as one that warms up."""
    drift = (1 + 0.02 * i for i in range(15))
    return [
        (1e-3 * slower, 1e-3 * slower * share / times_as_fast)
        for slower, share in zip(drift, SHARES, strict=True)
    ]


def test_the_second_wins_where_it_is_faster_beyond_noise() -> None:
    verdict = judge(rounds(1.3))
    assert verdict.second_wins
    assert verdict.ratio == pytest.approx(1.3)
    assert 1.2 < verdict.low < 1.3 < verdict.high < 1.4


@pytest.mark.parametrize("times_as_fast", [0.7, 0.99, 1.0, 1.02])
def test_the_second_does_not_win_by_chance_or_by_being_slower(times_as_fast: float) -> None:
    verdict = judge(rounds(times_as_fast))
    assert not verdict.second_wins
    assert verdict.ratio == pytest.approx(times_as_fast)


def test_the_order_of_the_rounds_says_nothing() -> None:
    assert judge(rounds(1.3)) == judge(rounds(1.3)[::-1])


def test_one_round_tells_nothing() -> None:
    with pytest.raises(ValueError, match="15 rounds"):
        judge(rounds(1.3)[:1])


def test_real_forms_are_timed_in_fifteen_rounds_and_each_has_its_own_times() -> None:
    class Sleeping(InMemory):
        """Waits for 20 ms a step: some twenty times as long as the other computes."""

        def step(self, batch: torch.Tensor) -> int:
            time.sleep(0.02)
            return super().step(batch)

    data = some_data(40)
    slow = Sleeping(make_lenet(0, CPU), data)
    fast = StaticForm(make_lenet(0, CPU), data, 2)
    timed = race(slow, fast, batches_of(data, 2, 20))
    assert len(timed) == 15
    assert all(slow_s >= 0.02 for slow_s, _ in timed)
    assert min(fast_s for _, fast_s in timed) < 0.02
    assert slow.collect() == fast.collect() == ([], 0)


def test_both_are_timed_on_as_many_batches_as_a_block_takes() -> None:
    """Were there fewer, the waiting at a block's end would be what is timed."""
    data = some_data(4_000)
    batches = batches_of(data, 2, 2_000)
    seen = list[int]()

    class Counting(InMemory):
        def feed(self, batches: Sequence[torch.Tensor]) -> Any:
            seen.append(len(batches))
            return super().feed(batches)

    race(Counting(make_lenet(0, CPU), data), InMemory(make_lenet(0, CPU), data), batches)
    assert seen[0] == 4
    assert len(seen) == 16
    assert all(2 <= a == b <= 2_000 for a, b in itertools.pairwise(seen[1:]))
