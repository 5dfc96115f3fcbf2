"""What has room in the memory of the GPUs."""

from collections.abc import Iterator

from rigcheck.advice import Counsel, Fit, Room
from rigcheck.facts import Gpu, Rig, value_of
from rigcheck.knowledge import workloads
from rigcheck.rules.gpus import KnownGpu
from rigcheck.rules.remedies.wheel_install import list_of

_TIGHT_SHARE = 0.9
"""Above it, what a desktop holds (0.3 to 1 GB) or the allocator loses may be too much."""


def fits(rig: Rig) -> Iterator[Fit]:
    """Each model of the table on each GPU that tells its memory."""
    for gpu in value_of(rig.nvml.gpus) or ():
        yield from _fits_on(gpu)


def unknown_memory(rig: Rig, gpus: tuple[KnownGpu, ...]) -> Iterator[Counsel]:
    """Where there are GPUs and none tells how much memory it has."""
    if gpus and not any(True for _ in fits(rig)):
        text = (
            f"The memory of {list_of(gpus)}, and what fits into it, is told by the driver once it "
            "answers: boards of one model are sold with several sizes"
        )
        yield Counsel(topic="memory", text=text)


def _fits_on(gpu: Gpu) -> Iterator[Fit]:
    has_bytes = value_of(gpu.memory_total_bytes)
    if has_bytes is None:
        return
    for workload in workloads.table().workload:
        yield Fit(
            gpu=f"GPU {gpu.index}",
            workload=workload.name,
            needs_bytes=workload.needs_bytes,
            has_bytes=has_bytes,
            room=_room(workload.needs_bytes, has_bytes),
            source=workload.source,
        )


def _room(needs_bytes: int, has_bytes: int) -> Room:
    if needs_bytes > has_bytes:
        return Room.TOO_LARGE
    return Room.TIGHT if needs_bytes > _TIGHT_SHARE * has_bytes else Room.FITS
