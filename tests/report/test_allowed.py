"""Every text of a report has a decision, or the build stops."""

from collections.abc import Iterator

import msgspec.inspect

from rigcheck.report.allowed import DECISIONS
from rigcheck.report.report import Report

WRAPPERS = {"Found", "Absent", "Failed"}


def holds_text(info: msgspec.inspect.Type) -> bool:
    if isinstance(info, msgspec.inspect.UnionType):
        return any(map(holds_text, info.types))
    if isinstance(info, msgspec.inspect.TupleType):
        return any(map(holds_text, info.item_types))
    if isinstance(info, (msgspec.inspect.VarTupleType, msgspec.inspect.ListType)):
        return holds_text(info.item_type)
    if isinstance(info, msgspec.inspect.DictType):
        return True  # there is none; one would need a walk of its own
    if isinstance(info, msgspec.inspect.StructType) and info.cls.__name__ == "Found":
        return holds_text(next(f.type for f in info.fields if f.name == "value"))
    return isinstance(info, (msgspec.inspect.StrType, msgspec.inspect.AnyType))


def records(info: msgspec.inspect.Type, met: set[type]) -> Iterator[msgspec.inspect.StructType]:
    for inner in (
        *getattr(info, "types", ()),
        *getattr(info, "item_types", ()),
        *([info.item_type] if isinstance(info, msgspec.inspect.VarTupleType) else []),
    ):
        yield from records(inner, met)
    if isinstance(info, msgspec.inspect.StructType):
        if info.cls.__name__ not in WRAPPERS:
            if info.cls in met:
                return
            met.add(info.cls)
            yield info
        for field in info.fields:
            yield from records(field.type, met)


def text_fields() -> dict[str, set[str]]:
    found = {
        info.cls.__name__: {field.name for field in info.fields if holds_text(field.type)}
        for info in records(msgspec.inspect.type_info(Report), set())
    }
    return {name: fields for name, fields in found.items() if fields}


def test_each_text_of_a_report_is_decided_on_and_nothing_else_is() -> None:
    decided = {name: set(fields) for name, fields in DECISIONS.items() if name not in WRAPPERS}
    assert decided == text_fields()


def test_the_walk_meets_the_deepest_records() -> None:
    assert {"GpuProcess", "PciBridge", "GpuSample", "Evidence"} <= set(text_fields())
