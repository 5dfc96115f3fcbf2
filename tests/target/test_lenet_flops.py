import torch
from torch.utils.flop_counter import FlopCounterMode

from rigcheck.target.forms.in_memory import InMemory
from rigcheck.target.lenet import make_lenet
from rigcheck.target.lenet_flops import FORWARD_FLOP_PER_IMAGE, TRAINING_FLOP_PER_IMAGE
from rigcheck.target.training_data import Set


def test_the_figures_are_those_of_the_derivation() -> None:
    assert (FORWARD_FLOP_PER_IMAGE, TRAINING_FLOP_PER_IMAGE) == (682_512, 1_962_864)


def test_torch_counts_the_same_in_a_real_step() -> None:
    data = Set(torch.zeros(10, 1, 28, 28), torch.zeros(10, dtype=torch.int64))
    form = InMemory(make_lenet(0, torch.device("cpu")), data)
    with FlopCounterMode(display=False) as counter:
        form.step(torch.arange(10))
    assert counter.get_total_flops() == 10 * TRAINING_FLOP_PER_IMAGE
