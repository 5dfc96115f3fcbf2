import torch
from torch.utils.flop_counter import FlopCounterMode

from rigcheck.target.lenet import Trainer, make_lenet
from rigcheck.target.lenet_flops import FORWARD_FLOP_PER_IMAGE, TRAINING_FLOP_PER_IMAGE


def test_the_figures_are_those_of_the_derivation() -> None:
    assert (FORWARD_FLOP_PER_IMAGE, TRAINING_FLOP_PER_IMAGE) == (682_512, 1_962_864)


def test_torch_counts_the_same_in_a_real_step() -> None:
    trainer = Trainer(make_lenet(0, torch.device("cpu")))
    images, labels = torch.zeros(10, 1, 28, 28), torch.zeros(10, dtype=torch.int64)
    with FlopCounterMode(display=False) as counter:
        trainer.step(images, labels)
    assert counter.get_total_flops() == 10 * TRAINING_FLOP_PER_IMAGE
