"""How often the kernel killed for memory in our control group: who dies of it leaves no word."""

from rigcheck.target.control_group import own_file

_FILES = ("memory.events", "memory.oom_control")
"""Of version 2 and of version 1."""


def read_oom_kills() -> int | None:
    """How many processes of our control group the kernel has killed for memory."""
    counters = own_file("/", "memory", _FILES)
    return None if counters is None else parse_oom_kills(counters)


def parse_oom_kills(counters: str) -> int | None:
    """The line `oom_kill 3`; None where the kernel is too old to count them."""
    words = (line.split() for line in counters.splitlines())
    return next((int(w[1]) for w in words if len(w) > 1 and w[0] == "oom_kill"), None)
