"""Memory for what is large, without a page fault for each four kilobytes of it."""

from __future__ import annotations

import contextlib
import mmap
from typing import Tuple

import torch


def empty_in_huge_pages(shape: Tuple[int, ...], dtype: torch.dtype) -> torch.Tensor:
    """As torch.empty in main memory; of huge pages where the kernel has them for who asks.

    Page by page, a virtual machine takes longer to give 200 MB than it takes to fill them.
    """
    advice = getattr(mmap, "MADV_HUGEPAGE", None)
    n_elements = torch.Size(shape).numel()
    if advice is None or n_elements == 0:
        return torch.empty(shape, dtype=dtype)
    size = torch.empty(0, dtype=dtype).element_size()
    memory = mmap.mmap(-1, n_elements * size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    with contextlib.suppress(OSError):  # a kernel that is built without them
        memory.madvise(advice)
    return torch.frombuffer(memory, dtype=dtype).view(shape)
