"""The network against what the post says of it, and against sums done by hand."""

import pytest
import torch

from rigcheck.target.forms.in_memory import InMemory
from rigcheck.target.lenet import LEARNING_RATE, make_lenet, predict
from rigcheck.target.training_data import Set

CPU = torch.device("cpu")


def some_images(n: int) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    images = torch.rand(n, 1, 28, 28, generator=generator)
    return images, torch.randint(0, 10, (n,), generator=generator)


def test_the_layers_are_those_of_the_post() -> None:
    shapes = [tuple(p.shape) for p in make_lenet(0, CPU).parameters()]
    assert shapes == [
        *[(6, 1, 3, 3), (6,), (16, 6, 5, 5), (16,)],
        *[(120, 400), (120,), (84, 120), (84,), (10, 84), (10,)],
    ]
    assert sum(torch.Size(shape).numel() for shape in shapes) == 61_610


def test_nothing_bends_the_line_but_the_pooling() -> None:
    """Without activations, the layers behind the pooling are one linear map."""
    head = make_lenet(0, CPU)[4:].double()
    a, b = torch.rand(2, 1, 16, 5, 5, dtype=torch.float64)
    zero = head(torch.zeros_like(a)[None])
    torch.testing.assert_close(head((a + b)[None]) + zero, head(a[None]) + head(b[None]))


def test_flops_of_the_docstring_follow_from_the_layers() -> None:
    forward = 0
    sizes = {}
    model = make_lenet(0, CPU)
    for layer in model:
        layer.register_forward_hook(lambda layer, _, out: sizes.update({layer: out.shape[2:]}))
    model(torch.zeros(1, 1, 28, 28))
    for layer in model:
        weight = getattr(layer, "weight", None)
        if weight is not None:
            forward += 2 * weight.numel() * sizes[layer].numel()
    first = 2 * model[0].weight.numel() * 28 * 28
    assert forward == 682_512
    assert 3 * forward - first == 1_962_864


def test_the_seed_decides_the_weights() -> None:
    first, again, other = (make_lenet(seed, CPU)[0].weight for seed in (3, 3, 4))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_the_gradients_agree_with_finite_differences() -> None:
    """Of the summed loss by every weight of the first layer, in float64."""
    model = make_lenet(0, CPU).double()
    images, labels = some_images(4)

    def loss_of(weight: torch.Tensor) -> torch.Tensor:
        parameters = {"0.weight": weight}
        logits = torch.func.functional_call(model, parameters, (images.double(),))
        return torch.nn.functional.cross_entropy(logits, labels, reduction="sum")

    assert torch.autograd.gradcheck(loss_of, (model[0].weight.detach().requires_grad_(),))


def test_a_step_is_what_plain_sgd_does() -> None:
    images, labels = some_images(100)
    ours, reference = make_lenet(0, CPU), make_lenet(0, CPU)
    form = InMemory(ours, Set(images, labels))
    form.step(torch.arange(100))
    (loss,), hits = form.collect()
    optimizer = torch.optim.SGD(reference.parameters(), lr=1e-3)
    logits = reference(images)
    expected = torch.nn.functional.cross_entropy(logits, labels, reduction="sum")
    expected.backward()
    optimizer.step()
    assert pytest.approx(1e-3) == LEARNING_RATE
    assert loss == pytest.approx(expected.item())
    assert hits == int((logits.argmax(1) == labels).sum())
    for p, q in zip(ours.parameters(), reference.parameters(), strict=True):
        torch.testing.assert_close(p, q)


def test_prediction_goes_through_all_images_and_learns_nothing() -> None:
    images, labels = some_images(250)
    model = make_lenet(0, CPU)
    before = [p.clone() for p in model.parameters()]
    losses, hits = predict(model, images, labels, 100)
    logits = model(images)
    assert [len(hit) for hit in hits] == [100, 100, 50]
    expected = torch.nn.functional.cross_entropy(logits, labels, reduction="sum")
    torch.testing.assert_close(torch.stack(losses).sum(), expected)
    assert torch.equal(torch.cat(hits), logits.argmax(1) == labels)
    assert all(torch.equal(p, q) for p, q in zip(before, model.parameters(), strict=True))
