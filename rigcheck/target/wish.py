"""What the training task is asked for when it starts; what to do then comes as orders."""

from __future__ import annotations

from typing import NamedTuple, Optional


class Wish(NamedTuple):
    """The task's arguments, by name."""

    device: str
    """As torch names it."""
    batch_size: int
    seed: int
    threads: Optional[int]
    """For the CPU; None for as many as there are cores for it."""
    epochs: Optional[int]
    """Whole passes over the training images after which the in-memory form is through."""
    data_dir: Optional[str]
    """MNIST's; None for the built-in digits."""
    download: bool
    """Fetch MNIST into `data_dir` first."""
