"""Facts as lines of a table: label, text, source, state. For the TUI, text and page alike."""

import enum
import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal, TypeAlias

import msgspec

from rigcheck import facts
from rigcheck.facts import NOT_ASKED, Absent, Failed, Found, Part, Reason, value_of
from rigcheck.terminal import plain
from rigcheck.units import bytes_text, duration_text

State: TypeAlias = Literal["found", "absent", "failed"]

_MAX_NAMES = 24
"""A longer list of names (all flags of a CPU) is told by its length."""

_LABELS = {
    "over_ssh": "over SSH",
    "x86_64_level": "x86-64 level",
    "deep_learning_flags": "flags for deep learning",
    "flags": "all flags",
    "quota_cpus": "CPU quota",
    "shm_total_bytes": "shared memory",
    "shm_free_bytes": "shared memory free",
    "cuda_built_version": "built with CUDA",
    "hip_built_version": "built with HIP",
    "cudnn_built_version": "built with cuDNN",
    "sees_gpu": "sees a GPU",
    "arch_list": "GPU code for",
    "torchvision_installed_version": "torchvision installed",
    "installed_version": "installed",
    "has_pip": "pip",
}
_UNIT_SUFFIXES = ("_mbit_per_s", "_bytes", "_mhz", "_percent", "_s", "_w", "_c")
_OF_A_GPU = ("memory_total_bytes", "compute_capability", "pci_bus_id", "uuid")
_OF_A_FRAMEWORK = (
    "version",
    "cuda_built_version",
    "cudnn_built_version",
    "sees_gpu",
    "devices",
    "graph_ran_on",
)
_SPELLINGS = (
    {
        word.lower(): word
        for word in ("CUDA", "cuDNN", "NCCL", "NVML", "GPU", "CPU", "CPUs", "PCI", "BLAS", "WSL")
    }
    | {
        word.lower(): word
        for word in ("GPUs", "NVIDIA", "UUID", "ID", "VBIOS", "BAR", "BAR1", "PCIe", "SM", "ECC")
    }
    | {"mig": "MIG", "nvlink": "NVLink", "nvlinks": "NVLinks", "p2p": "P2P", "iommu": "IOMMU"}
    | {"oom": "OOM", "acs": "ACS", "vram": "VRAM"}
)


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


def label_of(name: str) -> str:
    """What people call a field: `memory_total_bytes` → `memory total`."""
    if name in _LABELS:
        return _LABELS[name]
    for suffix in _UNIT_SUFFIXES:
        name = name.removesuffix(suffix)
    return " ".join(_SPELLINGS.get(word, word) for word in name.split("_"))


