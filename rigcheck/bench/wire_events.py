"""What the training task sends: until `Ready` on its own, then what it is ordered to.

Times are `time.monotonic()` of the worker, which is the parent's, too. A loss that is not finite
arrives as None.
"""

from typing import Any, TypeAlias

import msgspec

from rigcheck.bench.ceiling import Ceiling
from rigcheck.bench.result import DataKind, SweepPoint
from rigcheck.bench.tier import Tier


class Entered(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="entered"):
    """Before each stage."""

    stage: str


class Imported(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="imported"):
    torch_version: str
    threads: int
    """CPU threads for the mathematics."""
    threads_reason: str


class DataLoaded(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="data"):
    kind: DataKind
    train_images: int
    test_images: int


class Ready(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="ready"):
    """For the next order: after the start, and after each order."""


class WarmedUp(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="warm_up"):
    """A form is ready for its first turn."""

    form: Tier
    duration_s: float
    how: str = ""
    """Which of several ways it is, where there are some."""


class Refused(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="refused"):
    """An order that could not be done, while the rest goes on."""

    what: str
    form: Tier | None
    """None where the order was of no form."""
    why: str


class BlockTrained(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="block"):
    """A stretch of steps between two moments at which the device was waited for."""

    form: Tier
    turn: int
    start_s: float
    end_s: float
    steps: int
    images: int
    epoch: int
    loss: float | None
    """Mean an image."""
    page_faults: int | None
    cores_of_others: float | None


class LossWindow(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="loss_window"):
    """The mean loss of the in-memory form over the last steps of its first epoch."""

    steps: int
    loss: float | None


class EpochTrained(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="epoch"):
    """A whole pass; an epoch that the time box cuts off sends none."""

    form: Tier
    number: int
    duration_s: float
    loss: float | None
    accuracy: float
    """Share told right, each image right before it was learned from."""


class TestSetPredicted(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="evaluation"
):
    form: Tier
    images: int
    duration_s: float
    loss: float | None
    accuracy: float


class CeilingMeasured(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="ceiling"):
    start_s: float
    end_s: float
    ceiling: Ceiling


class BatchSizeMeasured(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="batch size"
):
    point: SweepPoint


class ThreadsMeasured(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="threads"):
    point: SweepPoint


class Repeated(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="repeat"):
    """Whether the same steps gave the same weights; None with the reason why nobody promises it."""

    is_bitwise: bool | None
    reason: str


class WaitsMeasured(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="waits"):
    rounds: tuple[tuple[float, float], ...]
    """Seconds a step, in memory and as written on batches that lie ready, side by side in time."""
    in_memory: float | None
    """Calls of a step that wait for the device; None where torch does not tell."""
    as_written: float | None


class FirstEpochPredicted(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="first_epoch"
):
    """The test images, after one pass over the training images."""

    form: Tier
    images: int
    duration_s: float
    loss: float | None
    accuracy: float


class TaskFailed(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="failed"):
    """In place of what would follow: the task itself knows what is wrong."""

    message: str
    hint: str


WireEvent: TypeAlias = (
    Entered
    | Imported
    | DataLoaded
    | Ready
    | WarmedUp
    | Refused
    | BlockTrained
    | LossWindow
    | EpochTrained
    | CeilingMeasured
    | BatchSizeMeasured
    | ThreadsMeasured
    | Repeated
    | WaitsMeasured
    | FirstEpochPredicted
    | TestSetPredicted
    | TaskFailed
)


def decode(event: dict[str, Any]) -> WireEvent:
    """Checks an event off the wire.

    Raises:
        msgspec.ValidationError: if it is none of these.
    """
    decoded: WireEvent = msgspec.convert(event, WireEvent)
    return decoded
