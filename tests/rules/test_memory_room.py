"""memory-too-small."""

import pytest

from rigcheck.facts import KernelLog, Memory, OomKill
from rigcheck.findings import Verdict
from rigcheck.terminal import plain
from tests.rules.rigs import GIB, finding_of, found, not_there, rtx_4090

MEMORY = "memory-too-small"


@pytest.mark.parametrize(
    "memory",
    [
        Memory(total_bytes=found(2 * GIB)),
        Memory(total_bytes=found(64 * GIB), limit_bytes=found(GIB)),
        Memory(
            total_bytes=found(64 * GIB), available_bytes=found(GIB // 8), swap_free_bytes=found(0)
        ),
    ],
)
def test_too_little_memory_is_told(memory: Memory) -> None:
    assert finding_of(rtx_4090(memory=memory), MEMORY).verdict is Verdict.WARN


@pytest.mark.parametrize(
    "memory",
    [
        Memory(total_bytes=found(4 * GIB)),
        Memory(total_bytes=found(64 * GIB), limit_bytes=not_there()),
        # Unknown swap is not no swap.
        Memory(total_bytes=found(64 * GIB), available_bytes=found(GIB // 8)),
        Memory(
            total_bytes=found(64 * GIB),
            available_bytes=found(GIB // 8),
            swap_free_bytes=found(8 * GIB),
        ),
    ],
)
def test_enough_memory_passes(memory: Memory) -> None:
    assert finding_of(rtx_4090(memory=memory), MEMORY).verdict is Verdict.PASS


def log_of(*, name: str = "python3", is_group_limit: bool = False) -> KernelLog:
    kill = OomKill(
        process=name,
        is_group_limit=is_group_limit,
        count=2,
        first_s=900.0,
        text=f"Out of memory: Killed process 4711 ({name}) total-vm:98304000kB",
    )
    return KernelLog(oom_kills=found((kill,)))


BIG = Memory(total_bytes=found(64 * GIB), limit_bytes=not_there())
LIMITED = Memory(total_bytes=found(64 * GIB), limit_bytes=found(16 * GIB))


def test_a_process_that_the_kernel_ended_for_memory_is_told_with_its_name_and_time() -> None:
    finding = finding_of(rtx_4090(memory=BIG, kernel_log=log_of()), MEMORY)
    assert finding.verdict is Verdict.WARN
    assert finding.headline == "memory ran out since boot, and the kernel ended python3"
    assert any("900 s after boot, 2 times" in e.text for e in finding.evidence)


def test_the_limit_of_a_group_counts_where_we_are_in_one() -> None:
    log = log_of(is_group_limit=True)
    assert finding_of(rtx_4090(memory=LIMITED, kernel_log=log), MEMORY).verdict is Verdict.WARN
    # A container beside us ran out of what it was given: this machine did not.
    assert finding_of(rtx_4090(memory=BIG, kernel_log=log), MEMORY).verdict is Verdict.PASS


def test_a_log_without_such_a_line_or_that_may_not_be_read_accuses_nobody() -> None:
    quiet = KernelLog(oom_kills=found(()))
    for log in (quiet, KernelLog()):
        assert finding_of(rtx_4090(memory=BIG, kernel_log=log), MEMORY).verdict is Verdict.PASS


def test_a_name_made_to_look_like_markup_reaches_no_terminal_raw() -> None:
    finding = finding_of(rtx_4090(memory=BIG, kernel_log=log_of(name="\x1b[31mx")), MEMORY)
    assert "\x1b" not in plain(finding.headline)
