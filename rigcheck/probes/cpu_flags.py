"""What the flags amount to: the x86-64 level, and the instruction sets deep learning uses."""

from rigcheck.facts import Absent, Fact, Found, Reason
from rigcheck.knowledge.cpu_levels import cpu_levels
from rigcheck.probes.cpuinfo import X86_64, Identity
from rigcheck.probes.reading import parsed


def x86_64_level(identity: Identity) -> Fact[int]:
    """1 to 4; not applicable on another architecture."""
    flags = _x86_flags(identity)
    if not isinstance(flags, Found):
        return flags
    level = cpu_levels().level_of(flags.value)
    if level == 0:
        missing = ", ".join(cpu_levels().missing_for(1, flags.value))
        return Absent(Reason.NOT_SUPPORTED, flags.source, f"below x86-64-v1: {missing} missing")
    return Found(level, flags.source)


def missing_for_next_level(identity: Identity) -> Fact[tuple[str, ...]]:
    """The flags that keep it from the next level; not applicable at the highest."""
    flags = _x86_flags(identity)
    if not isinstance(flags, Found):
        return flags
    level = cpu_levels().level_of(flags.value)
    if level == cpu_levels().highest:
        return Absent(Reason.NOT_APPLICABLE, flags.source, "the highest level there is")
    return Found(cpu_levels().missing_for(level + 1, flags.value), flags.source)


def deep_learning_flags(identity: Identity) -> Fact[tuple[str, ...]]:
    """Those of its flags that matrix libraries dispatch on.

    A name counts for its architecture only: `sme` is a matrix unit on ARM, encryption on AMD.
    """
    return parsed(
        identity.flags,
        lambda flags: cpu_levels().deep_learning_flags(identity.architecture, flags),
    )


def _x86_flags(identity: Identity) -> Fact[tuple[str, ...]]:
    if isinstance(identity.flags, Found) and identity.architecture != X86_64:
        return Absent(Reason.NOT_APPLICABLE, identity.flags.source, "not an x86-64 processor")
    return identity.flags
