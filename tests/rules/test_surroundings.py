"""shm-too-small."""

import pytest

from rigcheck.facts import Absent, Failed, Memory, Reason, Rig
from rigcheck.findings import Verdict
from tests.rules.rigs import GIB, finding_of, found, host, not_there, rtx_4090

ID = "shm-too-small"
MIB = 1024**2


def with_shm(total_bytes: int, free_bytes: int, container: str | None = "docker") -> Rig:
    return rtx_4090(
        host=host(container=found(container) if container else not_there()),
        memory=Memory(shm_total_bytes=found(total_bytes), shm_free_bytes=found(free_bytes)),
    )


@pytest.mark.parametrize(
    ("total_bytes", "free_bytes"),
    [
        (64 * MIB, 64 * MIB),  # Docker's default
        (511 * MIB, 511 * MIB),
        (GIB, 142 * MIB),  # large once, and full
    ],
)
def test_little_shared_memory_in_a_container_is_warned_of(
    total_bytes: int, free_bytes: int
) -> None:
    finding = finding_of(with_shm(total_bytes, free_bytes), ID)
    assert finding.verdict is Verdict.WARN
    assert finding.remedy is not None
    assert "docker run --shm-size=8g …" in finding.remedy.commands


def test_enough_of_it_passes() -> None:
    assert finding_of(with_shm(512 * MIB, 512 * MIB), ID).verdict is Verdict.PASS
    assert finding_of(with_shm(8 * GIB, 8 * GIB), ID).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("container", "words"),
    [
        ("kubernetes", "emptyDir"),
        ("podman", "podman run --shm-size=8g …"),
        ("lxc", "mount -o remount,size=8g /dev/shm"),
    ],
)
def test_each_kind_of_container_is_told_its_own_way(container: str, words: str) -> None:
    remedy = finding_of(with_shm(64 * MIB, 64 * MIB, container), ID).remedy
    assert remedy is not None
    assert words in (remedy.text + " ".join(remedy.commands))


def test_on_a_host_a_small_one_is_the_machines_size() -> None:
    assert finding_of(with_shm(400 * MIB, 400 * MIB, None), ID).verdict is Verdict.PASS


def test_on_a_host_64_mib_betray_a_container() -> None:
    assert finding_of(with_shm(64 * MIB, 64 * MIB, None), ID).verdict is Verdict.WARN


def test_one_without_a_limit_passes() -> None:
    unlimited = Absent(Reason.NOT_APPLICABLE, "statvfs(/dev/shm)", "no size limit")
    rig = rtx_4090(memory=Memory(shm_total_bytes=unlimited, shm_free_bytes=unlimited))
    assert finding_of(rig, ID).verdict is Verdict.PASS


@pytest.mark.parametrize("lack", [Absent(Reason.NOT_THERE, "shm"), Failed("x", "shm")])
def test_one_that_is_not_there_or_cannot_be_read_is_unknown(lack: Absent | Failed) -> None:
    rig = rtx_4090(memory=Memory(shm_total_bytes=lack, shm_free_bytes=lack))
    assert finding_of(rig, ID).verdict is Verdict.UNKNOWN


def test_a_free_room_that_was_not_told_is_not_zero() -> None:
    rig = rtx_4090(
        host=host(container=found("docker")), memory=Memory(shm_total_bytes=found(8 * GIB))
    )
    assert finding_of(rig, ID).verdict is Verdict.PASS
