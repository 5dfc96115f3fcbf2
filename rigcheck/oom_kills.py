"""How often the kernel killed for memory in our control group: who dies of it leaves no word."""

from pathlib import Path

from rigcheck.facts import Found, value_of
from rigcheck.probes.cgroup import read_control_group
from rigcheck.probes.probe import read_text


def read_oom_kills() -> int | None:
    """How many processes of our control group the kernel has killed for memory."""
    group = read_control_group(Path("/"), "memory")
    if not isinstance(group, Found):
        return None
    name = "memory.events" if group.value.unified else "memory.oom_control"
    counters = read_text(group.value.directories[0] / name)
    return parse_oom_kills(value_of(counters) or "")


def parse_oom_kills(counters: str) -> int | None:
    """The line `oom_kill 3`; None where the kernel is too old to count them."""
    words = (line.split() for line in counters.splitlines())
    return next((int(w[1]) for w in words if len(w) > 1 and w[0] == "oom_kill"), None)
