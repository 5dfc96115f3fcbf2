"""torch-compile-fails and framework-compiler-fails."""

import pytest

from rigcheck.facts import (
    NOT_ASKED,
    Compile,
    CompileTrial,
    Filesystem,
    Rig,
    Stage,
    Storage,
    Symptom,
    Symptoms,
)
from rigcheck.findings import Finding, Verdict
from tests.rules.rigs import PYTHON, finding_of, findings_of, found, host, not_there, rtx_4090

TORCH, OTHERS = "torch-compile-fails", "framework-compiler-fails"
NO_COMPILER = (
    "InductorError: InvalidCxxCompiler: No working C++ compiler found in "
    "torch._inductor.config.cpp.cxx: (None, 'g++')"
)
NO_HEADER = (
    "InductorError: CppCompileError: C++ compile error\n"
    "/tmp/x/torch/python.h:39:10: fatal error: Python.h: No such file or directory"
)
NO_TRITON = (
    "TritonMissing: Cannot find a working triton installation. Either the package is not installed "
    "or it is too old."
)
OLD_GPU = (
    "RuntimeError: Found NVIDIA GeForce GTX 1070 which is too old to be supported by the triton "
    "GPU compiler, which is used as the backend."
)
NOEXEC = (
    "OSError: /tmp/x.main.so: failed to map segment from shared object. The most common reason "
    "this may occur is if the /tmp folder is mounted with noexec"
)


def stages(**errors: str) -> tuple[Stage, ...]:
    """The import, then one a device: its error, empty where it went well."""
    imported = Stage(name="import torch", duration_s=2.0, error="")
    tried = (
        Stage(name="torch.compile", device=device, duration_s=7.5, error=error)
        for device, error in errors.items()
    )
    return (imported, *tried)


def compiled(framework: str = "torch", **errors: str) -> Compile:
    return Compile(
        trials=found((CompileTrial(framework=framework, stages=stages(**errors)),)),
        compiler=found("/usr/bin/g++: g++ 13.3.0"),
        python_header=found("/usr/include/python3.12/Python.h"),
        triton_version=found("3.9.0"),
    )


def rig_with(facts: Compile, distribution: str = "ubuntu") -> Rig:
    return rtx_4090(compile=facts, host=host(distribution_id=found(distribution)))


def commands(finding: Finding) -> str:
    assert finding.remedy is not None
    return " | ".join(finding.remedy.commands)


def test_what_compiles_on_every_device_passes_with_its_times() -> None:
    finding = finding_of(rig_with(compiled(cpu="", cuda="")), TORCH)
    assert finding.verdict is Verdict.PASS
    assert finding.headline == "torch.compile works on cpu, cuda"
    assert "cpu in 7.5 s" in finding.evidence[0].text


def test_what_nobody_tried_is_no_fault() -> None:
    assert finding_of(rtx_4090(), TORCH).verdict is Verdict.SKIP
    assert finding_of(rtx_4090(), OTHERS).verdict is Verdict.SKIP


@pytest.mark.parametrize(
    ("error", "cause", "command"),
    [
        (NO_COMPILER, "there is no C++ compiler", "sudo apt install g++"),
        (NO_HEADER, "there is no Python.h", "sudo apt install python3.12-dev"),
        (NO_TRITON, "Triton is missing or cannot be imported", "uninstall -y triton"),
        (OLD_GPU, "Triton does not support so old a GPU", "export TORCHDYNAMO_DISABLE=1"),
        (NOEXEC, "the folder for compiled code is mounted noexec", "TORCHINDUCTOR_CACHE_DIR"),
        (
            "RuntimeError: Dynamo is not supported on Python 3.12+",
            "this torch does not compile on this Python",
            "--upgrade",
        ),
        (
            "AssertionError: libcuda.so cannot found!",
            "the linker does not find libcuda",
            "sudo ldconfig",
        ),
        (
            "fatal error: when writing output to x.i: No space left on device",
            "there is no room left for compiled code",
            "df -h",
        ),
        ("/usr/bin/ld: cannot find -lcuda", "the linker does not find libcuda", "ln -s"),
    ],
)
def test_each_cause_has_its_words_and_its_remedy(error: str, cause: str, command: str) -> None:
    finding = finding_of(rig_with(compiled(cpu="", cuda=error)), TORCH)
    assert finding.verdict is Verdict.WARN
    assert finding.headline == f"torch.compile fails on cuda: {cause}"
    assert command in commands(finding)


