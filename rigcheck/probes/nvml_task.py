"""Runs in a child: asks NVML and sends the part of the rig, ever more complete.

What has not been asked yet is `NOT_ASKED`, so that a driver which kills or holds us leaves behind
what it had told before, and how far it came.
"""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from rigcheck import nvml, nvml_calls
from rigcheck.facts import Found, Gpu, Nvml
from rigcheck.probes.probe import fill_unasked
from rigcheck.target.wire import Wire


def run(wire: Wire, arguments: dict[str, Any]) -> None:
    """Sends `nvml` events; `library` chooses another file than the loader's own choice."""
    for part in read_parts(arguments.get("library", nvml.LIBRARY), wire.stage):
        wire.send("nvml", part=msgspec.to_builtins(part))


def read_parts(library: str, stage: Callable[[str], None]) -> Iterator[Nvml]:
    """Yields all that is known by then; the last is the whole."""
    stage("loading NVML")
    refusal = nvml.load(library)
    if refusal is not None:
        yield fill_unasked(Nvml(), refusal)
        return
    part = _library_alone()
    yield part
    stage("initialising NVML")
    with nvml.initialised() as refusal:
        if refusal is not None:
            yield fill_unasked(part, refusal)
        else:
            yield from _read_driver(part, stage)


def _library_alone() -> Nvml:
    """What the library tells before it is initialised. That of driver 470 tells nothing yet."""
    version = nvml_calls.nvml_version()
    return Nvml(nvml_version=version) if isinstance(version, Found) else Nvml()


def _read_driver(part: Nvml, stage: Callable[[str], None]) -> Iterator[Nvml]:
    stage("asking NVML for versions")
    part = msgspec.structs.replace(
        part,
        nvml_version=nvml_calls.nvml_version(),
        driver_version=nvml_calls.driver_version(),
        cuda_version=nvml_calls.cuda_version(),
    )
    count = nvml_calls.gpu_count()
    if not isinstance(count, Found):
        yield msgspec.structs.replace(part, gpus=count)
        return
    gpus = [Gpu(index=index) for index in range(count.value)]
    yield msgspec.structs.replace(part, gpus=Found(tuple(gpus), count.source))
    for index in range(count.value):
        stage(f"asking NVML about GPU {index}")
        gpus[index] = read_gpu(index)
        yield msgspec.structs.replace(part, gpus=Found(tuple(gpus), count.source))


def read_gpu(index: int) -> Gpu:
    """One GPU. One that is lost or has no power says so in every fact."""
    found = nvml_calls.gpu_handle(index)
    if not isinstance(found, Found):
        return fill_unasked(Gpu(index=index), found)
    handle = found.value
    memory = nvml_calls.memory(handle)
    return Gpu(
        index=index,
        uuid=nvml_calls.uuid(handle),
        pci_bus_id=nvml_calls.pci_bus_id(handle),
        name=nvml_calls.name(handle),
        compute_capability=nvml_calls.compute_capability(handle),
        memory_total_bytes=memory.total,
        memory_reserved_bytes=memory.reserved,
        memory_used_bytes=memory.used,
    )
