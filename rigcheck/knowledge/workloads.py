"""What models need of a GPU: memory, and compute capability for what they are run with."""

from functools import cache
from typing import Literal

import msgspec

from rigcheck.knowledge.table import Row, load_table

CONTEXT_BYTES = 700 * 1024 * 1024
"""What a process holds of a GPU before its first tensor: CUDA's context, the code of the library's
kernels, and cuDNN's working space. Some 300 MB to 1 GB, by card and release."""


class Workload(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A model and how it is run."""

    name: str
    kind: Literal["training", "inference"]
    parameters: int
    states_bytes: float
    """For each parameter: the weight, and in training its gradient and the optimiser's state."""
    activation_bytes: int
    """For each sample, or token."""
    samples: int

    @property
    def needs_bytes(self) -> int:
        """GPU memory: context + parameters · states + samples · activations.

        Source of the states: Rajbhandari et al., ZeRO (2020), section 3.1. What the allocator
        loses to fragments is not counted.
        """
        states = int(self.parameters * self.states_bytes)
        return CONTEXT_BYTES + states + self.samples * self.activation_bytes


class Feature(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that older GPUs cannot do."""

    name: str
    capability_min: str
    instead: str


class WorkloadTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`workloads.toml`."""

    workload: tuple[Workload, ...]
    feature: tuple[Feature, ...]


@cache
def table() -> WorkloadTable:
    """The whole table."""
    return load_table("workloads", WorkloadTable)
