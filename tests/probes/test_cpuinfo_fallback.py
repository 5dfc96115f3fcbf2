import json
from pathlib import Path

import pytest

from rigcheck.facts import Absent, Found, Reason
from rigcheck.probes.cpuinfo import Identity, identity_of, parse_blocks
from rigcheck.probes.cpuinfo_fallback import completed, parse_py_cpuinfo, read_py_cpuinfo
from tests.probes.trees import recorded

GRAVITON = identity_of(Found(parse_blocks(recorded("aws-graviton2.cpuinfo")), "/proc/cpuinfo"))
KAVERI = identity_of(Found(parse_blocks(recorded("amd-a10-7800.cpuinfo")), "/proc/cpuinfo"))
TOLD = Identity(
    architecture="aarch64",
    model=Found("Neoverse-N1", "py-cpuinfo"),
    vendor=Found("ARM", "py-cpuinfo"),
    flags=Found(("fp",), "py-cpuinfo"),
)


def never() -> Identity:
    raise AssertionError("py-cpuinfo takes over a second and must not be asked here")


def test_an_ordinary_x86_linux_never_asks_it() -> None:
    assert completed(KAVERI, Path("/"), never) is KAVERI


def test_a_recorded_machine_keeps_its_gaps() -> None:
    assert completed(GRAVITON, Path("/recorded"), never) is GRAVITON


def test_only_what_is_missing_is_filled() -> None:
    identity = completed(GRAVITON, Path("/"), lambda: TOLD)
    assert identity.model == Found("Neoverse-N1", "py-cpuinfo")
    assert identity.flags is GRAVITON.flags


def test_what_it_does_not_know_either_keeps_the_kernels_reason() -> None:
    nothing = Absent(Reason.NOT_THERE, "py-cpuinfo")
    told = Identity(architecture="", model=nothing, vendor=nothing, flags=nothing)
    assert completed(GRAVITON, Path("/"), lambda: told).model is GRAVITON.model


def test_the_real_one_knows_this_machine() -> None:
    identity = read_py_cpuinfo()
    assert isinstance(identity.model, Found)
    assert isinstance(identity.flags, Found)
    assert identity.model.source == "py-cpuinfo"


def test_off_linux_its_flags_have_other_names_and_are_not_taken() -> None:
    text = json.dumps({"arch": "X86_64", "brand_raw": "Intel", "flags": ["avx1.0", "sse4.1"]})
    assert parse_py_cpuinfo(text, "darwin").flags == Absent(Reason.NOT_THERE, "py-cpuinfo")
    assert parse_py_cpuinfo(text, "linux").flags == Found(("avx1.0", "sse4.1"), "py-cpuinfo")


def test_a_dash_is_no_model() -> None:
    identity = parse_py_cpuinfo('{"arch": "ARM_8", "brand_raw": "-"}', "linux")
    assert identity.model == Absent(Reason.NOT_THERE, "py-cpuinfo")


@pytest.mark.parametrize("text", ["", "[1, 2]", "warning: no dmesg\n{}"])
def test_garbage_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- json's own message is not ours to match
        parse_py_cpuinfo(text, "linux")
