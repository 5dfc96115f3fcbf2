"""What a benchmark run found. Rates are images a second, accuracy a share of the test images.

Times (`_at_s`) are seconds since the run's start, on one axis for blocks, epochs and samples.
"""

import enum

import msgspec

from rigcheck.facts import Absent, Failed
from rigcheck.monitor.sample import Sample, SamplerCost


class DataKind(enum.Enum):
    """Which data trained LeNet: said wherever its result is."""

    MNIST = "MNIST"
    BUILT_IN_DIGITS = "built-in digits"
    OTHER = "other data in MNIST's format"


class Data(msgspec.Struct, frozen=True, kw_only=True):
    """The data set used."""

    kind: DataKind
    path: str
    """Its directory; empty for the built-in digits."""
    train_images: int
    test_images: int


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of training steps between two moments at which the device was waited for."""

    start_at_s: float
    end_at_s: float
    images: int
    epoch: int
    loss: float | None
    """Cross-entropy, mean an image over the block; null when it is not finite."""

    @property
    def images_per_s(self) -> float:
        """The block's rate."""
        return self.images / (self.end_at_s - self.start_at_s)


class Epoch(msgspec.Struct, frozen=True, kw_only=True):
    """One whole pass over the training images."""

    number: int
    duration_s: float
    """Training time alone: evaluation is not in it."""
    train_loss: float | None
    """Mean an image, while learning."""
    train_accuracy: float
    """Share of the training images told right, each right before it was learned from."""


class Evaluation(msgspec.Struct, frozen=True, kw_only=True):
    """The prediction pass over the test images."""

    images: int
    duration_s: float
    loss: float | None
    """Mean an image; None when it is not finite."""
    accuracy: float
    """Share of the test images told right, after training."""


class Outcome(enum.Enum):
    """How a device's run ended. What was measured until then is in the result all the same."""

    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """Images a second in training: the median of the blocks and its bootstrap interval."""

    images_per_s: float
    """Training images a second: forward, backward and update, with the data already in memory. The
    median of short blocks, at whose ends the device was waited for."""
    low_images_per_s: float
    """Where the 95 % interval of that median begins, from resampling the blocks."""
    high_images_per_s: float
    best_images_per_s: float
    """Mean of the fastest tenth of the blocks: the device undisturbed."""
    blocks: int


class DeviceRun(msgspec.Struct, frozen=True, kw_only=True):
    """LeNet on one device."""

    device: str
    """As torch names it: `cpu`, `cuda:0`."""
    label: str
    """As people name it: `CPU`, `GPU 0`."""
    name: str
    """The model: `NVIDIA GeForce GTX 960`."""
    identity: str
    """UUID, else PCI bus id; empty for the CPU."""
    outcome: Outcome
    error: str
    """Why it failed, in words; empty otherwise."""
    hint: str
    """What to do about the error; empty otherwise."""
    details: str = ""
    """Traceback and last output of a worker that died; empty otherwise. Foreign text."""
    stage: str
    """Where it failed or was cancelled."""
    python: str
    torch_version: str
    threads: int | None
    """CPU threads for the mathematics; None where torch was never imported."""
    batch_size: int
    data: Data | None
    warm_up_s: float | None
    rate: Rate | None
    epoch_s: float | None
    """Time for one pass over 60,000 training images at the measured rate."""
    blocks: tuple[Block, ...]
    epochs: tuple[Epoch, ...]
    evaluation: Evaluation | None

    @property
    def images_trained(self) -> int:
        """In all blocks. Fewer than `data.train_images`: the time was too short for an epoch."""
        return sum(block.images for block in self.blocks)


class SpeedUp(msgspec.Struct, frozen=True, kw_only=True):
    """How many times as fast a device trains as the baseline."""

    device: str
    baseline: str
    ratio: float
    """Of the two rates."""
    low: float
    """Where its 95 % interval begins, from the blocks of both."""
    high: float
    sentence: str
    """`GPU 0 trains LeNet 6.3× as fast as the CPU`."""


class BenchRun(msgspec.Struct, frozen=True, kw_only=True):
    """One run over all chosen devices."""

    started_at: str
    """ISO 8601, UTC."""
    devices: tuple[DeviceRun, ...]
    speed_ups: tuple[SpeedUp, ...]
    samples: tuple[Sample, ...]
    """`time_s` is seconds since the run's start here. In a long run each stands for several."""
    samples_problem: str = ""
    """Why no more samples came; empty otherwise."""
    no_gpus: Absent | Failed | None = None
    """Why no GPU is in the samples, where NVML could not be asked; null otherwise."""
    sampler_cost: SamplerCost | None = None
    """What taking the samples cost; null where the run was over before it was known."""
