"""gpu-too-old and ptx-jit-slow-start."""

import msgspec

from rigcheck.facts import Nvml, Rig, Symptom, Symptoms, Torch
from rigcheck.findings import Verdict
from tests.rules.rigs import (
    CU132,
    finding_of,
    found,
    gpu,
    gtx_960,
    no_torch,
    nvml,
    rtx_4090,
    torch,
    v100,
    wrong_in,
)

TOO_OLD, PTX = "gpu-too-old", "ptx-jit-slow-start"


def symptom(name: str, text: str) -> Symptoms:
    return Symptoms(seen=found((Symptom(name=name, text=text, source="line 7"),)))


def partial(name: str, capability: str, version: str) -> Rig:
    """What a pasted report tells: a GPU and a version of torch."""
    return Rig(
        nvml=Nvml(gpus=found((gpu(name=name, capability=capability),))),
        torch=Torch(installed_version=found(version)),
    )


def test_a_kepler_card_that_no_wheel_in_the_tables_serves_is_too_old() -> None:
    rig = partial("Tesla K40m", "3.5", "1.4")
    finding = finding_of(rig, TOO_OLD)
    assert finding.verdict is Verdict.FAIL
    assert finding.remedy is not None
    assert "older" in finding.remedy.text


def test_a_k80_is_told_the_last_release_for_it() -> None:
    finding = finding_of(partial("Tesla K80", "3.7", "2.9.1"), TOO_OLD)
    assert finding.verdict is Verdict.FAIL
    assert "2.3.1" in finding.headline


def test_that_it_lacks_code_then_follows_from_its_age() -> None:
    rig = rtx_4090(nvml=nvml(gpu(name="Tesla K80", capability="3.7")))
    assert finding_of(rig, TOO_OLD).caused_by is None
    assert finding_of(rig, "gpu-arch-not-in-wheel").caused_by == TOO_OLD


def test_a_card_that_a_wheel_of_the_last_year_serves_is_not_too_old() -> None:
    rig = rtx_4090(nvml=nvml(gpu(name="NVIDIA GeForce GTX 1080 Ti", capability="6.1")))
    assert finding_of(rig, TOO_OLD).verdict is Verdict.PASS
    assert finding_of(rig, "gpu-arch-not-in-wheel").caused_by is None


def test_cards_on_which_the_installed_torch_runs_are_not_too_old() -> None:
    for rig in (gtx_960(), v100(), rtx_4090()):
        assert finding_of(rig, TOO_OLD).verdict is Verdict.PASS
    k80 = gtx_960(
        nvml=nvml(gpu(name="Tesla K80", capability="3.7"), version="470.256.02", cuda="11.4"),
        torch=torch("2.3.1+cu118", "11.8", ("sm_37", "sm_50")),
    )
    assert finding_of(k80, TOO_OLD).verdict is Verdict.PASS


def test_before_torch_is_there_it_is_a_warning() -> None:
    rig = rtx_4090(nvml=nvml(gpu(name="Tesla K80", capability="3.7")), torch=no_torch())
    assert finding_of(rig, TOO_OLD).verdict is Verdict.WARN


def test_a_gpu_newer_than_the_tables_is_not_called_old() -> None:
    rig = rtx_4090(nvml=nvml(gpu(name="GZ999", capability="17.0")), torch=no_torch())
    assert finding_of(rig, TOO_OLD).verdict is Verdict.SKIP


def test_ptx_alone_starts_slowly() -> None:
    rig = rtx_4090(torch=torch(codes=("sm_75", "compute_80")))
    finding = finding_of(rig, PTX)
    assert finding.verdict is Verdict.WARN
    assert finding.remedy is not None
    assert any("CUDA_CACHE_MAXSIZE" in command for command in finding.remedy.commands)


def test_machine_code_beside_the_ptx_does_not() -> None:
    rig = rtx_4090(torch=torch(codes=(*CU132, "compute_120")))
    assert finding_of(rig, PTX).verdict is Verdict.PASS
    assert PTX not in wrong_in(v100())


def test_tensorflow_says_itself_that_it_compiles() -> None:
    words = "CUDA kernels will be jit-compiled from PTX, which could take 30 minutes or longer."
    rig = rtx_4090(symptoms=symptom("ptx-jit", words))
    assert finding_of(rig, PTX).verdict is Verdict.WARN
    assert finding_of(msgspec.structs.replace(rig, symptoms=Symptoms()), PTX).verdict is (
        Verdict.PASS
    )
