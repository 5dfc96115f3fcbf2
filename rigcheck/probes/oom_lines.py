"""What a kernel's log says of processes that were ended because memory ran out.

    Out of memory: Killed process 4711 (python3) total-vm:98304000kB, anon-rss:63000000kB, …
    Memory cgroup out of memory: Killed process 27 (pt_data_worker) total-vm:…

Kernels before 5.3 write `Kill process … or sacrifice child` first and `Killed process …` in a line
of its own; the first of the two names the limit (kernel: mm/oom_kill.c, `__oom_kill_process`).
"""

import re

from rigcheck.facts import OomKill
from rigcheck.probes.kernel_lines import LogLine, shortened

# The name is in the last parenthesis before the sizes: it may hold parentheses itself.
_KILLED = re.compile(r"\bKilled process (\d+)[^(]*\((.{0,64})\)[ ,].*?\btotal-vm:")
_LIMIT = re.compile(r"\b(Memory cgroup out of memory|Out of memory)\b.{0,20}: Kill")
_KILL = "Killed process"
_GROUPS = "Memory cgroup out of memory"


def find_oom_kills(lines: tuple[LogLine, ...]) -> tuple[OomKill, ...]:
    """Each name under each limit once, in order of its first line."""
    kills: dict[tuple[str, bool], OomKill] = {}
    for index, line in enumerate(lines):
        match = _KILLED.search(line.text) if _KILL in line.text else None
        if match is None:
            continue
        process, is_group_limit = match[2], _is_group_limit(lines, index)
        before = kills.get((process, is_group_limit))
        kills[process, is_group_limit] = OomKill(
            process=process,
            is_group_limit=is_group_limit,
            count=before.count + 1 if before else 1,
            first_s=before.first_s if before else line.at_s,
            text=before.text if before else shortened(line.text),
        )
    return tuple(kills.values())


def _is_group_limit(lines: tuple[LogLine, ...], index: int) -> bool:
    for line in lines[index], lines[max(0, index - 1)]:
        match = _LIMIT.search(line.text)
        if match is not None:
            return match[1] == _GROUPS
    return False
