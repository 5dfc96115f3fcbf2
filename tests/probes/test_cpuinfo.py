import pytest

from rigcheck.facts import Absent, Fact, Failed, Found, Reason
from rigcheck.probes.cpuinfo import Block, highest_mhz, identity_of, parse_blocks
from tests.probes.trees import recorded

SOURCE = "/proc/cpuinfo"


def blocks(name: str) -> Fact[tuple[Block, ...]]:
    return Found(parse_blocks(recorded(name)), SOURCE)


def test_an_x86_processor_names_itself() -> None:
    identity = identity_of(blocks("amd-a10-7800.cpuinfo"))
    assert identity.architecture == "x86_64"
    assert identity.model == Found("AMD A10-7800 Radeon R7, 12 Compute Cores 4C+8G", SOURCE)
    assert identity.vendor == Found("AuthenticAMD", SOURCE)
    assert isinstance(identity.flags, Found)
    assert {"avx", "fma", "f16c", "fma4"} <= set(identity.flags.value)
    assert not identity.has_gap


def test_an_arm_processor_tells_only_numbers() -> None:
    identity = identity_of(blocks("aws-graviton2.cpuinfo"))
    assert identity.architecture == "aarch64"
    numbers = "CPU implementer 0x41, CPU part 0xd0c"
    assert identity.model == Absent(Reason.NOT_THERE, SOURCE, numbers)
    assert isinstance(identity.flags, Found)
    assert "asimddp" in identity.flags.value
    assert identity.has_gap


def test_without_the_file_everything_is_missing_for_its_reason() -> None:
    missing = Absent(Reason.NOT_THERE, SOURCE)
    identity = identity_of(missing)
    assert (identity.model, identity.vendor, identity.flags) == (missing, missing, missing)
    assert identity.has_gap


def test_only_flags_that_every_cpu_has_are_taken() -> None:
    text = "processor: 0\nFeatures: fp asimd sve\n\nprocessor: 1\nFeatures: fp asimd\n"
    identity = identity_of(Found(parse_blocks(text), SOURCE))
    assert identity.flags == Found(("asimd", "fp"), SOURCE)


def test_every_logical_cpu_is_a_block() -> None:
    assert len(parse_blocks(recorded("amd-a10-7800.cpuinfo"))) == 4


def test_what_a_board_appends_is_no_cpu() -> None:
    text = "processor : 0\nFeatures : fp\n\nHardware : BCM2835\nModel : Raspberry Pi 3\n"
    assert len(parse_blocks(text)) == 1


def test_a_file_without_cpus_is_refused() -> None:
    with pytest.raises(ValueError, match="no processor"):
        parse_blocks("Hardware : BCM2835\n")


def test_the_clock_is_that_of_the_fastest_cpu() -> None:
    clock = highest_mhz(blocks("amd-a10-7800.cpuinfo"))
    assert clock == Found(1900.0, f"{SOURCE}: cpu MHz, the highest")


def test_arm_tells_no_clock() -> None:
    clock = highest_mhz(blocks("aws-graviton2.cpuinfo"))
    assert isinstance(clock, Absent)
    assert clock.reason is Reason.NOT_THERE


def test_a_clock_that_is_no_number_fails() -> None:
    garbled: Fact[tuple[Block, ...]] = Found(({"processor": "0", "cpu MHz": "fast"},), SOURCE)
    assert isinstance(highest_mhz(garbled), Failed)
