"""disk-too-full and cgroup-limits-cpu."""

import msgspec
import pytest

from rigcheck.facts import Cpu, Filesystem, Rig, Storage, Symptom, Symptoms
from rigcheck.findings import Verdict
from tests.rules.rigs import GIB, finding_of, found, host, no_torch, not_there, rtx_4090, torch

DISK, CGROUP = "disk-too-full", "cgroup-limits-cpu"


def disk(purpose: str, free_bytes: int) -> Storage:
    return Storage(
        filesystems=found(
            (
                Filesystem(
                    purpose=purpose,
                    path="/home/ada/venv",
                    mount_point="/home",
                    kind="ext4",
                    total_bytes=500 * GIB,
                    free_bytes=free_bytes,
                ),
            )
        )
    )


@pytest.mark.parametrize("purpose", ["environment", "data", "temporary files"])
def test_a_disk_without_room_is_told(purpose: str) -> None:
    assert finding_of(rtx_4090(storage=disk(purpose, GIB // 2)), DISK).verdict is Verdict.WARN
    assert finding_of(rtx_4090(storage=disk(purpose, 0)), DISK).verdict is Verdict.FAIL
    assert finding_of(rtx_4090(storage=disk(purpose, 2 * GIB)), DISK).verdict is Verdict.PASS


def test_before_torch_is_installed_it_takes_more() -> None:
    rig = rtx_4090(storage=disk("environment", 6 * GIB), torch=no_torch())
    assert finding_of(rig, DISK).verdict is Verdict.WARN
    assert finding_of(msgspec.structs.replace(rig, torch=torch()), DISK).verdict is Verdict.PASS


def test_no_space_left_counts_alone_and_nothing_known_is_not_judged() -> None:
    seen = (Symptom(name="no-space-left", text="[Errno 28] No space left on device", source="1"),)
    assert finding_of(Rig(symptoms=Symptoms(seen=found(seen))), DISK).verdict is Verdict.FAIL
    assert finding_of(Rig(), DISK).verdict is Verdict.SKIP


def limited(quota_cpus: float, torch_threads: int) -> Rig:
    return rtx_4090(
        host=host(container=found("docker")),
        cpu=Cpu(usable_threads=found(64), quota_cpus=found(quota_cpus)),
        torch=msgspec.structs.replace(torch(), threads=found(torch_threads)),
    )


def test_more_threads_than_the_quota_grants_are_told() -> None:
    finding = finding_of(limited(3.5, 64), CGROUP)
    assert finding.verdict is Verdict.WARN
    assert finding.remedy is not None
    assert finding.remedy.commands == ("export OMP_NUM_THREADS=3",)


def test_as_many_as_it_grants_are_right_and_no_quota_is_no_limit() -> None:
    assert finding_of(limited(3.5, 4), CGROUP).verdict is Verdict.PASS
    free = rtx_4090(cpu=Cpu(usable_threads=found(4), quota_cpus=not_there()))
    assert finding_of(free, CGROUP).verdict is Verdict.PASS
    assert finding_of(Rig(), CGROUP).verdict is Verdict.SKIP
