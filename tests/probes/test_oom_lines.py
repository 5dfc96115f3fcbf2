"""Lines of Linux 4.15, 5.4 and 6.8 about processes that were ended for want of memory."""

from rigcheck.probes.kernel_lines import LogLine
from rigcheck.probes.oom_lines import find_oom_kills

TODAY = (
    "Out of memory: Killed process 4711 (python3) total-vm:98304000kB, anon-rss:63000000kB, "
    "file-rss:0kB, shmem-rss:65536kB, UID:1000 pgtables:130000kB oom_score_adj:0"
)
IN_A_GROUP = (
    "Memory cgroup out of memory: Killed process 27 (pt_data_worker) total-vm:1044680kB, "
    "anon-rss:1039596kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:2080kB oom_score_adj:0"
)
OF_OLD = (
    "Out of memory: Kill process 2502 (python) score 911 or sacrifice child",
    "Killed process 2502 (python) total-vm:70000000kB, anon-rss:60000000kB, file-rss:0kB",
)


def log(*texts: str) -> tuple[LogLine, ...]:
    return tuple(LogLine(at_s=float(at), text=text) for at, text in enumerate(texts, 1))


def test_a_process_that_was_ended_has_its_name_time_and_limit() -> None:
    (kill,) = find_oom_kills(log("Linux version 6.8", TODAY))
    assert (kill.process, kill.is_group_limit, kill.first_s) == ("python3", False, 2.0)
    assert kill.text == TODAY


def test_a_groups_limit_is_told_from_the_machines_also_in_two_lines() -> None:
    kills = find_oom_kills(log(IN_A_GROUP, TODAY))
    assert [(k.process, k.is_group_limit) for k in kills] == [
        ("pt_data_worker", True),
        ("python3", False),
    ]
    grouped = (OF_OLD[0].replace("Out of memory", "Memory cgroup out of memory"), OF_OLD[1])
    assert find_oom_kills(log(*OF_OLD))[0].is_group_limit is False
    assert find_oom_kills(log(*grouped))[0].is_group_limit is True


def test_one_name_under_one_limit_is_told_once_and_counted() -> None:
    (kill,) = find_oom_kills(log(*[TODAY] * 1000))
    assert (kill.count, kill.first_s) == (1000, 1.0)


def test_a_name_with_parentheses_is_whole() -> None:
    (kill,) = find_oom_kills(log(TODAY.replace("(python3)", "((sd-pam))")))
    assert kill.process == "(sd-pam)"


def test_other_kills_are_none_of_memory() -> None:
    others = log(
        "audit: process 4711 (python3) killed by signal 9",
        "python3 invoked oom-killer: gfp_mask=0x140cca, order=0, oom_score_adj=0",
        "oom_reaper: reaped process 4711 (python3), now anon-rss:0kB",
    )
    assert find_oom_kills(others) == ()
