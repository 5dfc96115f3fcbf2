"""What the training task is asked for."""

from __future__ import annotations

from typing import NamedTuple, Optional


class Wish(NamedTuple):
    """The task's arguments, by name."""

    device: str
    """As torch names it."""
    training_s: float
    """Training time, after warm-up."""
    epochs: Optional[int]
    """Whole passes over the training images instead of `training_s`."""
    batch_size: int
    seed: int
    threads: Optional[int]
    """For the CPU; None for torch's own choice."""
    data_dir: Optional[str]
    """MNIST's; None for the built-in digits."""
    download: bool
    """Fetch MNIST into `data_dir` first."""
