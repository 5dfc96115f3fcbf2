"""What a benchmark run found. Rates are images a second, accuracy a share of the test images.

Times (`_at_s`) are seconds since the run's start, on one axis for blocks, epochs and samples.
"""

import enum

import msgspec

from rigcheck.bench.ceiling import Ceiling, CeilingShare
from rigcheck.bench.conclusions import Bottleneck, Energy
from rigcheck.bench.tier import Tier
from rigcheck.facts import Absent, Failed
from rigcheck.findings import Evidence
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
    turn: int = 0
    """Turns of one number, on whichever device and in whichever form, lie side by side in time."""
    steps: int | None = None
    page_faults: int | None = None
    """Of the training process, served without the disk."""
    cores_of_others: float | None = None
    """Cores that other processes of the machine kept busy meanwhile; None where untold."""

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


class LossWindow(msgspec.Struct, frozen=True, kw_only=True):
    """A point of the loss curve by which devices are compared: the batches are the same."""

    steps: int
    """Training steps done at its end."""
    loss: float | None
    """Mean an image over the steps since the last point; None when it is not finite."""


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """Images a second in training: the median of the blocks and its 95 % interval."""

    images_per_s: float
    """Training images a second: forward, backward and update, with the data already in memory. The
    median of short blocks, at whose ends the device was waited for."""
    low_images_per_s: float
    """Where the 95 % interval of that median begins, from resampling the blocks."""
    high_images_per_s: float
    best_images_per_s: float
    """Mean of the fastest tenth of the blocks: the device undisturbed."""
    blocks: int


class Ratio(msgspec.Struct, frozen=True, kw_only=True):
    """How many times as fast, from turns that lie side by side in time."""

    ratio: float
    low: float
    """95 % bootstrap interval."""
    high: float
    turns: int
    """Pairs of turns it stands on."""


class SweepPoint(msgspec.Struct, frozen=True, kw_only=True):
    """The in-memory rate at one batch size, or on one number of threads."""

    value: int
    images_per_s: float
    """Median of the blocks."""
    best_images_per_s: float
    """Of the fastest block."""


class Waits(msgspec.Struct, frozen=True, kw_only=True):
    """What waiting for the device in each step costs: the as-written step without its loader."""

    images_per_s: float
    """On batches that lie ready in main memory: the median of short rounds."""
    of_in_memory: Ratio
    """Its speed as a multiple of the in-memory form's; a turn is a round here."""
    as_written_a_step: float | None
    """Calls of a step that wait for the device; null where torch does not tell."""
    in_memory_a_step: float | None
    """The same of the in-memory form, which has no need to wait."""


class TierRun(msgspec.Struct, frozen=True, kw_only=True):
    """LeNet in another form than in memory, on the same device."""

    tier: Tier
    why_not: str
    """Why it was not measured, or not to its end; empty otherwise. May hold foreign words."""
    how: str = ""
    """Which of several ways to do it this is, the fastest here, and what the others came to; empty
    where there is one way. May hold foreign words."""
    warm_up_s: float | None
    rate: Rate | None
    of_in_memory: Ratio | None
    """Its speed as a multiple of the in-memory form's."""
    ceiling_share: CeilingShare | None = None
    """The rate as a share of what the device's arithmetic allows."""
    blocks: tuple[Block, ...]
    epochs: tuple[Epoch, ...]
    first_epoch: Evaluation | None
    evaluation: Evaluation | None


class Before(msgspec.Struct, frozen=True, kw_only=True):
    """An earlier run of the same device with the same form, data, batch and threads.

    The last one whose interval does not overlap with this run's; where all do, the last one.
    """

    run: str
    """Its id."""
    created_at: str
    """ISO 8601, UTC."""
    tier: Tier
    rate: Rate
    sentence: str = ""
    """What changed since, and the likely cause; empty where the speeds do not really differ."""
    evidence: tuple[Evidence, ...] = ()
    """Of the likely cause."""


class DeviceRun(msgspec.Struct, frozen=True, kw_only=True):
    """LeNet on one device. Rate, blocks, epochs and evaluations are those of the in-memory form."""

    device: str
    """As torch names it: `cpu`, `cuda:0`."""
    label: str
    """As people name it: `CPU`, `GPU 0`."""
    name: str
    """The model: `NVIDIA GeForce GTX 960`."""
    identity: str
    """UUID, else PCI bus id; empty for the CPU."""
    price: float | None = None
    """What it has cost, in whichever currency; null where nobody said."""
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
    threads_reason: str = ""
    """Why so many."""
    batch_size: int
    data: Data | None
    warm_up_s: float | None
    rate: Rate | None
    epoch_s: float | None
    """Time for one pass over 60,000 training images at the measured rate."""
    blocks: tuple[Block, ...]
    epochs: tuple[Epoch, ...]
    first_epoch: Evaluation | None = None
    """After one pass over the training images; None where the time was too short for it."""
    evaluation: Evaluation | None
    """At the end."""
    loss_curve: tuple[LossWindow, ...] = ()
    """Of the first epoch's first 600 steps."""
    repeats_bitwise: bool | None = None
    """Whether the same few steps, taken twice, gave the same weights bit for bit; null where that
    was not tried or PyTorch does not promise it."""
    tiers: tuple[TierRun, ...] = ()
    """The other forms that were asked for."""
    waits: Waits | None = None
    """What waiting in each step costs; null on a CPU, where there is nothing to wait for."""
    ceilings: tuple[Ceiling, ...] = ()
    """What the device can do at most; the short ones twice, for something else may have had the
    machine the first time."""
    ceilings_at: tuple[tuple[float, float], ...] = ()
    """When each of them was measured: start and end, in seconds since the run's start."""
    ceiling_share: CeilingShare | None = None
    """The rate as a share of what the device's arithmetic allows."""
    batch_sizes: tuple[SweepPoint, ...] = ()
    """How the rate changes with the batch, smallest first; empty where that was not asked for."""
    thread_counts: tuple[SweepPoint, ...] = ()
    """How the rate changes with the CPU threads; empty where that was not asked for."""
    bottleneck: Bottleneck | None = None
    """What stands between the rate and what the device could do."""
    energy: Energy | None = None
    """What it consumed in memory, in its longest turn; None where no meter told."""
    before: tuple[Before, ...] = ()
    """What each form is compared with, of the runs that are kept."""
    refused: tuple[str, ...] = ()
    """What else could not be measured, and why. May hold foreign words."""

    def blocks_in(self, tier: Tier) -> tuple[Block, ...]:
        """The blocks trained in that form; none where it was not asked for."""
        if tier is Tier.IN_MEMORY:
            return self.blocks
        return next((run.blocks for run in self.tiers if run.tier is tier), ())


class SpeedUp(msgspec.Struct, frozen=True, kw_only=True):
    """How many times as fast a device trains as the baseline."""

    device: str
    baseline: str
    tier: Tier = Tier.IN_MEMORY
    ratio: float
    """Of the two rates."""
    low: float
    """95 % interval: from pairs of turns side by side, else from the two rates' blocks."""
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
