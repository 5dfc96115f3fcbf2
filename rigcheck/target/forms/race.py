"""Which of two forms is the faster one: timed in turns, and judged beyond noise."""

from __future__ import annotations

from typing import List, NamedTuple, Sequence, Tuple

import torch

from rigcheck.target.forms.form import Form
from rigcheck.target.training_loop import warm_up

_ROUNDS = 15
_LOW, _HIGH = 3, 11
"""Of 15 sorted values these, counted from 0, hold the median between them in 96.5 of 100 cases:
a binomial variate of 15 halves is at most 3 in 1.8 of 100."""
_BLOCK_S = 0.02
"""Some waits for the device in it, and two hundred replays of a graph or more."""
_FEW = 4

Round = Tuple[float, float]
"""Seconds a step of the first and of the second form, side by side in time."""


class Verdict(NamedTuple):
    """The speed of the second form as a multiple of the first one's."""

    ratio: float
    """Median of the rounds."""
    low: float
    high: float
    """96 % interval of that median."""

    @property
    def second_wins(self) -> bool:
        """It is faster, and not by chance."""
        return self.low > 1


def race(first: Form, second: Form, batches: Sequence[torch.Tensor]) -> List[Round]:
    """Times both in turns, a second or so altogether; both go on training meanwhile.

    Args:
        first: one form.
        second: another, on the same device.
        batches: what to train on, from the first one on; as many as a block takes.
    """
    turns = [(form, _length(form, batches)) for form in (first, second)]
    rounds = []
    for i in range(_ROUNDS):
        # Who comes first changes: what a block leaves behind for the next one favours nobody.
        there = i % 2 == 0
        times_s = [warm_up(form, batches[:n]) for form, n in (turns if there else turns[::-1])]
        rounds.append((times_s[0], times_s[1]) if there else (times_s[1], times_s[0]))
    return rounds


def judge(rounds: Sequence[Round]) -> Verdict:
    """What 15 rounds say."""
    if len(rounds) != _ROUNDS:
        raise ValueError("the interval is that of {} rounds".format(_ROUNDS))
    ratios = sorted(first_s / second_s for first_s, second_s in rounds)
    return Verdict(ratios[_ROUNDS // 2], ratios[_LOW], ratios[_HIGH])


def _length(form: Form, batches: Sequence[torch.Tensor]) -> int:
    """Of what `warm_up` gets: half of it runs before its clock does."""
    step_s = warm_up(form, batches[:_FEW])
    return max(2, min(len(batches), 2 * round(_BLOCK_S / step_s)))
