"""Which fact of one rig stands for which of another: things are paired by name, not by place."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from rigcheck import facts
from rigcheck.compare.devices import is_uuid
from rigcheck.compare.weight import KEY, NOISE
from rigcheck.facts import Absent, Failed, Found, Rig, value_of
from rigcheck.report.rows import label_of

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


@dataclasses.dataclass(frozen=True, kw_only=True)
class Paired:
    """A fact of two rigs, or a thing that one of them lists."""

    field: str
    """As the report's schema names it: `nvml.gpus.power_limit_enforced_w`."""
    subject: str
    """Which of several it is about: `GPU 1`; empty for the machine."""
    before: Any
    """A fact or a plain value; where `is_thing`, the thing, or None where it is not listed."""
    after: Any
    is_thing: bool = False

    @property
    def what(self) -> str:
        """What people call it: `driver version`."""
        return label_of(self.field.rpartition(".")[2])


def paired_facts(before: Rig, after: Rig) -> list[Paired]:
    """Every fact of two rigs without what moves by itself, the important ones first."""
    pairs = [
        pair
        for part in Rig.__struct_fields__
        for pair in _fields(part, "", getattr(before, part), getattr(after, part))
    ]
    return sorted(pairs, key=_rank)


def lists_things(value: Any) -> bool:
    """True for a list of GPUs, packages and the like, of which each is paired by itself."""
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], msgspec.Struct)


def _rank(pair: Paired) -> tuple[int, str, str]:
    rank = KEY.index(pair.field) if pair.field in KEY else len(KEY)
    return rank, pair.field, pair.subject


def _fields(path: str, subject: str, before: Any, after: Any) -> Iterator[Paired]:
    for name in before.__struct_fields__:
        field = f"{path}.{name}"
        if field not in NOISE:
            yield from _values(field, subject, getattr(before, name), getattr(after, name))


def _values(field: str, subject: str, before: Any, after: Any) -> Iterator[Paired]:
    old, new = _value(before), _value(after)
    if None not in (old, new) and (lists_things(old) or lists_things(new)):
        yield from _things(field, subject, old, new)
    else:
        yield Paired(field=field, subject=subject, before=before, after=after)


def _value(fact: Any) -> Any:
    return value_of(fact) if isinstance(fact, (Found, Absent, Failed)) else fact


def _things(
    field: str, subject: str, before: tuple[Any, ...], after: tuple[Any, ...]
) -> Iterator[Paired]:
    name_of = _bus_id_or_uuid(before, after)
    old, new = _by_name(before, name_of), _by_name(after, name_of)
    for name in {**old, **new}:
        was, now = old.get(name), new.get(name)
        told = _join(subject, _subject(now or was, name))
        if was is None or now is None:
            yield Paired(field=field, subject=told, before=was, after=now, is_thing=True)
        else:
            yield from _fields(field, told, was, now)


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


def _join(outer: str, inner: str) -> str:
    return f"{outer}, {inner}" if outer else inner
