"""What to run: chosen once, then read only."""

import dataclasses
from pathlib import Path

from rigcheck.bench.tier import Tier
from rigcheck.errors import UsageError

BATCH_SIZE = 100
DEFAULT_TRAINING_S = 10.0
DEFAULT_TIERS = (Tier.IN_MEMORY, Tier.AS_WRITTEN)


@dataclasses.dataclass(frozen=True, kw_only=True)
class BenchDevice:
    """A device to train on."""

    device: str
    """As torch names it: `cpu`, `cuda:0`."""
    label: str
    """`CPU`, `GPU 0`."""
    name: str
    identity: str
    """UUID, else PCI bus id; empty for the CPU."""
    price: float | None = None
    """What it has cost, in whichever currency; None where nobody said."""

    @property
    def is_cpu(self) -> bool:
        """True for the CPU, whatever torch names it."""
        return self.device.partition(":")[0] == "cpu"


@dataclasses.dataclass(frozen=True, kw_only=True)
class BenchPlan:
    """One benchmark run. Either time-boxed (`epochs` is None) or whole epochs."""

    python: str
    """Executable of the interpreter to train in."""
    devices: tuple[BenchDevice, ...]
    tiers: tuple[Tier, ...] = DEFAULT_TIERS
    """The forms to train in. The in-memory one is always among them."""
    is_full: bool = False
    """Every ceiling, and the rate by batch size and by threads as well; takes minutes."""
    training_s: float = DEFAULT_TRAINING_S
    """Training time a device in memory, after warm-up; less where the speed is known before."""
    epochs: int | None = None
    """The whole protocol instead: this many passes over the training images."""
    data_dir: Path | None = None
    """MNIST's directory; None for the built-in digits."""
    download: bool = False
    """Fetch MNIST into `data_dir` first."""
    threads: int | None = None
    """CPU threads for the mathematics; None leaves the choice to torch."""
    seed: int = 0
    nvml_library: str | None = None
    """The file that the meters ask of the GPUs; None for the loader's choice."""

    def __post_init__(self) -> None:
        """Refuses what cannot be done.

        Raises:
            UsageError: for no time, no epochs or no threads, or a download to nowhere.
        """
        if self.training_s <= 0:
            raise UsageError(f"training takes some time, not {self.training_s:g} s")
        if self.epochs is not None and self.epochs < 1:
            raise UsageError(f"training takes at least one epoch, not {self.epochs}")
        if self.threads is not None and self.threads < 1:
            raise UsageError(f"training takes at least one thread, not {self.threads}")
        if self.download and self.data_dir is None:
            raise UsageError("MNIST is to be downloaded, but into which directory")
        if Tier.IN_MEMORY not in self.tiers:
            raise UsageError("every form is compared with the one in memory, so that is measured")
