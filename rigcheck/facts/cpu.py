"""The processor."""

import msgspec

from rigcheck.facts.fact import NOT_ASKED, Fact, Part


class Cache(msgspec.Struct, frozen=True, kw_only=True):
    """One cache level; `size_bytes` is one instance's, `instances` how many the machine has."""

    level: int
    kind: str
    """`Data`, `Instruction` or `Unified`, as the kernel spells it."""
    size_bytes: int
    instances: int


class Cpu(Part, frozen=True, kw_only=True):
    """The processor, and what of it this process may use."""

    model: Fact[str] = NOT_ASKED
    vendor: Fact[str] = NOT_ASKED
    sockets: Fact[int] = NOT_ASKED
    cores: Fact[int] = NOT_ASKED
    """Physical cores, all sockets."""
    threads: Fact[int] = NOT_ASKED
    """Logical CPUs, all sockets."""
    performance_cores: Fact[int] = NOT_ASKED
    efficiency_cores: Fact[int] = NOT_ASKED
    usable_threads: Fact[int] = NOT_ASKED
    """Logical CPUs this process may run on: affinity and cpuset."""
    usable_cores: Fact[int] = NOT_ASKED
    """Physical cores behind `usable_threads`."""
    quota_cpus: Fact[float] = NOT_ASKED
    """CPU time the cgroup grants, in CPUs; not there without a quota."""
    x86_64_level: Fact[int] = NOT_ASKED
    """1 to 4, psABI micro-architecture level."""
    missing_for_next_level: Fact[tuple[str, ...]] = NOT_ASKED
    deep_learning_flags: Fact[tuple[str, ...]] = NOT_ASKED
    """The instruction sets there are that matrix libraries dispatch on, in /proc/cpuinfo names."""
    flags: Fact[tuple[str, ...]] = NOT_ASKED
    """Every flag, in /proc/cpuinfo names."""
    caches: Fact[tuple[Cache, ...]] = NOT_ASKED
    frequency_now_mhz: Fact[float] = NOT_ASKED
    frequency_max_mhz: Fact[float] = NOT_ASKED
    governor: Fact[str] = NOT_ASKED
    power_limit_w: Fact[float] = NOT_ASKED
    """What all sockets together may draw for long; Intel's processors tell it."""
