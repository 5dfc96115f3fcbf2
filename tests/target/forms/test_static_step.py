"""The step that a CUDA graph captures, run as it is on the CPU."""

import pytest
import torch

from rigcheck.target.forms import static_step
from rigcheck.target.forms.cuda_graph import CudaGraph
from rigcheck.target.forms.in_memory import InMemory
from rigcheck.target.forms.static_form import StaticForm
from rigcheck.target.forms.static_step import StaticStep, forward_of
from rigcheck.target.lenet import make_lenet
from tests.target.forms.reference import CPU, Course, batches_of, course_of, some_data


def courses(n: int, batch_size: int, steps: int) -> tuple[Course, Course]:
    data = some_data(n)
    batches = batches_of(data, batch_size, steps)
    found = course_of(StaticForm(make_lenet(0, CPU), data, batch_size), batches)
    return found, course_of(InMemory(make_lenet(0, CPU), data), batches)


@pytest.mark.parametrize(
    ("n", "batch_size", "steps"),
    [
        (300, 100, 5),  # more than an epoch, so that the order is put down twice
        (250, 100, 6),  # each epoch ends in a batch of 50
        (60, 100, 2),  # no whole batch at all
    ],
)
def test_replayed_steps_are_those_of_the_in_memory_form(
    n: int, batch_size: int, steps: int
) -> None:
    found, expected = courses(n, batch_size, steps)
    assert found.losses == expected.losses
    assert found.hits == expected.hits
    for p, q in zip(found.weights, expected.weights, strict=True):
        assert torch.equal(p, q)


def test_a_feed_left_early_does_not_move_the_next_one() -> None:
    data = some_data(300)
    batches = batches_of(data, 100, 3)
    form = StaticForm(make_lenet(0, CPU), data, 100)
    with form.feed(batches) as fed:
        form.step(next(fed))
    then = course_of(form, batches[1:])
    plain = InMemory(make_lenet(0, CPU), data)
    expected = course_of(plain, batches)
    assert then.losses == expected.losses
    assert all(torch.equal(p, q) for p, q in zip(then.weights, expected.weights, strict=True))


def test_starting_over_leaves_nothing_of_what_was_before() -> None:
    data = some_data(300)
    batches = batches_of(data, 100, 3)
    form = StaticForm(make_lenet(3, CPU), data, 100)
    trained = form.model()
    course_of(form, batches)
    with form.feed(batches) as fed:
        form.step(next(fed))  # and nobody collects
    found = course_of(form.start_over(make_lenet(0, CPU)), batches)
    expected = course_of(InMemory(make_lenet(0, CPU), data), batches)
    assert form.model() is trained
    assert (found.losses, found.hits) == (expected.losses, expected.hits)


def test_a_forward_of_ones_own_has_the_whole_batches_alone() -> None:
    data = some_data(250)
    model = make_lenet(0, CPU)
    plain, sizes = forward_of(model), []

    def forward(images: torch.Tensor, labels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        sizes.append(len(images))
        return plain(images, labels)

    form = StaticForm(model, data, 100, forward)
    sizes.clear()
    found = course_of(form, batches_of(data, 100, 6))
    assert sizes == [100] * 4
    expected = course_of(InMemory(make_lenet(0, CPU), data), batches_of(data, 100, 6))
    assert found.losses == expected.losses


def test_losses_are_kept_beyond_the_room_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(static_step, "_LOSSES", 3)
    found, expected = courses(200, 20, 8)
    assert found.losses == expected.losses


def test_the_step_asks_the_device_for_no_number() -> None:
    """A tensor on torch's meta device has none to give: asking raises."""
    meta = torch.device("meta")
    data = some_data(100)
    step = StaticStep(make_lenet(0, meta), type(data)(*(part.to(meta) for part in data)), 50)
    step.set_order([batch.to(meta) for batch in batches_of(data, 50, 2)])
    step.learn_next()
    step.count_loss()
    with pytest.raises((NotImplementedError, RuntimeError)):
        step.collect()


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU that torch can use")
def test_a_captured_step_is_that_of_the_in_memory_form() -> None:
    gpu = torch.device("cuda")
    data = some_data(250)
    there = type(data)(*(part.to(gpu) for part in data))
    batches = [batch.to(gpu) for batch in batches_of(data, 100, 9)]
    found = course_of(CudaGraph(make_lenet(0, gpu), there, 100), batches)
    expected = course_of(InMemory(make_lenet(0, gpu), there), batches)
    assert found.losses == pytest.approx(expected.losses, rel=1e-3)
    assert found.hits == pytest.approx(expected.hits, abs=2)
