"""Facts as lines of a table: label, text, source, state. For the TUI, text and page alike."""

import dataclasses
import functools
from typing import Any, Literal, TypeAlias

import msgspec

from rigcheck import facts
from rigcheck.facts import NOT_ASKED, Absent, Failed, Found, Part, Reason
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
    "arch_list": "GPU code for",
    "torchvision_installed_version": "torchvision installed",
    "installed_version": "installed",
    "has_pip": "pip",
}
_UNIT_SUFFIXES = ("_mbit_per_s", "_bytes", "_mhz", "_s")
_OF_A_GPU = ("memory_total_bytes", "compute_capability", "pci_bus_id", "uuid")
_SPELLINGS = {
    word.lower(): word
    for word in ("CUDA", "cuDNN", "NCCL", "NVML", "GPU", "CPU", "CPUs", "PCI", "BLAS", "WSL")
} | {"gpus": "GPUs", "nvidia": "NVIDIA", "uuid": "UUID", "id": "ID"}


@dataclasses.dataclass(frozen=True)
class Row:
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
        return _list_text(value)
    if isinstance(value, (int, float)):
        return _number_text(name, value)
    return plain(str(value))


def fact_text(name: str, fact: Found[Any] | Absent | Failed) -> str:
    """The value, or in words why there is none."""
    if isinstance(fact, Found):
        return value_text(name, fact.value)
    if isinstance(fact, Failed):
        return plain(fact.error)
    return fact.reason.value + (f" ({plain(fact.detail)})" if fact.detail else "")


def _fact_rows(name: str, fact: Found[Any] | Absent | Failed) -> tuple[Row, ...]:
    if isinstance(fact, Absent) and fact.reason is Reason.NOT_ASKED:
        return ()
    source = plain(fact.source)
    if isinstance(fact, Found) and _is_list_of_things(fact.value):
        told = (_describe(thing) for thing in fact.value)
        return tuple(Row(plain(label), plain(text), source, "found") for label, text in told)
    return (Row(label_of(name), fact_text(name, fact), source, _state(fact)),)


def _state(fact: Found[Any] | Absent | Failed) -> State:
    if isinstance(fact, Found):
        return "found"
    return "failed" if isinstance(fact, Failed) else "absent"


def _is_list_of_things(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], msgspec.Struct)


def _list_text(names: tuple[Any, ...]) -> str:
    if not names:
        return "none"
    if len(names) > _MAX_NAMES:
        return f"{len(names)} in all"
    return ", ".join(plain(str(name)) for name in names)


def _number_text(name: str, number: float) -> str:
    if name.endswith("_bytes"):
        return bytes_text(int(number))
    if name.endswith("_mhz"):
        return f"{number / 1000:.2f} GHz" if number >= 1000 else f"{number:.0f} MHz"  # noqa: PLR2004
    if name.endswith("_mbit_per_s"):
        return f"{number:g} Mbit/s"
    if name.endswith("_cpus"):
        return f"{number:g} CPUs"
    if name.endswith("_s"):
        return duration_text(number)
    return f"{number:g}" if isinstance(number, float) else str(number)


@functools.singledispatch
def _describe(thing: msgspec.Struct) -> tuple[str, str]:
    """Label and text of one thing; by its fields, where nothing better is known of its type."""
    first, *others = [field.name for field in msgspec.structs.fields(thing)]
    pieces = [f"{label_of(name)} {_field_text(thing, name)}" for name in others]
    return _field_text(thing, first), ", ".join(pieces)


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
    return gpu.pci_bus_id, f"{name}{gpu.device_id}, {bound}"


@_describe.register
def _(gpu: facts.Gpu) -> tuple[str, str]:
    return f"GPU {gpu.index}", _told(gpu, "name", *_OF_A_GPU)


@_describe.register
def _(device: facts.TorchDevice) -> tuple[str, str]:
    return device.device, _told(device, "name", *_OF_A_GPU)


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
