"""A thing that a fact lists, such as a GPU or a filesystem, in one line."""

import functools

import msgspec

from rigcheck import facts
from rigcheck.facts import NOT_ASKED, Absent, Failed, Found, value_of
from rigcheck.report.rows.labels import label_of
from rigcheck.report.rows.values import described, field_text
from rigcheck.terminal import plain
from rigcheck.units import bytes_text, duration_text

OF_A_GPU = ("memory_total_bytes", "compute_capability", "pci_bus_id", "uuid")
"""What tells a GPU, beside its name; in its line, so that it needs none of its own."""
_OF_A_FRAMEWORK = (
    "version",
    "cuda_built_version",
    "cudnn_built_version",
    "sees_gpu",
    "devices",
    "graph_ran_on",
)


@functools.singledispatch
def describe(thing: msgspec.Struct) -> tuple[str, str]:
    """Label and text of one thing, foreign words in them as they came.

    By its fields, where nothing better is known of its type.
    """
    first, *others = thing.__struct_fields__
    return field_text(thing, first), described(thing, *others)


@describe.register
def _(cache: facts.Cache) -> tuple[str, str]:
    times = f"{cache.instances} × " if cache.instances > 1 else ""
    return f"L{cache.level} {cache.kind.lower()}", times + bytes_text(cache.size_bytes)


@describe.register
def _(filesystem: facts.Filesystem) -> tuple[str, str]:
    room = f"{bytes_text(filesystem.free_bytes)} free of {bytes_text(filesystem.total_bytes)}"
    where = f"{filesystem.kind} on {filesystem.mount_point}"
    return filesystem.purpose, f"{room}, {where}: {filesystem.path}"


@describe.register
def _(interface: facts.NetworkInterface) -> tuple[str, str]:
    kind = "wireless" if interface.wireless else "wired"
    if not interface.up:
        return interface.name, f"down, {kind}"
    speed = interface.link_speed_mbit_per_s
    text = field_text(interface, "link_speed_mbit_per_s")
    return interface.name, f"up, {kind}, " + (text if isinstance(speed, Found) else f"speed {text}")


@describe.register
def _(gpu: facts.PciGpu) -> tuple[str, str]:
    driver = gpu.kernel_driver
    bound = f"driver {plain(driver.value)}" if isinstance(driver, Found) else "no driver bound"
    name = f"{plain(gpu.name.value)}, " if isinstance(gpu.name, Found) else ""
    link = ("card_generation_max", "card_width_max", "slot_generation_max", "slot_width_max")
    told = [n for n in link if isinstance(getattr(gpu, n), Found)]
    told += [n for n in ("iommu_group", "iommu_domain") if getattr(gpu, n) != NOT_ASKED]
    more = f", {described(gpu, *told)}" if told else ""
    return gpu.pci_bus_id, f"{name}{gpu.device_id}, {bound}{more}{_bridges_text(gpu)}"


def _bridges_text(gpu: facts.PciGpu) -> str:
    """`, behind 0000:00:01.1 (ACS redirects: yes)`."""
    behind = [
        f"{plain(bridge.pci_bus_id)} (ACS redirects: {field_text(bridge, 'acs_redirects')})"
        for bridge in value_of(gpu.bridges) or ()
    ]
    return f", behind {', '.join(behind)}" if behind else ""


@describe.register
def _(kill: facts.OomKill) -> tuple[str, str]:
    limit = "of its control group" if kill.is_group_limit else "of the machine"
    times = "once," if kill.count == 1 else f"{kill.count} times, first"
    when = f"{duration_text(kill.first_s)} after boot"
    return f"out of memory: {kill.process}", f"memory {limit}, {times} {when}"


@describe.register
def _(gpu: facts.Gpu) -> tuple[str, str]:
    shared = ", memory shared with the machine" if value_of(gpu.memory_is_unified) else ""
    return f"GPU {gpu.index}", _told(gpu, "name", *OF_A_GPU) + shared


@describe.register
def _(link: facts.NvLink) -> tuple[str, str]:
    return f"NVLink {link.link}", described(link, "active", "version")


@describe.register
def _(process: facts.GpuProcess) -> tuple[str, str]:
    return f"process {process.pid}", described(process, "kind", "memory_used_bytes", "name")


@describe.register
def _(slice_: facts.MigInstance) -> tuple[str, str]:
    names = [name for name in slice_.__struct_fields__ if name != "uuid"]
    return f"slice {field_text(slice_, 'uuid')}", described(slice_, *names)


@describe.register
def _(pair: facts.GpuPair) -> tuple[str, str]:
    told = described(pair, "common_ancestor", "p2p_read", "p2p_write", "p2p_nvlink")
    return f"{plain(pair.first)} and {plain(pair.second)}", told


@describe.register
def _(device: facts.TorchDevice) -> tuple[str, str]:
    return device.device, _told(device, "name", *OF_A_GPU)


@describe.register
def _(trial: facts.MemoryTrial) -> tuple[str, str]:
    names = ("tested_bytes", "rounds", "duration_s", "wrong_words")
    ended = f", ended early: {trial.error}" if trial.error else ""
    return f"memory of {trial.device}", f"{trial.name}, {described(trial, *names)}{ended}"


@describe.register
def _(stage: facts.Stage) -> tuple[str, str]:
    where = f"{stage.name} on {stage.device}" if stage.device else stage.name
    went = f"failed after {duration_text(stage.duration_s)}: {stage.error}" if stage.error else ""
    return where, went or f"{stage.duration_s:.3f} s"


@describe.register
def _(trial: facts.CompileTrial) -> tuple[str, str]:
    told = (f"{name} {text}" for name, text in map(describe, trial.stages))
    return trial.framework, "; ".join(told)


@describe.register
def _(library: facts.LoadedLibrary) -> tuple[str, str]:
    owner, way = value_of(library.owner), value_of(library.found_by)
    told = [library.path, f"of {owner}" if owner else "", f"found by {way}" if way else ""]
    return library.name, ", ".join(word for word in told if word)


@describe.register
def _(framework: facts.Framework) -> tuple[str, str]:
    told = [n for n in _OF_A_FRAMEWORK if not isinstance(getattr(framework, n), Absent)]
    return framework.title, described(framework, *told)


@describe.register
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
        text = field_text(thing, name)
        pieces.append(text if is_bare else f"{label_of(name)} {text}")
    return ", ".join(pieces)
