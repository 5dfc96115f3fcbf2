"""Runs in a child: asks NVML and sends the part of the rig, ever more complete.

What has not been asked yet is `NOT_ASKED`, so that a driver which kills or holds us leaves behind
what it had told before, and how far it came.
"""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from rigcheck import nvml, nvml_calls
from rigcheck.facts import NOT_ASKED, Found, Gpu, Nvml
from rigcheck.nvml import Refusal
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
        yield refused(refusal, Nvml(nvml_version=refusal))
        return
    part = Nvml(nvml_version=nvml_calls.nvml_version())
    yield part
    stage("initialising NVML")
    with nvml.initialised() as refusal:
        if refusal is not None:
            yield refused(refusal, part)
        else:
            yield from _read_driver(part, stage)


def refused(refusal: Refusal, part: Nvml) -> Nvml:
    """`part`, the rest of it missing for one reason."""
    return msgspec.structs.replace(
        part, driver_version=refusal, cuda_version=refusal, gpus=refusal
    )


def _read_driver(part: Nvml, stage: Callable[[str], None]) -> Iterator[Nvml]:
    stage("asking NVML for versions")
    part = msgspec.structs.replace(
        part,
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
        return unanswered(Gpu(index=index), found)
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
