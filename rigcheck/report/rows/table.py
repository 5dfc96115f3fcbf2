"""The facts of a part as lines of a table: label, text, source, state."""

from collections.abc import Iterable, Iterator
from typing import Any, Literal, TypeAlias

import msgspec

from rigcheck import facts
from rigcheck.facts import Absent, Failed, Found, Part, Reason
from rigcheck.report.rows.labels import label_of
from rigcheck.report.rows.things import OF_A_GPU, describe
from rigcheck.report.rows.values import fact_text
from rigcheck.terminal import plain

State: TypeAlias = Literal["found", "absent", "failed"]


class Row(msgspec.Struct, frozen=True):
    """One line. Its text is safe for a terminal."""

    label: str
    text: str
    """The value with its unit, the reason of its absence, or the error."""
    source: str
    state: State


def rows(part: Part) -> tuple[Row, ...]:
    """The facts of one part in their order; those nobody asked for are left out.

    A list of things (GPUs, filesystems) becomes a row a thing.
    """
    names = [field.name for field in msgspec.structs.fields(part)]
    return tuple(row for name in names for row in _fact_rows(name, getattr(part, name)))


def _fact_rows(name: str, fact: Found[Any] | Absent | Failed) -> tuple[Row, ...]:
    if isinstance(fact, Absent) and fact.reason is Reason.NOT_ASKED:
        return ()
    source = plain(fact.source)
    if isinstance(fact, Found) and _is_list_of_things(fact.value):
        return tuple(row for thing in fact.value for row in _thing_rows(thing, source))
    return (Row(label_of(name), fact_text(name, fact), source, _state(fact)),)


def _thing_rows(thing: msgspec.Struct, source: str) -> Iterator[Row]:
    """One row; for a GPU and a framework one more for each fact that is not in the first."""
    label, text = describe(thing)
    yield Row(plain(label), plain(text), source, "found")
    if isinstance(thing, facts.Gpu):
        for name in thing.__struct_fields__:
            if name not in {"index", "name", *OF_A_GPU}:
                yield from _labelled(label, _fact_rows(name, getattr(thing, name)))
    if isinstance(thing, facts.Framework):
        for name in ("stages", "loaded_libraries"):
            yield from _labelled(label, _fact_rows(name, getattr(thing, name)))


def _labelled(label: str, rows_: Iterable[Row]) -> Iterator[Row]:
    for row in rows_:
        yield msgspec.structs.replace(row, label=f"{plain(label)} {row.label}")


def _state(fact: Found[Any] | Absent | Failed) -> State:
    if isinstance(fact, Found):
        return "found"
    return "failed" if isinstance(fact, Failed) else "absent"


def _is_list_of_things(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], msgspec.Struct)
