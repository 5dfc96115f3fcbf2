"""A fact: found, absent for a reason, or failed; and a part, which is a bundle of facts."""

import enum
from typing import Generic, TypeAlias, TypeVar

import msgspec

T = TypeVar("T")


class Reason(enum.Enum):
    """Why a value is absent. Unknown is not zero, and these are not one another."""

    NOT_ASKED = "not asked"
    NOT_THERE = "not there"
    NOT_SUPPORTED = "not supported"
    NOT_APPLICABLE = "not applicable"
    NO_PERMISSION = "no permission"
    NOT_IN_DRIVER = "not in this driver"
    GPU_LOST = "GPU lost"


class Found(msgspec.Struct, Generic[T], frozen=True, tag_field="state", tag="found"):
    """A value and where it was read."""

    value: T
    source: str


class Absent(msgspec.Struct, frozen=True, tag_field="state", tag="absent"):
    """No value, for a known reason. `detail` is what the source said of it, if anything."""

    reason: Reason
    source: str
    detail: str = ""


class Failed(msgspec.Struct, frozen=True, tag_field="state", tag="failed"):
    """Reading went wrong; `error` is the message of whoever failed."""

    error: str
    source: str


Fact: TypeAlias = Found[T] | Absent | Failed

NOT_ASKED = Absent(Reason.NOT_ASKED, "")


def value_of(fact: Fact[T]) -> T | None:
    """The value, or None where there is none: for code that treats every lack alike."""
    return fact.value if isinstance(fact, Found) else None


def is_known_absent(fact: Fact[T]) -> bool:
    """True where the source was read and says that the thing is not there."""
    return isinstance(fact, Absent) and fact.reason is Reason.NOT_THERE


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Base of the parts of a rig: one part is what one probe finds."""
