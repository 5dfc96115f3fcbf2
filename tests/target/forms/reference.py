"""What every form is held against: plain autograd in float64 on the CPU."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch.nn import functional

from rigcheck.target.forms.form import Form
from rigcheck.target.lenet import LEARNING_RATE
from rigcheck.target.training_data import Set

CPU = torch.device("cpu")


class Course(NamedTuple):
    """What training came to."""

    losses: list[float]
    hits: int
    weights: list[torch.Tensor]
    """float64."""


def some_data(n: int = 500, seed: int = 5) -> Set:
    """Images of whole grey levels, as those of files are, with much empty paper as digits have."""
    generator = torch.Generator().manual_seed(seed)
    ink = torch.randint(-255, 256, (n, 1, 28, 28), generator=generator).clamp_(0).float()
    return Set(ink.div_(255), torch.randint(0, 10, (n,), generator=generator))


def batches_of(data: Set, batch_size: int, steps: int, seed: int = 1) -> list[torch.Tensor]:
    """As many shuffled batches as asked for; an epoch's last one may be smaller."""
    generator = torch.Generator().manual_seed(seed)
    batches: list[torch.Tensor] = []
    while len(batches) < steps:
        batches += torch.randperm(len(data.labels), generator=generator).split(batch_size)
    return batches[:steps]


def reference_course(model: torch.nn.Module, data: Set, batches: Sequence[torch.Tensor]) -> Course:
    """float64 throughout, each gradient by autograd. Converts and trains the model given."""
    model = model.double()
    parameters = list(model.parameters())
    losses, hits = [], 0
    for batch in batches:
        labels = data.labels[batch]
        logits = model(data.images[batch].double())
        loss = functional.cross_entropy(logits, labels, reduction="sum")
        gradients = torch.autograd.grad(loss, parameters)
        with torch.no_grad():
            for parameter, gradient in zip(parameters, gradients, strict=True):
                parameter.sub_(gradient, alpha=LEARNING_RATE)
        losses.append(loss.item())
        hits += int((logits.argmax(1) == labels).sum())
    return Course(losses, hits, [parameter.detach() for parameter in parameters])


def course_of(form: Form, batches: Sequence[torch.Tensor]) -> Course:
    """Trains a form on all batches through its own feed."""
    with form.feed(batches) as fed:
        images = sum(form.step(batch) for batch in fed)
    assert images == sum(len(batch) for batch in batches)
    losses, hits = form.collect()
    return Course(losses, hits, [p.detach().double().cpu() for p in form.model().parameters()])


def relative_error(found: torch.Tensor, expected: torch.Tensor) -> float:
    """Of the whole tensor, in the Frobenius norm."""
    return float((found - expected).norm() / expected.norm())
