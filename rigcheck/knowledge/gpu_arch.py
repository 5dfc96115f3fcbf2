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
    """`NVIDIA GeForce RTX 3060 Ti` → `rtx 3060 ti`: makers and lines are often left out.

    So are memory size, form factor and cooling, which do not change the chip's generation:
    `Tesla P100-PCIE-16GB` → `p100`, `NVIDIA GeForce RTX 4070 Laptop GPU` → `rtx 4070`.
    """
    bare = _VARIANTS.sub("", _SEPARATORS.sub(" ", name.lower()))
    words = bare.replace("(pascal)", "pascal").split()
    return " ".join(w for w in words if w not in ("nvidia", "corporation", "geforce", "tesla"))


_SEPARATORS = re.compile(r"(?<=\w)-(?=\w)")
# A mobile GTX before the 10 series is another chip than its namesake; those are named 960M.
_VARIANTS = re.compile(
    r" (?:\d{1,3} ?gi?b|pcie?|sxm\d?|hbm\d?e?|nvl|laptop gpu|mobile|(?:with )?max q(?: design)?"
    r"|generation|graphics device|collectors edition)(?= |$)"
)
