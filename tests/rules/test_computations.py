"""framework-fails."""

import msgspec
import pytest

from rigcheck.facts import Failed, Framework, Frameworks, Rig, Stage
from rigcheck.findings import Finding, Verdict
from tests.rules.rigs import PYTHON, cpu_laptop, findings_of, found, rtx_4090, torch, wrong_in

ID = "framework-fails"


def stage(name: str, device: str = "", error: str = "") -> Stage:
    return Stage(name=name, device=device, duration_s=0.25, error=error)


def with_framework(*stages: Stage, name: str = "tensorflow", version: str = "2.21.0") -> Rig:
    framework = Framework(name=name, version=found(version), stages=found(stages))
    return cpu_laptop(frameworks=Frameworks(installed=found((framework,))))


def by_subject(rig: Rig) -> dict[str, Finding]:
    return {finding.subject: finding for finding in findings_of(rig, ID)}


def test_an_import_that_dies_is_told_with_the_step_and_follows_from_the_cpu() -> None:
    died = "died of SIGILL (an instruction of AVX, which this CPU does not have)"
    rig = with_framework(stage("import tensorflow", error=died))
    finding = by_subject(rig)["tensorflow"]
    assert finding.verdict is Verdict.WARN
    assert finding.headline.startswith("tensorflow fails in import tensorflow: died of SIGILL")
    assert finding.remedy is not None
    assert finding.remedy.commands == ()


def test_a_wrong_result_is_told_with_its_device() -> None:
    rig = with_framework(
        stage("import jax"),
        stage("BLAS", "cpu:0"),
        stage("BLAS", "cuda:0", "the result is 0 and not 529536"),
        name="jax",
        version="0.10.2",
    )
    finding = by_subject(rig)["jax"]
    assert finding.headline == "jax fails in BLAS on cuda:0: the result is 0 and not 529536"
    assert finding.remedy is not None
    assert finding.remedy.commands[-1] == (f"{PYTHON} -m pip install jax==0.10.2 --force-reinstall")


def test_one_that_computes_passes_with_its_times() -> None:
    finding = by_subject(with_framework(stage("import x"), stage("BLAS", "CPU:0")))["tensorflow"]
    assert finding.verdict is Verdict.PASS
    assert "BLAS on CPU:0 in 0.250 s" in finding.evidence[0].text


def test_one_without_a_device_and_those_not_installed_are_skipped() -> None:
    rig = with_framework(stage("import cupy"), stage("device count"), name="cupy-cuda12x")
    told = by_subject(rig)
    assert told["cupy-cuda12x"].verdict is Verdict.SKIP
    assert told["jax"].verdict is Verdict.SKIP
    assert told["jax"].headline == "jax is not installed"
    assert "cupy" not in told


def test_torch_that_fails_on_the_cpu_is_a_fault_of_its_own() -> None:
    words = "RuntimeError: could not create a primitive"
    stages = (stage("import torch"), stage("BLAS", "cpu"), stage("convolution", "cpu", words))
    rig = cpu_laptop(torch=msgspec.structs.replace(torch(), stages=found(stages)))
    finding = by_subject(rig)["torch"]
    assert finding.verdict is Verdict.FAIL
    assert "could not create a primitive" in finding.headline


@pytest.mark.parametrize("device", ["cuda:0", ""])
def test_torchs_gpus_and_its_import_are_left_to_their_own_rules(device: str) -> None:
    stages = (stage("BLAS", "cpu"), stage("first kernel", device, "CUDA error: …"))
    rig = rtx_4090(torch=msgspec.structs.replace(torch(), stages=found(stages)))
    assert by_subject(rig)["torch"].verdict is Verdict.PASS
    assert ID not in wrong_in(rig)


def test_what_was_not_asked_is_not_judged() -> None:
    assert {f.verdict for f in findings_of(Rig(), ID)} == {Verdict.SKIP}
    lost = Frameworks(installed=Failed("no answer within 20 s", "python"))
    assert {f.verdict for f in findings_of(Rig(frameworks=lost), ID)} == {Verdict.SKIP}


def test_numba_that_was_tried_without_its_compiler_is_told_so() -> None:
    rig = with_framework(stage("import numba"), stage("LLVM's code", "cpu"), name="numba")
    finding = by_subject(rig)["numba"]
    assert finding.verdict is Verdict.PASS
    assert finding.headline == "numba's LLVM computes (check --compile tries its own compiler)"