@pytest.mark.parametrize(
    ("distribution", "command"),
    [
        ("debian", "sudo apt install g++"),
        ("fedora", "sudo dnf install gcc-c++"),
        ("rocky", "sudo dnf install gcc-c++"),
        ("opensuse-leap", "sudo zypper install gcc-c++"),
        ("arch", "sudo pacman -S --needed gcc"),
        ("plan9", ""),
    ],
)
def test_a_compiler_comes_as_the_distribution_has_it(distribution: str, command: str) -> None:
    assert commands(finding_of(rig_with(compiled(cpu=NO_COMPILER), distribution), TORCH)) == command


def test_one_cause_on_two_devices_is_one_finding_and_two_causes_are_two() -> None:
    (both,) = findings_of(rig_with(compiled(cpu=NO_HEADER, cuda=NO_HEADER)), TORCH)
    assert "on cpu, cuda:" in both.headline
    two = findings_of(rig_with(compiled(cpu=NO_COMPILER, cuda=OLD_GPU)), TORCH)
    assert len(two) == 2


def test_a_wrong_result_is_a_fault() -> None:
    wrong = "the compiled function's result is 7, and eager's 1"
    assert finding_of(rig_with(compiled(cpu=wrong)), TORCH).verdict is Verdict.FAIL


def test_an_error_that_nobody_knows_is_told_in_its_own_words() -> None:
    finding = finding_of(rig_with(compiled(cpu="died of SIGSEGV (an invalid access)")), TORCH)
    assert finding.headline == "torch.compile fails on cpu: died of SIGSEGV (an invalid access)"
    assert f"--python {PYTHON}" in commands(finding)


def test_of_a_compilers_error_its_own_first_line_is_told() -> None:
    error = "InductorError: C++ compile error\nx.cpp:1:1: error: expected ;\nx"
    (told, *_) = finding_of(rig_with(compiled(cpu=error)), TORCH).evidence
    assert told.text.endswith("C++ compile error: x.cpp:1:1: error: expected ;")


def test_a_full_disk_is_the_cause_where_it_is_one() -> None:
    facts = compiled(cpu="fatal error: when writing output: No space left on device")
    full = Filesystem(
        purpose="temporary files",
        path="/var",
        mount_point="/var",
        kind="ext4",
        total_bytes=10**9,
        free_bytes=0,
    )
    rig = rtx_4090(compile=facts, storage=Storage(filesystems=found((full,))))
    assert finding_of(rig, TORCH).caused_by == "disk-too-full"


def test_pasted_words_are_enough() -> None:
    line = "main.c:5:10: fatal error: Python.h: No such file or directory"
    symptom = Symptom(name="no-python-header", text=line, source="line 3 of the text")
    rig = Rig(symptoms=Symptoms(seen=found((symptom,))))
    finding = finding_of(rig, TORCH)
    assert finding.verdict is Verdict.WARN
    assert finding.headline.endswith("fails: there is no Python.h")


@pytest.mark.parametrize("name", ["no-space-left", "noexec"])
def test_pasted_words_that_need_not_be_a_compilers_are_none(name: str) -> None:
    symptom = Symptom(name=name, text="No space left on device", source="line 3 of the text")
    rig = Rig(symptoms=Symptoms(seen=found((symptom,))))
    assert finding_of(rig, TORCH).verdict is Verdict.SKIP


def test_where_torch_cannot_be_imported_that_is_told_elsewhere() -> None:
    broken = Stage(name="import torch", duration_s=0.1, error="ImportError: libtorch.so")
    facts = Compile(trials=found((CompileTrial(framework="torch", stages=(broken,)),)))
    assert finding_of(rig_with(facts), TORCH).verdict is Verdict.SKIP


def test_numba_and_pytensor_are_judged_alike() -> None:
    assert finding_of(rig_with(compiled("numba", cpu="")), OTHERS).verdict is Verdict.PASS
    broken = finding_of(rig_with(compiled("pytensor", cpu=NO_HEADER)), OTHERS)
    assert broken.headline == "pytensor fails on cpu: there is no Python.h"
    assert finding_of(rig_with(compiled("numba", cpu="")), TORCH).verdict is Verdict.SKIP


def test_a_compiler_that_is_not_there_is_evidence() -> None:
    facts = Compile(
        trials=compiled(cpu=NO_COMPILER).trials,
        compiler=not_there(),
        python_header=NOT_ASKED,
        triton_version=NOT_ASKED,
    )
    told = [evidence.text for evidence in finding_of(rig_with(facts), TORCH).evidence]
    assert told == [f"torch.compile on cpu: {NO_COMPILER}", "C++ compiler: not there"]
