"""What differs between the facts of two rigs, in words, the important ones first."""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from rigcheck import facts
from rigcheck.compare.comparison import Change, Importance
from rigcheck.compare.devices import is_uuid
from rigcheck.compare.weight import KEY, NOISE, TOLERANCE
from rigcheck.facts import Absent, Failed, Found, Reason, Rig, value_of
from rigcheck.report.rows import fact_text, label_of, value_text

_ABSENT = "not there"
_KNOWN_LACKS = (Reason.NOT_THERE, Reason.NOT_APPLICABLE, Reason.GPU_LOST)
"""Of the other reasons none says anything of the machine."""
_MAX_TEXT = 120
_LEAST_SIZE = 1024**2
"""Numbers below are counts, of which each one tells."""


_NAMES: Mapping[type, Callable[[Any], str]] = {
    facts.PciGpu: lambda gpu: str(gpu.pci_bus_id),
    facts.Filesystem: lambda filesystem: str(filesystem.purpose),
    facts.Cache: lambda cache: f"L{cache.level} {cache.kind.lower()}",
    facts.Xid: lambda xid: f"Xid {xid.code} of {xid.pci_bus_id}",
    facts.KernelMessage: lambda message: f"{message.id} {message.pci_bus_id}".strip(),
    facts.CudaCopy: lambda copy: str(copy.path),
    facts.CudnnCopy: lambda copy: str(copy.path),
    facts.CompileTrial: lambda trial: trial.framework,
    facts.Stage: lambda stage: f"{stage.name} {stage.device}".strip(),
    facts.GpuPair: lambda pair: f"{pair.first} and {pair.second}",
    facts.NvLink: lambda link: f"NVLink {link.link}",
    facts.MigInstance: lambda instance: f"slice {value_of(instance.uuid)}",
}
"""What tells one thing of a list from the others; by its name where nothing is said here."""


def fact_changes(before: Rig, after: Rig) -> tuple[Change, ...]:
    """Every fact that both rigs tell and that differs, without what moves by itself."""
    found = [
        change
        for part in Rig.__struct_fields__
        for change in _fields(part, "", getattr(before, part), getattr(after, part))
    ]
    return tuple(_without_echoes(sorted(found, key=_rank)))


def change_of(field: str, subject: str, what: str, before: str, after: str) -> Change:
    """One difference, weighed by its field."""
    importance = Importance.KEY if _is_key(field) else Importance.OTHER
    return Change(
        importance=importance,
        field=field,
        subject=subject,
        what=what,
        before=_short(before),
        after=_short(after),
    )


def _fields(path: str, subject: str, before: Any, after: Any) -> Iterator[Change]:
    for name in before.__struct_fields__:
        field = f"{path}.{name}"
        if field not in NOISE:
            yield from _values(field, subject, getattr(before, name), getattr(after, name))


def _values(field: str, subject: str, before: Any, after: Any) -> Iterator[Change]:
    if _has_things(before) or _has_things(after):
        yield from _things(field, subject, value_of(before), value_of(after))
        return
    texts = _text(field, before), _text(field, after)
    if None in texts or texts[0] == texts[1] or _is_close(before, after):
        return
    what = label_of(field.rpartition(".")[2])
    yield change_of(field, subject, what, texts[0] or "", texts[1] or "")


def _things(field: str, subject: str, before: Any, after: Any) -> Iterator[Change]:
    if before is None or after is None:
        return
    name_of = _bus_id_or_uuid(before, after)
    old, new = _by_name(before, name_of), _by_name(after, name_of)
    for name in {**old, **new}:
        told = _join(subject, _subject(new.get(name) or old[name], name))
        if name in old and name in new:
            yield from _fields(field, told, old[name], new[name])
        else:
            what = label_of(field.rpartition(".")[2]).removesuffix("s")
            text = _thing_text(new.get(name) or old[name])
            pair = (_ABSENT, text) if name in new else (text, _ABSENT)
            yield change_of(field, told, what, *pair)


def _by_name(things: tuple[Any, ...], name_of_gpu: Callable[[Any], str]) -> dict[str, Any]:
    return {
        name_of_gpu(thing) if isinstance(thing, facts.Gpu) else _name(thing): thing
        for thing in things
    }


def _name(thing: Any) -> str:
    return _NAMES.get(type(thing), lambda one: str(getattr(one, one.__struct_fields__[0])))(thing)


def _bus_id_or_uuid(before: tuple[Any, ...], after: tuple[Any, ...]) -> Callable[[Any], str]:
    """GPUs by UUID; by their slots, where one of the two reports does not tell UUIDs."""
    gpus = [thing for thing in (*before, *after) if isinstance(thing, facts.Gpu)]
    if all(is_uuid(value_of(gpu.uuid)) for gpu in gpus):
        return lambda gpu: str(value_of(gpu.uuid))
    return lambda gpu: value_of(gpu.pci_bus_id) or f"GPU {gpu.index}"


def _subject(thing: Any, name: str) -> str:
    return f"GPU {thing.index}" if isinstance(thing, facts.Gpu) else name


def _thing_text(thing: Any) -> str:
    """Its name or version, whichever says more of it than that it is there."""
    for field in ("name", "version", "text"):
        fact = getattr(thing, field, None)
        if isinstance(fact, Found):
            return str(fact.value)
        if isinstance(fact, str) and field != "name":
            return fact
    return "there"


def _has_things(fact: Any) -> bool:
    value = value_of(fact) if isinstance(fact, (Found, Absent, Failed)) else fact
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], msgspec.Struct)


def _text(field: str, fact: Any) -> str | None:
    """In words; None where nothing is known of it."""
    name = field.rpartition(".")[2]
    if isinstance(fact, Absent):
        return fact.reason.value if fact.reason in _KNOWN_LACKS else None
    if isinstance(fact, (Found, Failed)):
        return fact_text(name, fact)
    return value_text(name, fact)


def _is_close(before: Any, after: Any) -> bool:
    """Sizes that differ by what another kernel keeps for itself."""
    if not isinstance(before, Found) or not isinstance(after, Found):
        return False
    numbers = before.value, after.value
    if not all(isinstance(n, int) and n >= _LEAST_SIZE for n in numbers):
        return False
    return math.isclose(*numbers, rel_tol=TOLERANCE)


def _without_echoes(changes: list[Change]) -> Iterator[Change]:
    """One update shows in several files: the first of its fields is told."""
    seen = set[tuple[str, str]]()
    for change in changes:
        key = (change.before, change.after)
        is_version = change.before[:1].isdigit() and "." in change.before
        if not is_version or key not in seen:
            yield change
        seen.add(key)


def _rank(change: Change) -> tuple[int, str, str]:
    field = change.field
    return (KEY.index(field) if field in KEY else len(KEY), field, change.subject)


def _is_key(field: str) -> bool:
    return field in KEY or field.startswith("bench.")


def _join(outer: str, inner: str) -> str:
    return f"{outer}, {inner}" if outer else inner


def _short(text: str) -> str:
    return text if len(text) <= _MAX_TEXT else text[: _MAX_TEXT - 1] + "…"
