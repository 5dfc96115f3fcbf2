"""Plain autograd: what holds for this form and not for every one."""

import pytest
import torch

from rigcheck.target.forms.in_memory import InMemory
from rigcheck.target.lenet import make_lenet
from rigcheck.target.training_data import Set
from tests.target.forms.reference import CPU, batches_of, course_of, some_data


def test_the_model_given_is_the_one_trained() -> None:
    data = some_data(100)
    model = make_lenet(0, CPU)
    before = [p.clone() for p in model.parameters()]
    form = InMemory(model, data)
    course_of(form, batches_of(data, 50, 2))
    assert form.model() is model
    assert all(not torch.equal(p, q) for p, q in zip(before, model.parameters(), strict=True))


def test_nothing_but_collect_asks_the_device_for_a_number() -> None:
    """A tensor on torch's meta device has none to give: asking raises."""
    data, meta = some_data(100), torch.device("meta")
    form = InMemory(make_lenet(0, meta), Set(*(part.to(meta) for part in data)))
    with form.feed([batch.to(meta) for batch in batches_of(data, 50, 2)]) as fed:
        assert [form.step(batch) for batch in fed] == [50, 50]
    with pytest.raises((NotImplementedError, RuntimeError)):
        form.collect()
