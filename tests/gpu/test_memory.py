"""Whose memory it is, and how much of it the CPU sees."""

from pathlib import Path

import pytest

from rigcheck.facts import Absent, Failed, Found, GpuProcess, ProcessKind, Reason
from rigcheck.gpu.memory import GpuMemory, resizable_bar, unified
from tests.probes.trees import write_tree

CALL = "NVML nvmlDeviceGetMemoryInfo_v2"
GIB = 1024**3
NOT_SUPPORTED = Absent(Reason.NOT_SUPPORTED, CALL, "Not Supported")
NO_USERS: Found[tuple[GpuProcess, ...]] = Found((), "NVML processes")


def own(total: Found[int] | Absent | Failed) -> GpuMemory:
    return GpuMemory(
        total=total,
        reserved=total,
        used=total,
        available=total,
        is_unified=Found(value=False, source=CALL) if isinstance(total, Found) else total,
    )


def machine(tmp_path: Path) -> Path:
    meminfo = "MemTotal:  125829120 kB\nMemFree:  1000 kB\nMemAvailable:  94371840 kB\n"
    return write_tree(tmp_path, {"proc/meminfo": meminfo})


def used_by(*processes: GpuProcess) -> Found[tuple[GpuProcess, ...]]:
    return Found(processes, "NVML processes")


def user(memory: Found[int] | Absent) -> GpuProcess:
    name = Absent(Reason.NO_PERMISSION, "/proc/1", "another user's process")
    return GpuProcess(pid=1, kind=ProcessKind.COMPUTE, memory_used_bytes=memory, name=name)


def test_a_gpu_without_memory_of_its_own_has_the_machine_s(tmp_path: Path) -> None:
    users = used_by(user(Found(3 * GIB, "x")), user(Found(GIB, "x")))
    root = machine(tmp_path)
    shared = unified(own(NOT_SUPPORTED), users, root)
    assert shared.is_unified == Found(value=True, source=CALL)
    assert shared.total == Found(120 * GIB, f"{root}/proc/meminfo MemTotal")
    assert shared.available == Found(90 * GIB, f"{root}/proc/meminfo MemAvailable")
    assert shared.used == Found(4 * GIB, "NVML processes"), "not what the whole machine uses"
    assert isinstance(shared.reserved, Absent)


def test_one_that_tells_the_machine_s_memory_as_its_own_is_seen_through(tmp_path: Path) -> None:
    shared = unified(own(Found(120 * GIB, CALL)), NO_USERS, machine(tmp_path))
    assert shared.is_unified == Found(value=True, source=CALL)
    assert shared.used == Found(0, "NVML processes")


@pytest.mark.parametrize(
    "total",
    [
        Found(24 * GIB, CALL),
        Absent(Reason.GPU_LOST, CALL, "GPU is lost"),
        Failed("Unknown Error (NVML 999)", CALL),
    ],
)
def test_other_cards_keep_what_they_say(
    tmp_path: Path, total: Found[int] | Absent | Failed
) -> None:
    assert unified(own(total), NO_USERS, machine(tmp_path)) == own(total)


def test_a_process_whose_memory_is_unknown_makes_the_sum_unknown(tmp_path: Path) -> None:
    silent = Absent(Reason.NOT_SUPPORTED, "NVML processes", "the driver gives no figure")
    users = used_by(user(Found(GIB, "x")), user(silent))
    assert unified(own(NOT_SUPPORTED), users, machine(tmp_path)).used == silent


def test_a_machine_that_does_not_tell_its_memory_has_failed(tmp_path: Path) -> None:
    root = write_tree(tmp_path, {"proc/meminfo": "MemFree:  1000 kB\n"})
    shared = unified(own(NOT_SUPPORTED), NO_USERS, root)
    assert shared.total == Failed("no MemTotal in it", f"{root}/proc/meminfo")


BAR1 = "NVML nvmlDeviceGetBAR1MemoryInfo"


@pytest.mark.parametrize(
    ("bar1_bytes", "total_bytes", "is_on"),
    [
        (34_359_738_368, 25_757_220_864, True),  # RTX 4090: 32 GiB for 24
        (8_589_934_592, 8_585_740_288, True),
        (268_435_456, 25_757_220_864, False),
        (4_294_967_296, 25_757_220_864, False),
        (268_435_456, 4_294_967_296, False),
    ],
)
def test_resizable_bar_is_told_by_the_sizes(bar1_bytes: int, total_bytes: int, is_on: bool) -> None:
    fact = resizable_bar(Found(bar1_bytes, BAR1), Found(total_bytes, CALL))
    assert fact == Found(is_on, f"{BAR1}, beside the memory")


def test_without_either_size_resizable_bar_is_missing_for_its_reason() -> None:
    assert resizable_bar(NOT_SUPPORTED, Found(1, CALL)) == NOT_SUPPORTED
    assert resizable_bar(Found(1, BAR1), NOT_SUPPORTED) == NOT_SUPPORTED
