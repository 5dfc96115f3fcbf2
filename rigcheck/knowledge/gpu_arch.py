"""GPUs: compute capability, architecture, chips and product names."""

import re
from functools import cache

import msgspec

from rigcheck.knowledge.table import Row, load_table


class Capability(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A compute capability and the GPUs that have it."""

    capability: str
    architecture: str
    """As in `cuda_driver`: `Maxwell`."""
    title: str
    """For people: `Blackwell (GeForce, workstation)`."""
    first_cuda: str
    last_cuda: str
    """The last CUDA that compiles for it; `current` where none has dropped it."""
    products: tuple[str, ...]
    integrated: bool = False
    """A part of a system on a chip, for which code for its bigger sisters was not made."""
    joins_from_cuda: str = ""
    """From this CUDA on its sisters' code runs on it; empty where it never does."""
    formerly: str = ""


class Chip(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A chip and its compute capability."""

    chip: str
    capability: str


class GpuTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`gpu_arch.toml`."""

    capability: tuple[Capability, ...]
    chip: tuple[Chip, ...]


@cache
def table() -> GpuTable:
    """The whole table."""
    return load_table("gpu_arch", GpuTable)


def capability_row(capability: str) -> Capability | None:
    """The row of `5.2`; None for one the table does not know."""
    return next((row for row in table().capability if row.capability == capability), None)


def capability_of_name(name: str) -> Chip | Capability | None:
    """The row that gives a GPU's compute capability, from its name alone.

    `GM206 [GeForce GTX 960]` (pci.ids) is known by its chip, `NVIDIA GeForce GTX 960` by its
    product. None where the name is not in the table: near is not enough (a GTX 960M is another
    chip than a GTX 960).
    """
    chip = re.match(r"(G[KMPVAHB]|TU|AD)\w\w[0-9B]", name)
    if chip is not None:
        return next((row for row in table().chip if row.chip == chip.group()), None)
    wanted = _product(name)
    for row in table().capability:
        if wanted in {_product(product) for product in row.products}:
            return row
    return None


def _product(name: str) -> str:
    """`NVIDIA GeForce RTX 3060 Ti` → `rtx 3060 ti`: makers and lines are often left out."""
    words = name.lower().split()
    return " ".join(w for w in words if w not in ("nvidia", "corporation", "geforce", "tesla"))
