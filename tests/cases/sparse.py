"""A rig written down by what was reported of it, the rest left out.

`{"torch": {"version": "1.3.1"}}` → `Rig(torch=Torch(version=Found("1.3.1", "as reported")))`
"""

import typing
from collections.abc import Mapping
from typing import Any

import msgspec

from rigcheck.facts import Found, Rig

SOURCE = "as reported"

Sparse = Mapping[str, Mapping[str, Any]]


class NotThere:
    """Stands for a value that was looked for and is not there."""


class Refused(str):
    """Stands for a value that could not be had: the words of the error."""

    __slots__ = ()


def rig_of(sparse: Sparse) -> Rig:
    """The rig.

    Raises:
        msgspec.ValidationError: if a value is not of its field's type.
        KeyError: if there is no such part or field.
    """
    hints = typing.get_type_hints(Rig)
    wire = {part: _struct(hints[part], fields) for part, fields in sparse.items()}
    return msgspec.convert(wire, Rig)


def _struct(type_: type, fields: Mapping[str, Any]) -> dict[str, Any]:
    hints = typing.get_type_hints(type_)
    return {name: _field(hints[name], value) for name, value in fields.items()}


def _field(hint: Any, value: Any) -> Any:
    found = next((t for t in typing.get_args(hint) if typing.get_origin(t) is Found), None)
    if found is None:
        return value
    if isinstance(value, NotThere):
        return {"state": "absent", "reason": "not there", "source": SOURCE}
    if isinstance(value, Refused):
        return {"state": "failed", "error": str(value), "source": SOURCE}
    (inner,) = typing.get_args(found)
    return {"state": "found", "value": _value(inner, value), "source": SOURCE}


def _value(inner: Any, value: Any) -> Any:
    items = typing.get_args(inner)
    if typing.get_origin(inner) is tuple and issubclass(items[0], msgspec.Struct):
        return [_struct(items[0], thing) for thing in value]
    return value
