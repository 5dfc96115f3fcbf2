"""Partial rigs put together: each fact from the most direct source that has it."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from rigcheck.facts import NOT_ASKED, Absent, Fact, Found, Part, Rig, Symptom


def merge(rigs: Iterable[Rig]) -> Rig:
    """One rig of several, the most direct source first.

    Where two contradict each other the first counts. A value, and an error, count more than an
    absence. Lists of things (GPUs, distributions) are joined thing by thing.
    """
    merged = Rig()
    for rig in rigs:
        parts: dict[str, Any] = {
            name: _merge_parts(getattr(merged, name), getattr(rig, name))
            for name in Rig.__struct_fields__
        }
        merged = Rig(**parts)
    return merged


def _merge_parts(first: Part, second: Part) -> Part:
    if second == type(second)():
        return first
    merged: dict[str, Any] = {
        name: _merge_facts(getattr(first, name), getattr(second, name))
        for name in first.__struct_fields__
    }
    return type(first)(**merged)


def _merge_facts(first: Fact[Any], second: Fact[Any]) -> Fact[Any]:
    if isinstance(first, Found) and isinstance(second, Found) and _are_things(first, second):
        return Found(_joined(first.value, second.value), first.source)
    return second if _weight(second) > _weight(first) else first


def _weight(fact: Fact[Any]) -> int:
    if fact == NOT_ASKED:
        return 0
    return 1 if isinstance(fact, Absent) else 2


def _are_things(*facts: Found[Any]) -> bool:
    return all(isinstance(f.value, tuple) for f in facts) and any(
        isinstance(thing, msgspec.Struct) for f in facts for thing in f.value
    )


def _joined(first: tuple[Any, ...], second: tuple[Any, ...]) -> tuple[Any, ...]:
    """All of the first, filled up from their likes in the second; then those only it has."""
    likes: Mapping[Any, Any] = {_identity(thing): thing for thing in second}
    known = {_identity(thing) for thing in first}
    filled = [_filled(thing, likes.get(_identity(thing))) for thing in first]
    return (*filled, *(thing for thing in second if _identity(thing) not in known))


def _filled(thing: msgspec.Struct, like: msgspec.Struct | None) -> msgspec.Struct:
    if like is None or type(like) is not type(thing):
        return thing
    merged: dict[str, Any] = {
        name: _merge_facts(getattr(thing, name), getattr(like, name))
        if isinstance(getattr(thing, name), (Found, Absent, msgspec.Struct))
        else getattr(thing, name)
        for name in thing.__struct_fields__
    }
    return type(thing)(**merged)


_IDENTITIES: tuple[str, ...] = ("index", "name", "device", "pci_bus_id")
"""The tools that a text comes from number GPUs alike (nvidia-smi's index), so here it does join."""


def _identity(thing: Any) -> Any:
    if isinstance(thing, Symptom):
        return thing  # the same error in other words tells more
    for name in _IDENTITIES:
        if name in getattr(thing, "__struct_fields__", ()):
            return name, getattr(thing, name)
    return thing
