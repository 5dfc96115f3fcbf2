"""What a worker is asked to do, one order at a time; `rigcheck.target.session` obeys."""

from typing import TypeAlias

import msgspec

from rigcheck.bench.tier import Tier


class Prepare(msgspec.Struct, frozen=True, kw_only=True, tag_field="what", tag="prepare"):
    """Warm this form up and have it ready."""

    form: Tier


class Train(msgspec.Struct, frozen=True, kw_only=True, tag_field="what", tag="train"):
    """One turn of training, from where the form left off."""

    form: Tier
    turn: int
    """Turns of one number, of whichever devices and forms, lie next to each other in time."""
    duration_s: float


class Evaluate(msgspec.Struct, frozen=True, kw_only=True, tag_field="what", tag="evaluate"):
    """Predict the test images."""

    form: Tier


class MeasureCeilings(msgspec.Struct, frozen=True, kw_only=True, tag_field="what", tag="ceilings"):
    """Find what the device could do at most."""

    is_full: bool
    """All of them, some 20 s; else the two that training is held against, under a second."""


class SweepBatches(msgspec.Struct, frozen=True, kw_only=True, tag_field="what", tag="batch sizes"):
    """Train in memory at one batch size after the other."""


class SweepThreads(msgspec.Struct, frozen=True, kw_only=True, tag_field="what", tag="threads"):
    """Train in memory on ever more CPU threads."""


class MeasureWaits(msgspec.Struct, frozen=True, kw_only=True, tag_field="what", tag="waits"):
    """Find what waiting for the device in each step costs; takes a second or so."""


class Repeat(msgspec.Struct, frozen=True, kw_only=True, tag_field="what", tag="repeat"):
    """Take the same few steps twice, and see whether the weights are the same."""


class End(msgspec.Struct, frozen=True, kw_only=True, tag_field="what", tag="end"):
    """Nothing more will come."""


Order: TypeAlias = (
    Prepare
    | Train
    | Evaluate
    | MeasureCeilings
    | MeasureWaits
    | SweepBatches
    | SweepThreads
    | Repeat
    | End
)
