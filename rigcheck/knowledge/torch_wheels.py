"""PyTorch's releases and wheels: what each was built with and for."""

from functools import cache

import msgspec

from rigcheck import versions
from rigcheck.knowledge.table import Row, load_table

INDEX_ROOT = "https://download.pytorch.org/whl"


class Release(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A minor release and its newest point release."""

    minor: str
    latest: str
    released: str
    python: tuple[str, ...]
    """Python versions with wheels that RELEASE.md calls stable."""
    python_experimental: tuple[str, ...] = ()
    torchvision: str
    """Of `latest`; other point releases pair within the same two minors."""
    pypi_cuda: str
    """CUDA of the wheel that plain `pip install torch` brings on Linux; empty where unknown."""
    pypi_platforms: tuple[str, ...]
    """Where PyPI's wheel is known to be that CUDA wheel."""
    glibc_min: str
    numpy1_only: bool = False
    history: bool = False
    """Too old to be advised to anybody: known for judging what is installed or asked for."""

    @property
    def pythons(self) -> tuple[str, ...]:
        """Every Python version with wheels."""
        return self.python + self.python_experimental

    @property
    def pypi_variant(self) -> str:
        """`cu132`: the variant of PyPI's wheel; empty where unknown."""
        return variant_name(self.pypi_cuda) if self.pypi_cuda else ""


class Variant(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A wheel of a release for one CUDA on one platform."""

    torch: str
    """The minor release."""
    variant: str
    """`cu126`."""
    platform: str
    cuda: str
    cudnn: str = ""
    """Empty where it is not known."""
    capabilities: tuple[str, ...]
    """Compute capabilities it has machine code for."""
    ptx: tuple[str, ...] = ()
    """Compute capabilities it has PTX of."""
    stable: bool

    @property
    def codes(self) -> tuple[str, ...]:
        """The GPU code in it, spelt as `torch.cuda.get_arch_list()` does."""
        machine = (f"sm_{c.replace('.', '')}" for c in self.capabilities)
        return (*machine, *(f"compute_{c.replace('.', '')}" for c in self.ptx))


class GpuFamily(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The last torch for a range of compute capabilities, gathered by hand."""

    capability_from: str
    capability_to: str
    gpus: str
    last_torch: str = ""
    """`current` where no end is known, empty where no wheel known to us serves it."""
    variant: str = ""
    conda_torch: str = ""
    """The last of conda's own packages with code for it, where no wheel has any."""
    conda_cuda: str = ""
    conda_commands: tuple[str, ...] = ()
    driver: str


class TorchTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`torch_wheels.toml`."""

    release: tuple[Release, ...]
    gpu_family: tuple[GpuFamily, ...]


class VariantTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`torch_variants.toml`."""

    variant: tuple[Variant, ...]


@cache
def table() -> TorchTable:
    """Releases and GPU families."""
    return load_table("torch_wheels", TorchTable)


@cache
def variant_table() -> VariantTable:
    """The wheels for each CUDA."""
    return load_table("torch_variants", VariantTable)


def variant_name(cuda: str) -> str:
    """`12.6` → `cu126`."""
    return "cu" + versions.minor(cuda).replace(".", "")


def offered_releases() -> tuple[Release, ...]:
    """Those that may be advised."""
    return tuple(row for row in table().release if not row.history)


def release_of(torch_version: str) -> Release | None:
    """The row of `2.14.0+cu126`'s minor release; None for one the table does not know.

    Raises:
        ValueError: if it is not a version.
    """
    wanted = versions.minor(torch_version)
    return next((r for r in table().release if r.minor == wanted), None)


def releases_of_torchvision(torchvision_version: str) -> tuple[Release, ...]:
    """The releases whose torchvision has the same minor.

    Raises:
        ValueError: if it is not a version.
    """
    wanted = versions.minor(torchvision_version)
    return tuple(r for r in table().release if versions.minor(r.torchvision) == wanted)


def variant_of(torch_version: str, variant: str, platform: str) -> Variant | None:
    """The row of that wheel; None where the table does not know it."""
    wanted = versions.minor(torch_version)
    rows = (r for r in variant_table().variant if (r.torch, r.variant) == (wanted, variant))
    return next((r for r in rows if r.platform == platform), None)


def family_of(capability: str) -> GpuFamily | None:
    """The hand-gathered answer for a compute capability."""
    wanted = versions.release(capability)
    for row in table().gpu_family:
        low, high = versions.release(row.capability_from), versions.release(row.capability_to)
        if low <= wanted <= high:
            return row
    return None
