"""cpu-lacks-instructions."""

import msgspec
import pytest

from rigcheck.facts import Absent, Cpu, Distribution, Failed, Reason, Rig
from rigcheck.findings import Verdict
from tests.rules.rigs import (
    K10_FLAGS,
    NEHALEM_FLAGS,
    PILEDRIVER_FLAGS,
    PYTHON,
    ZEN_FLAGS,
    finding_of,
    findings_of,
    found,
    host,
    no_torch,
    python,
    rtx_4090,
    torch,
    wrong_in,
)

ID = "cpu-lacks-instructions"
PENRYN_FLAGS = ("sse2", "pni", "cx16", "lahf_lm", "ssse3", "sse4_1")


def on_cpu(model: str, flags: tuple[str, ...], numpy: str = "2.4.6", **parts: object) -> Rig:
    distributions = (Distribution(name="numpy", version=numpy),)
    return rtx_4090(
        cpu=Cpu(model=found(model), flags=found(flags)),
        python=python(distributions=found(distributions)),
        **parts,
    )


def test_an_athlon_x4_of_2013_without_avx2_is_slower_and_not_broken() -> None:
    rig = on_cpu("AMD Athlon(tm) X4 760K", PILEDRIVER_FLAGS)
    finding = finding_of(rig, ID)
    assert finding.verdict is Verdict.PASS
    assert "AMD Athlon(tm) X4 760K has what NumPy 2.4 and torch 2.15 need" in finding.headline
    assert wrong_in(rig) == []


def test_the_kernels_that_torch_chose_are_told() -> None:
    assert "AVX2 kernels" in finding_of(on_cpu("Ryzen", ZEN_FLAGS), ID).headline


def test_under_an_emulator_the_cpu_that_the_interpreter_sees_counts() -> None:
    rig = on_cpu("AMD EPYC", ZEN_FLAGS)
    env = msgspec.structs.replace(rig.python, cpu_flags=found(("pni", "ssse3", "lahf_lm")))
    findings = findings_of(msgspec.structs.replace(rig, python=env), ID)
    headline = next(f.headline for f in findings if f.subject == "NumPy")
    assert headline.startswith("the emulated CPU of this interpreter lacks sse4_1 sse4_2")
    env = msgspec.structs.replace(rig.python, cpu_flags=found(ZEN_FLAGS))
    assert finding_of(msgspec.structs.replace(rig, python=env), ID).verdict is Verdict.PASS


def test_a_core_2_without_sse4_2_cannot_import_numpy_2_4() -> None:
    findings = findings_of(on_cpu("Core 2 Duo E8400", PENRYN_FLAGS), ID)
    finding = next(f for f in findings if f.subject == "NumPy")
    assert finding.verdict is Verdict.FAIL
    assert "sse4_2 popcnt" in finding.headline
    assert finding.remedy is not None
    assert finding.remedy.commands == (f"{PYTHON} -m pip install 'numpy<2.4'",)


def test_with_an_older_numpy_it_can() -> None:
    findings = findings_of(on_cpu("Core 2 Duo E8400", PENRYN_FLAGS, numpy="2.3.5"), ID)
    assert "NumPy" not in {f.subject for f in findings}


def test_a_phenom_fails_at_torchs_convolutions() -> None:
    findings = findings_of(on_cpu("AMD Phenom II X4 955", K10_FLAGS, numpy="2.3.5"), ID)
    assert findings[0].verdict is Verdict.FAIL
    assert "convolutions" in findings[0].headline


def test_a_cpu_without_avx_is_warned_of_int8_alone() -> None:
    findings = findings_of(on_cpu("Core i7 920", NEHALEM_FLAGS), ID)
    assert [(f.verdict, f.subject) for f in findings] == [(Verdict.WARN, "torch")]
    assert "int8" in findings[0].headline


def test_a_virtual_machine_is_told_of_its_hosts_cpu() -> None:
    rig = on_cpu("Common KVM processor", ("sse2", "pni"), host=host(hypervisor=found("kvm")))
    remedy = findings_of(rig, ID)[0].remedy
    assert remedy is not None
    assert "host-passthrough" in remedy.text


@pytest.mark.parametrize("package", ["tensorflow", "jaxlib"])
def test_a_library_that_needs_avx_is_found_too(package: str) -> None:
    rig = rtx_4090(
        cpu=Cpu(flags=found(NEHALEM_FLAGS)),
        python=python(distributions=found((Distribution(name=package, version="2.21.0"),))),
        torch=no_torch(),
    )
    assert finding_of(rig, ID).verdict is Verdict.FAIL


def test_other_architectures_and_empty_environments_are_left_alone() -> None:
    arm = on_cpu("Neoverse-N1", ("asimd",), host=host(architecture=found("aarch64")))
    assert finding_of(arm, ID).verdict is Verdict.SKIP
    empty = rtx_4090(torch=no_torch(), python=python(distributions=found(())))
    assert finding_of(empty, ID).verdict is Verdict.SKIP


@pytest.mark.parametrize(
    "flags", [Failed("x", "/proc/cpuinfo"), Absent(Reason.NOT_SUPPORTED, "/proc/cpuinfo")]
)
def test_flags_that_cannot_be_read_are_not_lacking(flags: Failed | Absent) -> None:
    rig = rtx_4090(cpu=Cpu(model=found("x"), flags=flags), torch=torch())
    assert finding_of(rig, ID).verdict is Verdict.UNKNOWN
