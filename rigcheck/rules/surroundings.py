"""What surrounds a training run: memory shared between processes."""

from collections.abc import Iterator

from rigcheck.facts import Absent, Found, Reason, Rig, is_known_absent, value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.rules.evidence import passed, told, unknown
from rigcheck.rules.places import Place, place_of
from rigcheck.rules.rule import Judgement, rule
from rigcheck.units import bytes_text

_MIB = 1024 * 1024
# Eight workers that each hold two batches of 128 images of 224×224×3 float32 need 1.2 GB; half a
# GiB is where DeepSpeed's report starts to warn, too.
_ENOUGH_IN_CONTAINER_BYTES = 512 * _MIB
# A host's /dev/shm is half its memory; one this small was set so on purpose, or is a container's
# that was not recognised (Docker gives 64 MiB).
_TINY_BYTES = 128 * _MIB


@rule(
    "shm-too-small",
    group="memory",
    needs=("host", "memory"),
    link="https://docs.docker.com/reference/cli/docker/container/run/#shm-size",
)
def shm_too_small(rig: Rig) -> Iterator[Judgement]:
    """Shared memory (/dev/shm) has too little room, so data loader workers die of a bus error.

    PyTorch's workers hand batches over in /dev/shm, and NCCL keeps its buffers there. Docker gives
    a container 64 MiB of it. Its size and what is free of it are read; on a host only a tiny one
    counts.
    """
    total = rig.memory.shm_total_bytes
    if isinstance(total, Absent) and total.reason is Reason.NOT_APPLICABLE:
        yield passed("shared memory (/dev/shm) has no limit", told("shared memory", total))
    elif not isinstance(total, Found):
        state = "there is no" if is_known_absent(total) else "the size could not be read of"
        yield unknown(
            f"{state} shared memory (/dev/shm)",
            told("shared memory", total),
            tells="The list of mounts tells it; without one, data loader workers cannot be used",
            commands=("df -h /dev/shm",),
        )
    else:
        free_bytes = value_of(rig.memory.shm_free_bytes)
        yield _judge_room(rig, total.value, total.value if free_bytes is None else free_bytes)


def _judge_room(rig: Rig, total_bytes: int, free_bytes: int) -> Judgement:
    place = place_of(rig)
    enough_bytes = _ENOUGH_IN_CONTAINER_BYTES if place is Place.CONTAINER else _TINY_BYTES
    evidence = (
        Evidence(
            f"shared memory: {bytes_text(total_bytes)}, of it {bytes_text(free_bytes)} free",
            rig.memory.shm_total_bytes.source,
        ),
        told("container", rig.host.container),
    )
    if free_bytes >= enough_bytes:
        return passed(f"shared memory (/dev/shm) has {bytes_text(free_bytes)} free", *evidence)
    return Judgement(
        verdict=Verdict.WARN,
        headline=f"shared memory (/dev/shm) has {bytes_text(free_bytes)} free of "
        f"{bytes_text(total_bytes)}, too little for data loader workers",
        evidence=evidence,
        remedy=_more_room(rig),
    )


def _more_room(rig: Rig) -> Remedy:
    container = value_of(rig.host.container)
    verify = "rigcheck check --only memory --only host"
    if container == "kubernetes":
        return Remedy(
            text="Mount memory there in the pod: a volume `emptyDir: {medium: Memory, sizeLimit: "
            "8Gi}` at mountPath /dev/shm. Until then train with num_workers=0",
            verify=verify,
        )
    if container in (None, "docker", "podman"):
        tool = container or "docker"
        return Remedy(
            text="Start the container with more (in Compose: shm_size: 8gb). Until then train with "
            "num_workers=0",
            commands=(f"{tool} run --shm-size=8g …", f"{tool} run --ipc=host …"),
            verify=verify,
        )
    return Remedy(
        text="Mount a larger one, as root of the container. Until then train with num_workers=0",
        commands=("mount -o remount,size=8g /dev/shm",),
        verify=verify,
    )
