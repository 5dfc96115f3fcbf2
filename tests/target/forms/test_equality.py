"""Every form does the same mathematics: each is held against autograd in float64 on the CPU."""

from collections.abc import Callable

import pytest
import torch

from rigcheck.bench.tier import Tier
from rigcheck.target.forms.form import Form
from rigcheck.target.forms.make import make_form
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


@pytest.fixture(params=[tier.value for tier in Tier])
def make(request: pytest.FixtureRequest) -> Make:
    return lambda model, data: make_form(request.param, model, data, 100)


def test_one_step_follows_the_gradient(make: Make) -> None:
    """Each of the ten parameters moves as it should, to 5e-5 of its way.

    float32 rounds a weight to 6e-8 of itself, and its way is about a thousandth of itself.
    """
    data = some_data()
    batches = batches_of(data, 100, 1)
    before = [p.detach().double() for p in make_lenet(0, CPU).parameters()]
    found, expected = (
        course_of(make(make_lenet(0, CPU), data), batches),
        reference_course(make_lenet(0, CPU), data, batches),
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
        reference_course(make_lenet(0, CPU), data, batches),
    )
    assert found.losses == pytest.approx(expected.losses, rel=2e-5)
    assert found.hits == expected.hits
    for weight, reference in zip(found.weights, expected.weights, strict=True):
        assert relative_error(weight, reference) < 1e-5


def test_of_equal_corners_the_first_gets_the_gradient(make: Make) -> None:
    """A conv1 without weights makes all corners of both poolings equal, of any image.

    What conv1 learns then depends on the corners that were chosen alone.
    """

    def lenet() -> torch.nn.Module:
        model = make_lenet(0, CPU)
        model[0].weight.data.zero_()
        return model

    data = some_data()
    batches = batches_of(data, 100, 1)
    found = course_of(make(lenet(), data), batches)
    expected = reference_course(lenet(), data, batches)
    assert relative_error(found.weights[0], expected.weights[0]) < 1e-5


def test_collecting_starts_counting_anew(make: Make) -> None:
    data = some_data(300)
    form = make(make_lenet(0, CPU), data)
    batches = batches_of(data, 100, 3)
    first = course_of(form, batches[:2])
    then = course_of(form, batches[2:])
    assert (len(first.losses), len(then.losses)) == (2, 1)
    assert first.hits + then.hits == reference_course(make_lenet(0, CPU), data, batches).hits
    assert form.collect() == ([], 0)


def test_the_weights_asked_for_are_those_of_now(make: Make) -> None:
    """Steps go on from them, and asking changes nothing."""
    data = some_data(300)
    batches = batches_of(data, 100, 3)
    asked, not_asked = make(make_lenet(0, CPU), data), make(make_lenet(0, CPU), data)
    course_of(asked, batches[:2])
    course_of(asked, batches[2:])
    expected = course_of(not_asked, batches)
    model = asked.model()
    assert [type(layer) for layer in model] == [type(layer) for layer in make_lenet(0, CPU)]
    for found, weight in zip(model.parameters(), expected.weights, strict=True):
        assert torch.equal(found.detach().double(), weight)
