"""Whether what does not repeat itself is told from what does."""

import os

import pytest
import torch

from rigcheck.bench.tier import Tier
from rigcheck.target.forms.form import Form
from rigcheck.target.forms.in_memory import InMemory
from rigcheck.target.forms.make import make_form
from rigcheck.target.lenet import make_lenet
from rigcheck.target.parity import repeat_is_bitwise
from tests.target.forms.reference import CPU, batches_of, some_data


@pytest.mark.parametrize("tier", list(Tier), ids=lambda tier: tier.value)
def test_every_form_repeats_itself_on_the_cpu(tier: Tier) -> None:
    data = some_data(60)
    repeat = repeat_is_bitwise(
        lambda: make_form(tier.value, make_lenet(0, CPU), data, 20), batches_of(data, 20, 20)
    )
    assert repeat == (True, "")


def test_one_flipped_bit_is_seen() -> None:
    class Flipping(InMemory):
        """A device one of whose bits flips now and then."""

        made = 0

        def step(self, batch: torch.Tensor) -> int:
            Flipping.made += 1
            if Flipping.made == 7:
                self._model[7].bias.data.view(torch.int32)[3] ^= 1
            return super().step(batch)

    data = some_data(300)
    repeat = repeat_is_bitwise(lambda: Flipping(make_lenet(0, CPU), data), batches_of(data, 100, 5))
    assert repeat.is_bitwise is False


def test_where_pytorch_promises_nothing_nothing_is_said() -> None:
    def refuse() -> Form:
        raise AssertionError("nothing is to be run")

    repeat = repeat_is_bitwise(refuse, [torch.zeros(3, dtype=torch.int64, device="meta")])
    assert repeat.is_bitwise is None
    assert "not on meta" in repeat.reason


def test_an_operation_without_a_deterministic_algorithm_is_named() -> None:
    def refuse() -> Form:
        raise RuntimeError("scatter does not have a deterministic implementation, but you set\nso")

    repeat = repeat_is_bitwise(refuse, [torch.zeros(3, dtype=torch.int64)])
    assert repeat == (None, "scatter does not have a deterministic implementation, but you set")


def test_the_settings_are_as_they_were() -> None:
    def fail() -> Form:
        assert torch.are_deterministic_algorithms_enabled()
        raise RuntimeError("out of memory")

    with pytest.raises(RuntimeError, match="out of memory"):
        repeat_is_bitwise(fail, [torch.zeros(3, dtype=torch.int64)])
    assert not torch.are_deterministic_algorithms_enabled()
    assert "CUBLAS_WORKSPACE_CONFIG" not in os.environ
