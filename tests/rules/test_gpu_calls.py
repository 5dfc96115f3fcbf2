"""gpu-call-fails."""

from typing import Any

import msgspec
import pytest

from rigcheck.facts import (
    Environment,
    Fact,
    Failed,
    Nvml,
    Rig,
    Stage,
    Symptom,
    Symptoms,
    Torch,
)
from rigcheck.findings import Verdict
from tests.rules.rigs import (
    cpu_laptop,
    finding_of,
    findings_of,
    found,
    gpu,
    not_there,
    nvml,
    rtx_4090,
    torch,
    wrong_in,
)

ID = "gpu-call-fails"


def with_torch(**changes: Fact[Any]) -> Rig:
    return rtx_4090(torch=msgspec.structs.replace(torch(), **changes))


def kernels(*errors: str) -> Fact[Any]:
    return found(
        tuple(
            Stage(name="first kernel", device=f"cuda:{i}", duration_s=0.1, error=e)
            for i, e in enumerate(errors)
        )
    )


def test_a_first_kernel_that_fails_is_the_cause() -> None:
    rig = with_torch(stages=kernels("RuntimeError: CUDA error: unspecified launch failure"))
    finding = finding_of(rig, ID)
    assert finding.verdict is Verdict.FAIL
    assert "unspecified launch failure" in finding.headline
    assert wrong_in(rig) == [ID]


def test_each_device_is_judged_apart() -> None:
    findings = findings_of(with_torch(stages=kernels("", "wrong sum")), ID)
    assert {f.subject: f.verdict for f in findings} == {
        "cuda:0": Verdict.PASS,
        "cuda:1": Verdict.FAIL,
    }


def test_a_process_that_died_on_a_device_is_told_with_the_step() -> None:
    stages = (
        Stage(name="first kernel", device="cuda:0", duration_s=0.1, error=""),
        Stage(name="convolution", device="cuda:0", duration_s=2.0, error="died of SIGSEGV"),
    )
    finding = finding_of(with_torch(stages=found(stages)), ID)
    assert finding.verdict is Verdict.FAIL
    assert finding.evidence[0].text == "convolution on cuda:0: died of SIGSEGV"


def test_the_cpu_is_no_gpu() -> None:
    wrong = Stage(name="BLAS", device="cpu", duration_s=0.1, error="wrong")
    assert finding_of(with_torch(stages=found((wrong,))), ID).verdict is Verdict.PASS


def test_a_full_gpu_is_told_as_such() -> None:
    rig = with_torch(stages=kernels("OutOfMemoryError: CUDA out of memory"))
    remedy = finding_of(rig, ID).remedy
    assert remedy is not None
    assert "Another process" in remedy.text


def test_a_missing_kernel_follows_from_the_wheel() -> None:
    rig = msgspec.structs.replace(
        with_torch(stages=kernels("CUDA error: no kernel image is available")),
        nvml=nvml(gpu(name="NVIDIA GeForce GTX 1080 Ti", capability="6.1")),
    )
    assert finding_of(rig, ID).caused_by == "gpu-arch-not-in-wheel"


@pytest.mark.parametrize("works", [found(False), Failed("CUDA unknown error", "torch.cuda")])
def test_cuda_that_does_not_start_beside_a_right_driver_and_wheel_is_a_fault(
    works: Fact[bool],
) -> None:
    finding = finding_of(with_torch(cuda_available=works), ID)
    assert finding.verdict is Verdict.FAIL
    assert finding.remedy is not None
    assert "nvidia_uvm" in finding.remedy.commands[0]


def test_hidden_gpus_are_the_deeper_cause() -> None:
    rig = msgspec.structs.replace(
        with_torch(cuda_available=found(False)),
        environment=Environment(cuda_visible_devices=found("-1")),
    )
    assert finding_of(rig, ID).caused_by == "cuda-visible-devices"


def test_what_computes_passes_and_what_needs_no_gpu_is_skipped() -> None:
    assert finding_of(with_torch(stages=kernels("")), ID).verdict is Verdict.PASS
    assert finding_of(rtx_4090(), ID).verdict is Verdict.PASS
    assert finding_of(cpu_laptop(), ID).verdict is Verdict.SKIP


def test_a_pasted_report_without_that_fact_is_left_alone() -> None:
    rig = Rig(
        nvml=Nvml(gpus=found((gpu(),))),
        torch=Torch(installed_version=found("2.5.1"), cuda_built_version=found("12.4")),
    )
    assert finding_of(rig, ID).verdict is Verdict.SKIP


def test_an_unknown_error_of_cuda_counts_alone() -> None:
    words = "CUDA unknown error - this may be due to an incorrectly set up environment"
    seen = (Symptom(name="cuda-unknown-error", text=words, source="line 9"),)
    assert finding_of(Rig(symptoms=Symptoms(seen=found(seen))), ID).verdict is Verdict.FAIL
    cpu = msgspec.structs.replace(torch("2.15.0+cpu", None, ()), cuda_built_version=not_there())
    assert finding_of(rtx_4090(torch=cpu), ID).verdict is Verdict.SKIP
