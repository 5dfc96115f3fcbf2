"""What the training task sends, in the order in which it does, as far as it gets.

Times are `time.monotonic()` of the worker, which is the parent's, too. A loss that is not finite
arrives as None.
"""

from typing import Any, TypeAlias

import msgspec

from rigcheck.bench.result import DataKind


class Entered(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="entered"):
    """Before each stage."""

    stage: str


class Imported(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="imported"):
    torch_version: str
    threads: int
    """CPU threads for the mathematics."""


class DataLoaded(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="data"):
    kind: DataKind
    train_images: int
    test_images: int


class WarmedUp(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="warm_up"):
    duration_s: float


class BlockTrained(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="block"):
    """A stretch of steps between two moments at which the device was waited for."""

    start_s: float
    end_s: float
    images: int
    epoch: int
    loss: float | None
    """Mean an image."""


class EpochTrained(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="epoch"):
    """A whole pass; an epoch that the time box cuts off sends none."""

    number: int
    duration_s: float
    loss: float | None
    accuracy: float
    """Share told right, each image right before it was learned from."""


class TestSetPredicted(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="evaluation"
):
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
    | WarmedUp
    | BlockTrained
    | EpochTrained
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
