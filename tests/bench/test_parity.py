"""Faults of a device are told from rounding, on curves that were trained and on literal ones."""

import math
from collections.abc import Callable

import pytest
import torch

from rigcheck.bench.parity import LOSS_CURVE_BOUND, Agreement, curves_agree
from rigcheck.target.curve import WINDOW_STEPS, LossCurve
from rigcheck.target.forms.in_memory import InMemory
from rigcheck.target.forms.phases import Phases
from rigcheck.target.lenet import LEARNING_RATE, make_lenet
from rigcheck.target.training_data import Set
from tests.target.forms.reference import CPU, course_of

STEPS = 100
BATCH = 50


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> object:
    """Two threads wait for each other thousands of times where something else has a core."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def data() -> Set:
    """A patchwork for each digit, under noise: something that is learned within some ten steps."""
    generator = torch.Generator().manual_seed(0)
    labels = torch.arange(STEPS * BATCH) % 10
    patchworks = torch.randint(-2, 2, (10, 1, 7, 7), generator=generator).clamp_(0) * 200
    patchworks = patchworks.repeat_interleave(4, 2).repeat_interleave(4, 3)
    noise = torch.randint(-50, 56, (len(labels), 1, 28, 28), generator=generator).clamp_(0)
    return Set((patchworks[labels] + noise).float().div_(255), labels)


def batches(data: Set) -> list[torch.Tensor]:
    order = torch.randperm(len(data.labels), generator=torch.Generator().manual_seed(1))
    return list(order.split(BATCH))


def means(losses: list[float]) -> list[float]:
    return [window.loss for window in LossCurve().add(losses, BATCH)]


@pytest.fixture(scope="module")
def healthy(data: Set) -> list[float]:
    losses = course_of(InMemory(make_lenet(0, CPU), data), batches(data)).losses
    assert losses[-1] < losses[0] / 2
    return means(losses)


def test_another_order_of_sums_is_rounding(data: Set, healthy: list[float]) -> None:
    losses = course_of(Phases(make_lenet(0, CPU), data, BATCH), batches(data)).losses
    assert means(losses) != healthy
    found = curves_agree(means(losses), healthy)
    assert found.agree
    assert found.windows == STEPS // WINDOW_STEPS
    assert found.worst_share < LOSS_CURVE_BOUND / 100


def test_weights_of_ten_bits_are_rounding(data: Set, healthy: list[float]) -> None:
    """As TF32 has them."""

    class Rounding(InMemory):
        def step(self, batch: torch.Tensor) -> int:
            exact = [p.detach().clone() for p in self._parameters]
            rounded = [_ten_bits(p.detach()) for p in self._parameters]
            for p, q in zip(self._parameters, rounded, strict=True):
                p.data.copy_(q)
            n = super().step(batch)
            for p, q, e in zip(self._parameters, rounded, exact, strict=True):
                p.data.sub_(q).add_(e)
            return n

    losses = course_of(Rounding(make_lenet(0, CPU), data), batches(data)).losses
    found = curves_agree(means(losses), healthy)
    assert found.agree
    assert found.worst_share > 0


def _ten_bits(weights: torch.Tensor) -> torch.Tensor:
    return ((weights.view(torch.int32) + 0x1000) & ~0x1FFF).view(torch.float32)


class WrongRate(InMemory):
    """Learns by 2 % too much."""

    def __init__(self, model: torch.nn.Module, data: Set) -> None:
        super().__init__(model, data, LEARNING_RATE * 1.02)


class DroppedUpdates(InMemory):
    """Forgets every tenth update."""

    steps = 0

    def step(self, batch: torch.Tensor) -> int:
        self.steps += 1
        before = [p.detach().clone() for p in self._parameters]
        n = super().step(batch)
        if self.steps % 10 == 0:
            for p, q in zip(self._parameters, before, strict=True):
                p.data.copy_(q)
        return n


class FlippedBits(InMemory):
    """A bit of one weight flips at each step, each time another bit of another weight."""

    steps = 0

    def step(self, batch: torch.Tensor) -> int:
        self.steps += 1
        weights = self._parameters[4].data.view(torch.int32).view(-1)
        weights[self.steps * 7] ^= 1 << (self.steps * 11 % 31)
        return super().step(batch)


@pytest.mark.parametrize("faulty", [WrongRate, DroppedUpdates, FlippedBits])
def test_a_fault_is_no_rounding(
    data: Set, healthy: list[float], faulty: Callable[[torch.nn.Module, Set], InMemory]
) -> None:
    losses = course_of(faulty(make_lenet(0, CPU), data), batches(data)).losses
    assert not curves_agree(means(losses), healthy).agree


def test_the_window_that_differs_most_is_named() -> None:
    a, b = [2.0, 1.0, 0.5], [2.0, 1.1, 0.5]
    found = curves_agree(a, b)
    assert (found.agree, found.windows, found.worst_window) == (False, 3, 1)
    assert found.worst_share == pytest.approx(0.1 / 1.1)
    assert curves_agree(a, a) == Agreement(True, 3, 0.0, 0)


def test_what_is_compared_ends_with_the_shorter() -> None:
    assert curves_agree([1.0, 1.0], [1.0, 1.0, 9.0]) == Agreement(True, 2, 0.0, 0)
    assert curves_agree([], [9.0]).windows == 0


def test_a_loss_that_is_no_number_agrees_with_nothing() -> None:
    assert curves_agree([1.0, None], [1.0, 1.0]) == Agreement(False, 2, math.inf, 1)


def test_losses_of_zero_agree_with_each_other_only() -> None:
    assert curves_agree([0.0], [0.0]).agree
    assert not curves_agree([0.1], [0.0]).agree
