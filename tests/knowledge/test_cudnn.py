"""Which GPUs a cuDNN still serves."""

import pytest

from rigcheck.knowledge.cudnn import floor_of


@pytest.mark.parametrize(
    ("cudnn", "capability"),
    [("8.7.0.84", "3.5"), ("9.1.0.70", "5.0"), ("9.10.2.21", "5.0"), ("9.26.0.51", "7.5")],
)
def test_a_cudnn_has_the_floor_of_the_last_row_before_it(cudnn: str, capability: str) -> None:
    floor = floor_of(cudnn)
    assert floor is not None
    assert floor.capability_min == capability


def test_a_cudnn_before_the_table_has_none() -> None:
    assert floor_of("7.6.5") is None
