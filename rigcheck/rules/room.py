"""Room: on the disk, and in the CPU time that the cgroup grants."""

import math
from collections.abc import Iterator

from rigcheck.facts import Filesystem, Found, Rig, is_known_absent, value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.rules.evidence import passed, skipped, told
from rigcheck.rules.places import Place, place_of
from rigcheck.rules.remedies.python_packages import installer_for
from rigcheck.rules.rule import Judgement, rule
from rigcheck.rules.symptoms import met, said
from rigcheck.units import bytes_text, counted

_GIB = 1024**3
# torch for CUDA with its libraries: 5.5 GiB unpacked, and pip's copy of the archives beside it.
_TO_INSTALL_BYTES = 9 * _GIB
_NEARLY_FULL_BYTES = 1 * _GIB


@rule(
    "disk-too-full",
    group="storage",
    needs=("python", "storage", "torch"),
    link="https://pip.pypa.io/en/stable/topics/caching/",
)
def disk_too_full(rig: Rig) -> Iterator[Judgement]:
    """A filesystem that training needs has next to no room left.

    Looked at are those of the environment, the data and the temporary files. torch for CUDA takes
    5.5 GiB, and pip needs room for its archives beside it; a disk that is full ends a training at
    its first checkpoint.
    """
    words = tuple(map(said, met(rig, "no-space-left")))
    full = [f for f in value_of(rig.storage.filesystems) or () if _needs(rig, f) > f.free_bytes]
    if words and not full:
        yield _full(rig, "a filesystem or a quota is full", Verdict.FAIL, words)
    for filesystem in full:
        yield _judge_filesystem(rig, filesystem, words)
    if words or full:
        return
    if isinstance(rig.storage.filesystems, Found):
        yield passed("there is room on the disks", *_room(rig))
    else:
        yield skipped("the disks are not known", told("filesystems", rig.storage.filesystems))


def _room(rig: Rig) -> Iterator[Evidence]:
    for f in value_of(rig.storage.filesystems) or ():
        text = f"{f.purpose} ({f.mount_point}): {bytes_text(f.free_bytes)} free"
        yield Evidence(text, rig.storage.filesystems.source)


def _needs(rig: Rig, filesystem: Filesystem) -> int:
    installs = filesystem.purpose == "environment" and is_known_absent(rig.torch.installed_version)
    return _TO_INSTALL_BYTES if installs else _NEARLY_FULL_BYTES


def _judge_filesystem(rig: Rig, filesystem: Filesystem, words: tuple[Evidence, ...]) -> Judgement:
    free = bytes_text(filesystem.free_bytes)
    need = (
        "to install torch for CUDA" if _needs(rig, filesystem) > _NEARLY_FULL_BYTES else "to work"
    )
    verdict = Verdict.FAIL if words or not filesystem.free_bytes else Verdict.WARN
    headline = f"{filesystem.mount_point} has {free} free for the {filesystem.purpose}, too little "
    return _full(rig, headline + need, verdict, (*words, *_room(rig)), filesystem.mount_point)


def _full(
    rig: Rig, headline: str, verdict: Verdict, evidence: tuple[Evidence, ...], subject: str = ""
) -> Judgement:
    installer = installer_for(rig)
    clear = "uv cache clean" if installer.with_uv else f"{installer.python} -m pip cache purge"
    return Judgement(
        verdict=verdict,
        headline=headline,
        evidence=evidence,
        remedy=Remedy(
            text="Make room: pip's cache holds each archive once more, and old environments and "
            "checkpoints are large. Where only the temporary files lack room, set TMPDIR",
            commands=(clear, "df -h", "du -xsh ~/.cache ~/.venvs 2>/dev/null"),
            verify="rigcheck check --only storage",
        ),
        subject=subject,
    )


@rule(
    "cgroup-limits-cpu",
    group="cpu",
    needs=("host", "cpu", "torch"),
    follows=("cpu-threads-oversubscribed",),
    link="https://docs.kernel.org/admin-guide/cgroup-v2.html#cpu-interface-files",
)
def cgroup_limits_cpu(rig: Rig) -> Iterator[Judgement]:
    """The control group grants less CPU time than torch starts threads for.

    Programs count the CPUs they see and start a thread for each; a quota does not change that
    number. The threads then use up the quota in the first part of each period and stand still for
    the rest of it. An affinity or a cpuset is seen and does no such harm.
    """
    quota, usable = rig.cpu.quota_cpus, rig.cpu.usable_threads
    threads = value_of(rig.torch.threads) or value_of(usable) or value_of(rig.cpu.threads)
    evidence = (
        told("CPUs that the quota grants", quota),
        told("CPUs that may be used", usable),
        told("threads that torch starts", rig.torch.threads),
    )
    if not isinstance(quota, Found) or threads is None:
        known = is_known_absent(quota)
        yield (passed if known else skipped)("no CPU quota is known to hold here", *evidence)
    elif threads <= math.ceil(quota.value):
        yield passed(
            f"the quota of {quota.value:g} CPUs is enough for {counted(threads, 'thread')}",
            *evidence,
        )
    else:
        yield _over_quota(rig, quota.value, threads, evidence)


def _over_quota(
    rig: Rig, quota_cpus: float, threads: int, evidence: tuple[Evidence, ...]
) -> Judgement:
    fitting = max(1, math.floor(quota_cpus))
    inside = place_of(rig) is Place.CONTAINER
    more = "; more CPU is given at its start: docker run --cpus=…" if inside else ""
    return Judgement(
        verdict=Verdict.WARN,
        headline=f"the cgroup grants {quota_cpus:g} CPUs, and {threads} threads share them",
        evidence=evidence,
        remedy=Remedy(
            text=f"Start as many threads as there are CPUs granted{more}",
            commands=(f"export OMP_NUM_THREADS={fitting}",),
            verify="rigcheck check --only cpu --only torch",
        ),
    )
