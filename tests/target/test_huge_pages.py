"""Memory of huge pages is memory like any other."""

import mmap
import resource
from pathlib import Path

import pytest
import torch

from rigcheck.target.huge_pages import empty_in_huge_pages

_SETTING = Path("/sys/kernel/mm/transparent_hugepage/enabled")


def test_it_has_the_shape_and_takes_numbers() -> None:
    made = empty_in_huge_pages((3, 5), torch.float32)
    made.copy_(torch.arange(15).view(3, 5))
    assert made.sum() == 105
    assert made.is_contiguous()


def test_nothing_needs_no_memory() -> None:
    assert empty_in_huge_pages((0, 28), torch.uint8).shape == (0, 28)


def test_a_system_without_them_gives_plain_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(mmap, "MADV_HUGEPAGE", raising=False)
    assert empty_in_huge_pages((2, 2), torch.int64).shape == (2, 2)


@pytest.mark.skipif(
    not _SETTING.exists() or "[never]" in _SETTING.read_text(), reason="no huge pages here"
)
def test_it_takes_far_fewer_page_faults() -> None:
    n_bytes = 64 * 1024 * 1024
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    empty_in_huge_pages((n_bytes,), torch.uint8).zero_()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before < n_bytes / 4096 / 4
