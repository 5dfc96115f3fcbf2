"""Every text in a report, by its type and field: to look at, and to replace."""

import functools
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import msgspec
import msgspec.inspect

from rigcheck.facts import Found
from rigcheck.report.allowed import DECISIONS, Decision

S = TypeVar("S", bound=msgspec.Struct)


class Text(msgspec.Struct, frozen=True):
    """One text where it stands."""

    owner: msgspec.Struct
    """The record that holds it; of a fact, the one that holds the fact."""
    decision: Decision | None
    """None where nobody decided."""
    text: str


def texts(root: msgspec.Struct) -> Iterator[Text]:
    """All of them, in the order of the fields."""
    gathered: list[Text] = []

    def gather(found: Text) -> str:
        gathered.append(found)
        return found.text

    map_texts(root, gather)
    yield from gathered


def map_texts(root: S, change: Callable[[Text], str]) -> S:
    """The same records, each text replaced by what `change` makes of it."""
    changes = {
        name: _mapped(getattr(root, name), root, _decision(root, name), change)
        for name in _fields_with_text(type(root))
    }
    changed = {name: value for name, value in changes.items() if value is not getattr(root, name)}
    return msgspec.structs.replace(root, **changed) if changed else root


def _mapped(
    value: Any, owner: msgspec.Struct, decision: Decision | None, change: Callable[[Text], str]
) -> Any:
    if isinstance(value, str):
        return change(Text(owner, decision, value))
    if isinstance(value, tuple):
        mapped = tuple(_mapped(item, owner, decision, change) for item in value)
        return mapped if any(a is not b for a, b in zip(mapped, value, strict=True)) else value
    if isinstance(value, Found):
        inner = _mapped(value.value, owner, decision, change)
        source = change(Text(value, DECISIONS["Found"]["source"], value.source))
        return msgspec.structs.replace(value, value=inner, source=source)
    if isinstance(value, msgspec.Struct):
        return map_texts(value, change)
    return value


def _decision(owner: msgspec.Struct, name: str) -> Decision | None:
    return DECISIONS.get(type(owner).__name__, {}).get(name)


@functools.cache
def _fields_with_text(cls: type[msgspec.Struct]) -> tuple[str, ...]:
    """Names of fields that may hold text, however deep: most of a sample's fields are numbers."""
    info = msgspec.inspect.type_info(cls)
    if not isinstance(info, msgspec.inspect.StructType):
        raise TypeError(f"not a record: {cls}")
    return tuple(field.name for field in info.fields if may_hold_text(field.type))


def may_hold_text(info: msgspec.inspect.Type) -> bool:
    """True where a value of that type is a text or holds one."""
    if isinstance(info, msgspec.inspect.UnionType):
        return any(may_hold_text(member) for member in info.types)
    if isinstance(info, msgspec.inspect.TupleType):
        return any(may_hold_text(member) for member in info.item_types)
    if isinstance(info, msgspec.inspect.VarTupleType):
        return may_hold_text(info.item_type)
    if isinstance(info, msgspec.inspect.StructType):
        return True
    return isinstance(info, (msgspec.inspect.StrType, msgspec.inspect.AnyType))
