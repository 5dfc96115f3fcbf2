"""The folded products: each step of their derivation, against torch's own operations."""

import pytest
import torch
from torch.nn import functional

from rigcheck.target.forms.first_layer import FirstLayer, patch_order
from rigcheck.target.forms.flat_weights import FlatWeights
from rigcheck.target.forms.phases import Phases
from rigcheck.target.forms.pooling import Pooling
from rigcheck.target.forms.second_layer import SecondLayer
from rigcheck.target.lenet import make_lenet
from rigcheck.target.training_data import Set
from tests.target.forms.reference import CPU, batches_of, course_of, some_data


def test_the_weights_come_back_as_they_went_in() -> None:
    model, other = make_lenet(3, CPU), make_lenet(4, CPU)
    FlatWeights(model).write_to(other)
    for p, q in zip(model.parameters(), other.parameters(), strict=True):
        assert torch.equal(p, q)


def test_the_layers_give_what_convolution_and_pooling_give() -> None:
    model, data, batch = make_lenet(0, CPU), some_data(30), torch.tensor([7, 3, 29, 3])
    weights = FlatWeights(model)
    pooled = FirstLayer(weights, 4).forward(patch_order(data.images), batch)
    last = torch.empty(5, 16, 20)
    SecondLayer(weights, 4).forward(pooled, last)
    once = model[:2](data.images[batch])
    by_halves = pooled.view(14, 6, 2, 7, 4).permute(4, 1, 0, 3, 2).reshape(4, 6, 14, 14)
    torch.testing.assert_close(by_halves, once)
    torch.testing.assert_close(last.view(5, 16, 5, 4).permute(3, 1, 0, 2), model[2:4](once))


def test_pooling_goes_to_the_first_of_the_largest() -> None:
    """All 81 windows of three grey levels: every kind of tie there is."""
    windows = torch.cartesian_prod(*[torch.arange(3.0)] * 4)
    corners = windows.view(-1, 1, 2, 2).clone().requires_grad_()
    functional.max_pool2d(corners, 2).sum().backward()
    left, right = windows.t().reshape(2, 2, -1).clone().unbind(1)
    pooling, pooled = Pooling(left, right, lambda rows: (rows[:1], rows[1:])), torch.empty(1, 81)
    pooling.forward(pooled)
    assert torch.equal(pooled[0], windows.amax(1))
    pooling.backward(torch.ones(1, 81))
    found = torch.stack((left - right, right), 1).view(4, -1).t()
    assert torch.equal(found.reshape(-1, 1, 2, 2), corners.grad)


def test_a_smaller_batch_leaves_no_trace_in_the_next() -> None:
    data = some_data(250)
    whole, part = torch.arange(100), torch.arange(100, 150)
    form, same = (Phases(make_lenet(0, CPU), data, 100) for _ in range(2))
    odd = Phases(make_lenet(0, CPU), data, 50)
    courses = [course_of(f, [whole, part, whole]) for f in (form, odd, same)]
    for course in courses[1:]:
        assert course.losses == courses[0].losses
        for p, q in zip(course.weights, courses[0].weights, strict=True):
            assert torch.equal(p, q)


def test_pixels_that_bytes_cannot_hold_are_refused() -> None:
    data = some_data(10)
    with pytest.raises(ValueError, match="not of whole grey levels"):
        Phases(make_lenet(0, CPU), Set(data.images * 0.999, data.labels), 10)


def test_a_step_allocates_no_large_block() -> None:
    """What it allocates would be given back to the kernel, page by page, at each step."""
    data = some_data(200)
    form = Phases(make_lenet(0, CPU), data, 100)
    course_of(form, batches_of(data, 100, 2))
    with torch.profiler.profile(profile_memory=True) as seen:
        form.step(torch.arange(100))
    assert max(event.cpu_memory_usage for event in seen.events()) < 100_000
