"""What waiting in each step costs, measured on the CPU, where it costs nothing."""

import math

import pytest
import torch

from rigcheck.target.forms.in_memory import InMemory
from rigcheck.target.forms.waiting import Waiting
from rigcheck.target.lenet import make_lenet
from rigcheck.target.waits import count_waits, measure_waits, waits_a_step
from tests.target.forms.reference import CPU, batches_of, course_of, some_data

OF_A_WAIT = (
    "called a synchronizing CUDA operation "
    "(Triggered internally at /pytorch/c10/cuda/CUDAFunctions.cpp:165.)"
)
OF_THE_SWITCH = (
    "Synchronization debug mode is a prototype feature and does not yet detect all synchronizing "
    "operations (Triggered internally at /pytorch/torch/csrc/cuda/Module.cpp:915.)"
)


def test_both_steps_are_timed_in_rounds_and_torch_tells_of_no_waits_here() -> None:
    found = measure_waits(some_data(300), 20, 0)
    assert len(found.rounds) == 15
    assert all(0 < time_s < math.inf for both in found.rounds for time_s in both)
    assert (found.in_memory, found.as_written) == (None, None)


def test_the_step_that_waits_learns_what_the_other_learns() -> None:
    data = some_data(250)
    batches = batches_of(data, 100, 6)
    found, expected = (
        course_of(kind(make_lenet(0, CPU), data), batches) for kind in (Waiting, InMemory)
    )
    assert (found.losses, found.hits) == (expected.losses, expected.hits)
    assert all(torch.equal(p, q) for p, q in zip(found.weights, expected.weights, strict=True))


def test_torchs_warnings_of_waits_are_counted_and_no_others() -> None:
    assert count_waits([OF_THE_SWITCH, OF_A_WAIT, "something else", OF_A_WAIT]) == 2
    assert count_waits([OF_THE_SWITCH]) == 0


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU that torch can use")
def test_a_gpus_waits_are_counted() -> None:
    gpu = torch.device("cuda")
    data = type(some_data())(*(part.to(gpu) for part in some_data(200)))
    batches = torch.arange(200, device=gpu).split(50)
    assert waits_a_step(InMemory(make_lenet(0, gpu), data), batches, gpu) == 0
    # The two parts of the batch on their way there, the loss and the hits on their way back.
    assert waits_a_step(Waiting(make_lenet(0, gpu), data), batches, gpu) == 4
    assert torch.cuda.get_sync_debug_mode() == 0