def value_text(name: str, value: Any) -> str:
    """A value in its unit, which the field's name ends with."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return _list_text(name, value)
    if isinstance(value, enum.Enum):
        return plain(str(value.value))
    if isinstance(value, msgspec.Struct):
        return _described(value)
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


def _fact_rows(name: str, fact: Found[Any] | Absent | Failed) -> tuple[Row, ...]:
    if isinstance(fact, Absent) and fact.reason is Reason.NOT_ASKED:
        return ()
    source = plain(fact.source)
    if isinstance(fact, Found) and _is_list_of_things(fact.value):
        return tuple(row for thing in fact.value for row in _thing_rows(thing, source))
    return (Row(label_of(name), fact_text(name, fact), source, _state(fact)),)


def _thing_rows(thing: msgspec.Struct, source: str) -> Iterator[Row]:
    """One row; for a GPU and a framework one more for each fact that is not in the first."""
    label, text = _describe(thing)
    yield Row(plain(label), plain(text), source, "found")
    if isinstance(thing, facts.Gpu):
        for name in thing.__struct_fields__:
            if name not in {"index", "name", *_OF_A_GPU}:
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


@functools.singledispatch
def _describe(thing: msgspec.Struct) -> tuple[str, str]:
    """Label and text of one thing; by its fields, where nothing better is known of its type."""
    first, *others = thing.__struct_fields__
    return _field_text(thing, first), _described(thing, *others)


def _described(thing: msgspec.Struct, *names: str) -> str:
    """These fields, or all, each with its label."""
    chosen = names or thing.__struct_fields__
    return ", ".join(f"{label_of(name)} {_field_text(thing, name)}" for name in chosen)


def _field_text(thing: msgspec.Struct, name: str) -> str:
    value = getattr(thing, name)
    if isinstance(value, (Found, Absent, Failed)):
        return fact_text(name, value)
    return value_text(name, value)


@_describe.register
def _(cache: facts.Cache) -> tuple[str, str]:
    times = f"{cache.instances} × " if cache.instances > 1 else ""
    return f"L{cache.level} {cache.kind.lower()}", times + bytes_text(cache.size_bytes)


@_describe.register
def _(filesystem: facts.Filesystem) -> tuple[str, str]:
    room = f"{bytes_text(filesystem.free_bytes)} free of {bytes_text(filesystem.total_bytes)}"
    where = f"{filesystem.kind} on {filesystem.mount_point}"
    return filesystem.purpose, f"{room}, {where}: {filesystem.path}"


@_describe.register
def _(interface: facts.NetworkInterface) -> tuple[str, str]:
    kind = "wireless" if interface.wireless else "wired"
    if not interface.up:
        return interface.name, f"down, {kind}"
    speed = interface.link_speed_mbit_per_s
    text = _field_text(interface, "link_speed_mbit_per_s")
    return interface.name, f"up, {kind}, " + (text if isinstance(speed, Found) else f"speed {text}")


@_describe.register
def _(gpu: facts.PciGpu) -> tuple[str, str]:
    driver = gpu.kernel_driver
    bound = f"driver {plain(driver.value)}" if isinstance(driver, Found) else "no driver bound"
    name = f"{plain(gpu.name.value)}, " if isinstance(gpu.name, Found) else ""
    link = ("card_generation_max", "card_width_max", "slot_generation_max", "slot_width_max")
    told = [n for n in link if isinstance(getattr(gpu, n), Found)]
    told += [n for n in ("iommu_group", "iommu_domain") if getattr(gpu, n) != NOT_ASKED]
    more = f", {_described(gpu, *told)}" if told else ""
    return gpu.pci_bus_id, f"{name}{gpu.device_id}, {bound}{more}{_bridges_text(gpu)}"


def _bridges_text(gpu: facts.PciGpu) -> str:
    """`, behind 0000:00:01.1 (ACS redirects: yes)`."""
    behind = [
        f"{plain(bridge.pci_bus_id)} (ACS redirects: {_field_text(bridge, 'acs_redirects')})"
        for bridge in value_of(gpu.bridges) or ()
    ]
    return f", behind {', '.join(behind)}" if behind else ""


@_describe.register
def _(kill: facts.OomKill) -> tuple[str, str]:
    limit = "of its control group" if kill.is_group_limit else "of the machine"
    when = f"{kill.first_s:.0f} s after boot"
    return f"out of memory: {kill.process}", f"memory {limit}, {kill.count} times, first {when}"


@_describe.register
def _(gpu: facts.Gpu) -> tuple[str, str]:
    shared = ", memory shared with the machine" if value_of(gpu.memory_is_unified) else ""
    return f"GPU {gpu.index}", _told(gpu, "name", *_OF_A_GPU) + shared


@_describe.register
def _(link: facts.NvLink) -> tuple[str, str]:
    return f"NVLink {link.link}", _described(link, "active", "version")


@_describe.register
def _(process: facts.GpuProcess) -> tuple[str, str]:
    return f"process {process.pid}", _described(process, "kind", "memory_used_bytes", "name")


@_describe.register
def _(slice_: facts.MigInstance) -> tuple[str, str]:
    names = [name for name in slice_.__struct_fields__ if name != "uuid"]
    return f"slice {_field_text(slice_, 'uuid')}", _described(slice_, *names)


@_describe.register
def _(pair: facts.GpuPair) -> tuple[str, str]:
    told = _described(pair, "common_ancestor", "p2p_read", "p2p_write", "p2p_nvlink")
    return f"{plain(pair.first)} and {plain(pair.second)}", told


@_describe.register
def _(device: facts.TorchDevice) -> tuple[str, str]:
    return device.device, _told(device, "name", *_OF_A_GPU)


@_describe.register
def _(trial: facts.MemoryTrial) -> tuple[str, str]:
    names = ("tested_bytes", "rounds", "duration_s", "wrong_words")
    ended = f", ended early: {trial.error}" if trial.error else ""
    return f"memory of {trial.device}", f"{trial.name}, {_described(trial, *names)}{ended}"


@_describe.register
def _(stage: facts.Stage) -> tuple[str, str]:
    where = f"{stage.name} on {stage.device}" if stage.device else stage.name
    went = f"failed after {duration_text(stage.duration_s)}: {stage.error}" if stage.error else ""
    return where, went or f"{stage.duration_s:.3f} s"


@_describe.register
def _(trial: facts.CompileTrial) -> tuple[str, str]:
    told = (f"{name} {text}" for name, text in map(_describe, trial.stages))
    return trial.framework, "; ".join(told)


@_describe.register
def _(library: facts.LoadedLibrary) -> tuple[str, str]:
    owner, way = value_of(library.owner), value_of(library.found_by)
    told = [library.path, f"of {owner}" if owner else "", f"found by {way}" if way else ""]
    return library.name, ", ".join(word for word in told if word)


@_describe.register
def _(framework: facts.Framework) -> tuple[str, str]:
    told = [n for n in _OF_A_FRAMEWORK if not isinstance(getattr(framework, n), Absent)]
    return framework.title, _described(framework, *told)


@_describe.register
def _(distribution: facts.Distribution) -> tuple[str, str]:
    return distribution.name, distribution.version


def _told(thing: msgspec.Struct, *names: str) -> str:
    """These facts as one text: a value that speaks for itself bare, a lack with its label."""
    pieces = []
    for name in names:
        fact = getattr(thing, name)
        if fact == NOT_ASKED:
            continue
        is_bare = not isinstance(fact, (Absent, Failed)) and name != "compute_capability"
        text = _field_text(thing, name)
        pieces.append(text if is_bare else f"{label_of(name)} {text}")
    return ", ".join(pieces)
