import pytest

from rigcheck.facts import Absent, Found, Reason
from rigcheck.probes.cpu_flags import deep_learning_flags, missing_for_next_level, x86_64_level
from rigcheck.probes.cpuinfo import Identity, identity_of, parse_blocks
from tests.probes.trees import recorded

SOURCE = "/proc/cpuinfo"


def recorded_identity(name: str) -> Identity:
    return identity_of(Found(parse_blocks(recorded(name)), SOURCE))


def with_flags(architecture: str, flags: str) -> Identity:
    named = Found("x", SOURCE)
    return Identity(
        architecture=architecture,
        model=named,
        vendor=named,
        flags=Found(tuple(flags.split()), SOURCE),
    )


@pytest.mark.parametrize(
    ("machine", "level", "missing"),
    [
        # AVX, FMA and F16C are there, and still it is level 2.
        ("amd-a10-7800.cpuinfo", 2, ("avx2", "bmi2", "movbe")),
        (
            "intel-i9-13980hx.cpuinfo",
            3,
            ("avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"),
        ),
    ],
)
def test_level_and_what_is_missing_for_the_next(
    machine: str, level: int, missing: tuple[str, ...]
) -> None:
    identity = recorded_identity(machine)
    assert x86_64_level(identity) == Found(level, SOURCE)
    assert missing_for_next_level(identity) == Found(missing, SOURCE)


def test_nothing_is_missing_at_the_highest_level() -> None:
    identity = recorded_identity("intel-xeon-6972p.cpuinfo")
    assert x86_64_level(identity) == Found(4, SOURCE)
    missing = missing_for_next_level(identity)
    assert isinstance(missing, Absent)
    assert missing.reason is Reason.NOT_APPLICABLE


def test_arm_has_no_x86_level() -> None:
    identity = recorded_identity("aws-graviton2.cpuinfo")
    for fact in (x86_64_level(identity), missing_for_next_level(identity)):
        assert isinstance(fact, Absent)
        assert fact.reason is Reason.NOT_APPLICABLE


def test_without_flags_the_level_is_unknown_for_their_reason() -> None:
    missing = Absent(Reason.NO_PERMISSION, SOURCE)
    identity = Identity(architecture="", model=missing, vendor=missing, flags=missing)
    assert x86_64_level(identity) is missing


def test_a_32_bit_processor_is_below_level_1() -> None:
    level = x86_64_level(with_flags("x86_64", "fpu cx8 cmov mmx fxsr sse"))
    assert isinstance(level, Absent)
    assert level.detail == "below x86-64-v1: syscall, sse2 missing"


@pytest.mark.parametrize(
    ("machine", "flags"),
    [
        ("amd-a10-7800.cpuinfo", ("avx", "f16c", "fma")),
        ("intel-i9-13980hx.cpuinfo", ("avx", "f16c", "fma", "avx2", "avx_vnni")),
        (
            "aws-graviton2.cpuinfo",
            ("asimd", "atomics", "fphp", "asimdhp", "asimddp"),
        ),
    ],
)
def test_flags_that_deep_learning_uses(machine: str, flags: tuple[str, ...]) -> None:
    assert deep_learning_flags(recorded_identity(machine)) == Found(flags, SOURCE)


def test_a_new_xeon_has_them_all() -> None:
    flags = deep_learning_flags(recorded_identity("intel-xeon-6972p.cpuinfo"))
    assert isinstance(flags, Found)
    wanted = {"avx512_bf16", "avx512_fp16", "avx512_vnni", "amx_tile", "amx_int8", "amx_bf16"}
    assert wanted <= set(flags.value)


def test_amds_memory_encryption_is_no_matrix_unit() -> None:
    assert deep_learning_flags(with_flags("x86_64", "avx2 sme sev")) == Found(("avx2",), SOURCE)
