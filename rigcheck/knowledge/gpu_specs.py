"""GPU models: what each is sold with."""

import re
from functools import cache
from typing import Literal

import msgspec

from rigcheck.knowledge.table import Row, load_table

_IN_BRACKETS = re.compile(r"\[([^]]+)\]$")


class GpuSpec(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One model, as a reference board."""

    model: str
    names: tuple[str, ...]
    """As the driver prints it; models that differ in memory alone share a name."""
    capability: str
    architecture: str
    chip: str
    kind: Literal["geforce", "titan", "pro", "dc"]
    """`dc` for data centre, `pro` for workstations."""
    memory_gb: float
    """As printed on the box; boards with other sizes exist."""
    other_memory_gb: tuple[float, ...] = ()
    """Sizes of boards that are sold under the same names and alike in all else."""
    memory_bandwidth_gb_per_s: float
    fp32_tflops: float
    fp16_tensor_tflops: float | None = None
    """Dense, with fp32 accumulation; None for a card without tensor cores."""
    tdp_w: int
    """Of the whole board."""
    supply_w: int | None = None
    """Of the power supply that TechPowerUp suggests for a machine with one of it."""
    form: Literal["card", "SXM"] = "card"
    """An SXM module sits in a server that was built for it."""
    pcie_generation: int
    pcie_lanes: int


class SpecTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`gpu_specs.toml`."""

    gpu: tuple[GpuSpec, ...]


@cache
def table() -> SpecTable:
    """The whole table."""
    return load_table("gpu_specs", SpecTable)


def specs_of(name: str) -> tuple[GpuSpec, ...]:
    """Every row with that product name; none for one the table does not know.

    `AD102 [GeForce RTX 4090]`, as pci.ids has it, counts as the name in its brackets.
    """
    in_brackets = _IN_BRACKETS.search(name)
    wanted = {name, in_brackets[1], f"NVIDIA {in_brackets[1]}"} if in_brackets else {name}
    return tuple(row for row in table().gpu if not wanted.isdisjoint(row.names))


def memory_sizes_gb(name: str) -> tuple[float, ...]:
    """Those that the table knows boards of this name with, the smallest first."""
    sizes = {size for row in specs_of(name) for size in (row.memory_gb, *row.other_memory_gb)}
    return tuple(sorted(sizes))


def chip_family(chip: str) -> str:
    """`GM` (Maxwell) of `GM206`, also as pci.ids goes on: `GM206 [GeForce GTX 960]`; else empty."""
    match = re.match(r"([A-Z]{2})\d", chip)
    return match[1] if match else ""
