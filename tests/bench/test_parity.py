"""Faults of a device are told from rounding, on curves that were trained and on literal ones."""

import math
from collections.abc import Callable

import pytest
import torch

from rigcheck.bench.parity import LOSS_CURVE_BOUND, Agreement, curves_agree
from rigcheck.target.forms import in_memory
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


@pytest.fixture(scope="module")
def healthy(data: Set) -> list[float]:
    losses = course_of(InMemory(make_lenet(0, CPU), data), batches(data)).losses
    assert losses[-1] < losses[0] / 2
    return losses


def test_another_order_of_sums_is_rounding(data: Set, healthy: list[float]) -> None:
    losses = course_of(Phases(make_lenet(0, CPU), data, BATCH), batches(data)).losses
    assert losses != healthy
    found = curves_agree(losses, healthy)
    assert found.agree
    assert found.steps == STEPS
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
    found = curves_agree(losses, healthy)
    assert found.agree
    assert found.worst_share > 0


def _ten_bits(weights: torch.Tensor) -> torch.Tensor:
    return ((weights.view(torch.int32) + 0x1000) & ~0x1FFF).view(torch.float32)


class WrongRate(InMemory):
    """Learns by 2 % too much."""

    def step(self, batch: torch.Tensor) -> int:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(in_memory, "LEARNING_RATE", LEARNING_RATE * 1.02)
            return super().step(batch)


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
    assert not curves_agree(losses, healthy).agree


def test_the_window_that_differs_most_is_named() -> None:
    a = [2.0] * 50 + [1.0] * 50 + [0.5] * 50
    b = [2.0] * 50 + [1.1] * 50 + [0.5] * 50
    found = curves_agree(a, b)
    assert (found.agree, found.steps, found.worst_at_step) == (False, 150, 50)
    assert found.worst_share == pytest.approx(0.1 / 1.1)
    assert curves_agree(a, a) == Agreement(True, 150, 0.0, 0)


def test_a_step_that_differs_is_weighed_by_its_window() -> None:
    """A share of 0.1 in one step of 50 is 0.002 of the window."""
    assert curves_agree([1.1] + [1.0] * 49, [1.0] * 50).agree
    assert not curves_agree([1.3] + [1.0] * 49, [1.0] * 50).agree


def test_what_is_compared_ends_with_the_shorter_with_a_window_and_with_an_epoch() -> None:
    assert curves_agree([1.0] * 149, [1.0] * 120 + [9.0] * 80) == Agreement(True, 100, 0.0, 0)
    assert curves_agree([1.0] * 49, [9.0] * 49).steps == 0
    assert curves_agree([1.0] * 600 + [5.0] * 50, [1.0] * 700).agree


@pytest.mark.parametrize("broken", [math.nan, math.inf])
def test_a_loss_that_is_no_number_agrees_with_nothing(broken: float) -> None:
    found = curves_agree([1.0] * 60 + [broken] + [1.0] * 39, [1.0] * 100)
    assert found == Agreement(False, 100, math.inf, 50)


def test_losses_of_zero_agree_with_each_other_only() -> None:
    assert curves_agree([0.0] * 50, [0.0] * 50).agree
    assert not curves_agree([0.1] * 50, [0.0] * 50).agree
