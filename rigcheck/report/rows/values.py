"""Facts and values as text, in their units, safe for a terminal."""

import enum
from collections.abc import Callable
from typing import Any

import msgspec

from rigcheck.facts import Absent, Failed, Found
from rigcheck.report.rows.labels import label_of
from rigcheck.terminal import plain
from rigcheck.units import bytes_text, duration_text

_MAX_NAMES = 24
"""A longer list of names (all flags of a CPU) is told by its length."""


def value_text(name: str, value: Any) -> str:
    """A value in its unit, which the field's name ends with."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return _list_text(name, value)
    if isinstance(value, enum.Enum):
        return plain(str(value.value))
    if isinstance(value, msgspec.Struct):
        return described(value)
    if isinstance(value, (int, float)):
        return _number_text(name, value)
    return plain(str(value))


def fact_text(name: str, fact: Found[Any] | Absent | Failed) -> str:
    """The value, or in words why there is none."""
    if isinstance(fact, Found):
        return value_text(name, fact.value)
    if isinstance(fact, Failed):
        return plain(fact.error)
    says_more = fact.detail and fact.detail.lower() != fact.reason.value.lower()
    return fact.reason.value + (f" ({plain(fact.detail)})" if says_more else "")


def described(thing: msgspec.Struct, *names: str) -> str:
    """These fields of a thing, or all, each with its label."""
    chosen = names or thing.__struct_fields__
    return ", ".join(f"{label_of(name)} {field_text(thing, name)}" for name in chosen)


def field_text(thing: msgspec.Struct, name: str) -> str:
    """A field of a thing as text, be it a fact or a plain value."""
    value = getattr(thing, name)
    if isinstance(value, (Found, Absent, Failed)):
        return fact_text(name, value)
    return value_text(name, value)


def _list_text(name: str, values: tuple[Any, ...]) -> str:
    if not values:
        return "none"
    if len(values) > _MAX_NAMES:
        return f"{len(values)} in all"
    return ", ".join(value_text(name, value) for value in values)


def _number_text(name: str, number: float) -> str:
    for suffix, text in _UNITS.items():
        if name.endswith(suffix):
            return text(number)
    return f"{number:g}" if isinstance(number, float) else str(number)


def _mhz_text(mhz: float) -> str:
    return f"{mhz / 1000:.2f} GHz" if mhz >= 1000 else f"{mhz:.0f} MHz"  # noqa: PLR2004


_UNITS: dict[str, Callable[[float], str]] = {
    "_bytes": lambda n: bytes_text(int(n)),
    "_mhz": _mhz_text,
    "_mbit_per_s": "{:g} Mbit/s".format,
    "_cpus": "{:g} CPUs".format,
    "_s": duration_text,
    "_w": "{:g} W".format,
    "_c": "{:g} °C".format,
    "_percent": "{:g} %".format,
}
"""By the end of a field's name; the longer end comes before the one that it ends with."""
