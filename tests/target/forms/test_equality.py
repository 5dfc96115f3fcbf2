"""Every form does the same mathematics: each is held against autograd in float64 on the CPU."""

from collections.abc import Callable

import pytest
import torch

from rigcheck.target.forms.as_written import AsWritten
from rigcheck.target.forms.form import Form
from rigcheck.target.forms.in_memory import InMemory
from rigcheck.target.lenet import make_lenet
from rigcheck.target.training_data import Set
from tests.target.forms.reference import (
    CPU,
    batches_of,
    course_of,
    reference_course,
    relative_error,
    some_data,
)

Make = Callable[[torch.nn.Module, Set], Form]


@pytest.fixture(params=[InMemory, AsWritten], ids=lambda form: form.name)
def make(request: pytest.FixtureRequest) -> Make:
    form: Make = request.param
    return form


def test_one_step_follows_the_gradient(make: Make) -> None:
    """Each of the ten parameters moves as it should, to 5e-5 of its way.

    float32 rounds a weight to 6e-8 of itself, and its way is about a thousandth of itself.
    """
    data = some_data()
    batches = batches_of(data, 100, 1)
    before = [p.detach().double() for p in make_lenet(0, CPU).parameters()]
    found, expected = (
        course_of(make(make_lenet(0, CPU), data), batches),
        reference_course(0, data, batches),
    )
    for start, weight, reference in zip(before, found.weights, expected.weights, strict=True):
        assert relative_error(weight - start, reference - start) < 5e-5


def test_twenty_steps_have_the_same_losses_and_end_at_the_same_weights(make: Make) -> None:
    """Three shuffled passes, each of which ends in a batch of 50."""
    data = some_data(650)
    batches = batches_of(data, 100, 20)
    assert sorted({len(batch) for batch in batches}) == [50, 100]
    found, expected = (
        course_of(make(make_lenet(0, CPU), data), batches),
        reference_course(0, data, batches),
    )
    assert found.losses == pytest.approx(expected.losses, rel=2e-5)
    assert found.hits == expected.hits
    for weight, reference in zip(found.weights, expected.weights, strict=True):
        assert relative_error(weight, reference) < 1e-5
