"""Both take any device: here the CPU stands in for one, really copied to and really asked."""

import pytest
import torch

from rigcheck.bench.ceiling import CeilingName, decode_ceiling
from rigcheck.target.ceilings.host_link import measure_link
from rigcheck.target.ceilings.launch import measure_launch

CPU = torch.device("cpu")


def test_both_directions_from_both_kinds_of_memory() -> None:
    ceilings = [decode_ceiling(reading._asdict()) for reading in measure_link(CPU, 0.2)]
    assert [(c.name, c.variant) for c in ceilings] == [
        (CeilingName.TO_DEVICE, "pinned"),
        (CeilingName.FROM_DEVICE, "pinned"),
        (CeilingName.TO_DEVICE, "pageable"),
        (CeilingName.FROM_DEVICE, "pageable"),
    ]
    for ceiling in ceilings[2:]:
        assert ceiling.best_bytes_per_s >= ceiling.bytes_per_s > 0  # type: ignore[operator]
        assert ceiling.size[0] >= 8 * 1024**2


@pytest.mark.skipif(torch.cuda.is_available(), reason="a GPU is there, and memory can be pinned")
def test_memory_that_cannot_be_pinned_is_told_in_torchs_words() -> None:
    pinned = [reading for reading in measure_link(CPU, 0.2) if reading.variant == "pinned"]
    assert all(reading.problem and not reading.blocks for reading in pinned)
    assert "unexpected keyword" not in pinned[0].problem


def test_launches_by_both_clocks() -> None:
    by_host, by_device = measure_launch(CPU, 0.05)
    assert (by_host.variant, by_device.variant) == ("by the host's clock", "by the device's clock")
    for reading in (by_host, by_device):
        assert not reading.problem
        assert reading.duration_s >= reading.best_duration_s > 0  # type: ignore[operator]


def test_a_device_that_is_not_there_is_told_in_torchs_words() -> None:
    (reading,) = measure_launch(torch.device("hpu"), 0.05)
    assert reading.problem
    assert reading.blocks == 0
