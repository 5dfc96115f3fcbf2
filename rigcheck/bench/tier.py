"""The tiers: forms in which LeNet is trained, all with the same network and mathematics."""

import enum


class Tier(enum.Enum):
    """Named in every result, since a rate means nothing without it."""

    IN_MEMORY = "in-memory"
    """Data on the device, shuffled by index there, statistics kept there, plain autograd."""
    AS_WRITTEN = "as-written"
    """As scripts do it: DataLoader with 4 workers, PIL and ToTensor per image, waits each step."""
    PEAK = "peak"
    """The fastest form: folded products on a CPU; on a GPU a captured CUDA graph, of torch's own
    kernels or of those that `torch.compile` makes, whichever are faster there."""
