"""A processor's flags in a text, and what follows from them."""

import re

from rigcheck.facts import Absent, Cpu, Found, Reason
from rigcheck.probes import cpu_flags
from rigcheck.probes.cpuinfo import X86_64, Identity

_FEWEST = 20
"""The oldest x86-64 processor has some thirty flags: fewer is a list that somebody shortened."""
_FLAG = re.compile(r"[a-z0-9_]{2,24}\Z")


def cpu_of_flags(told: Found[str]) -> Cpu:
    """The facts that the whole list of an x86-64 processor's flags gives; none of a part of it."""
    words = told.value.split()
    flags = tuple(sorted({word for word in words if _FLAG.match(word)}))
    is_whole = len(flags) >= _FEWEST and len(flags) >= 0.9 * len(set(words)) and "fpu" in flags
    if not is_whole or "lm" not in flags:
        return Cpu()
    fact = Found(flags, told.source)
    nobody = Absent(Reason.NOT_ASKED, "")
    identity = Identity(architecture=X86_64, model=nobody, vendor=nobody, flags=fact)
    return Cpu(
        flags=fact,
        x86_64_level=cpu_flags.x86_64_level(identity),
        missing_for_next_level=cpu_flags.missing_for_next_level(identity),
        deep_learning_flags=cpu_flags.deep_learning_flags(identity),
    )
