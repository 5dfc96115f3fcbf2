"""What a running benchmark tells: the one interface between the runner and whoever shows it.

Every `at_s` and `_at_s` is seconds since the run's start.
"""

import dataclasses
from typing import TypeAlias

from rigcheck.bench.plan import BenchDevice
from rigcheck.bench.result import BenchRun, Block, DeviceRun, Epoch, Evaluation, SpeedUp
from rigcheck.bench.tier import Tier
from rigcheck.facts import Absent, Failed
from rigcheck.monitor.sample import Sample, SamplerCost


@dataclasses.dataclass(frozen=True, kw_only=True)
class DeviceStarted:
    """A worker for this device was started."""

    device: str
    label: str
    name: str
    identity: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class StageEntered:
    """The worker says what it is about to do: `import torch`, `data`, `warm-up`, `training`.

    In another form than in memory its name follows: `training as-written`.
    """

    device: str
    stage: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class BlockMeasured:
    """A block of training steps ended. `progress` is 0 to 1 of this device's training."""

    device: str
    tier: Tier = Tier.IN_MEMORY
    block: Block
    progress: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class EpochFinished:
    device: str
    tier: Tier = Tier.IN_MEMORY
    epoch: Epoch


@dataclasses.dataclass(frozen=True, kw_only=True)
class Evaluated:
    device: str
    tier: Tier = Tier.IN_MEMORY
    evaluation: Evaluation


@dataclasses.dataclass(frozen=True, kw_only=True)
class SampleTaken:
    """A reading of the meters; its `time_s` is seconds since the run's start."""

    sample: Sample


@dataclasses.dataclass(frozen=True, kw_only=True)
class WatchChanged:
    """What the watching itself costs, and what it cannot see."""

    cost: SamplerCost | None = None
    """None for the first moments."""
    no_gpus: Absent | Failed | None = None
    """Why no GPU has meters, where there is a reason."""
    problem: str = ""
    """Why no more samples come."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class PauseChanged:
    """The devices rest from now on, as they were asked to, or go on."""

    is_paused: bool
    at_s: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class JoinChanged:
    """A further device gets ready while the others rest, or takes its turns from now on."""

    device: BenchDevice
    is_joining: bool
    at_s: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class GuestRefused:
    """A device that was to join does not."""

    device: BenchDevice
    why: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class DeviceFinished:
    """This device is through, well or not."""

    run: DeviceRun


@dataclasses.dataclass(frozen=True, kw_only=True)
class SpeedUpsKnown:
    speed_ups: tuple[SpeedUp, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class BenchFinished:
    """Always the last event, also after a cancel."""

    run: BenchRun


BenchEvent: TypeAlias = (
    DeviceStarted
    | StageEntered
    | BlockMeasured
    | EpochFinished
    | Evaluated
    | SampleTaken
    | WatchChanged
    | PauseChanged
    | JoinChanged
    | GuestRefused
    | DeviceFinished
    | SpeedUpsKnown
    | BenchFinished
)
