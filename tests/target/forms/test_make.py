"""Which form a tier is on which device."""

import pytest
import torch

from rigcheck.bench.tier import Tier
from rigcheck.target.forms.make import make_form
from rigcheck.target.forms.phases import Phases
from rigcheck.target.lenet import make_lenet
from rigcheck.target.task_error import TaskError
from rigcheck.target.training_data import Set
from tests.target.forms.reference import CPU, some_data


@pytest.mark.parametrize("tier", list(Tier), ids=lambda tier: tier.value)
def test_every_tier_has_a_form_on_the_cpu_which_bears_its_name(tier: Tier) -> None:
    form = make_form(tier.value, make_lenet(0, CPU), some_data(20), 10)
    assert form.name == tier.value
    assert isinstance(form, Phases) == (tier is Tier.PEAK)


def test_another_accelerator_has_no_faster_form_and_says_so() -> None:
    meta = torch.device("meta")
    data = Set(*(part.to(meta) for part in some_data(20)))
    assert make_form("in-memory", make_lenet(0, meta), data, 10).name == "in-memory"
    with pytest.raises(TaskError, match="no faster form for meta"):
        make_form("peak", make_lenet(0, meta), data, 10)
