"""framework-sees-no-gpu."""

import pytest

from rigcheck.facts import Fact, Failed, Framework, Frameworks, Rig, Symptom, Symptoms
from rigcheck.findings import Verdict
from tests.rules.rigs import (
    PYTHON,
    cpu_laptop,
    driver,
    finding_of,
    found,
    gpu,
    nvml,
    rtx_4090,
)

ID = "framework-sees-no-gpu"


def installed(name: str, sees: Fact[bool] | None = None, version: str = "1.0") -> Frameworks:
    framework = Framework(name=name, version=found(version))
    if sees is not None:
        framework = Framework(name=name, version=found(version), sees_gpu=sees)
    return Frameworks(installed=found((framework,)))


def test_tensorflow_that_goes_on_with_the_cpu_is_told() -> None:
    rig = rtx_4090(frameworks=installed("tensorflow", found(False), "2.20.0"))
    finding = finding_of(rig, ID)
    assert (finding.verdict, finding.subject) == (Verdict.WARN, "tensorflow")
    assert finding.remedy is not None
    assert finding.remedy.commands == (f"{PYTHON} -m pip install 'tensorflow[and-cuda]'",)


def test_jax_is_given_the_build_that_this_driver_runs() -> None:
    sees = Failed("CUDA-enabled jaxlib is not installed", "jax.devices()")
    new = finding_of(rtx_4090(frameworks=installed("jax", sees)), ID)
    assert new.remedy is not None
    assert "'jax[cuda13]'" in new.remedy.commands[0]
    old = rtx_4090(
        frameworks=installed("jax", found(False)),
        driver=driver("535.183.01"),
        nvml=nvml(gpu(), version="535.183.01", cuda="12.2"),
    )
    remedy = finding_of(old, ID).remedy
    assert remedy is not None
    assert "'jax[cuda12]'" in remedy.commands[0]


def test_a_maxwell_card_gets_no_tensorflow_wheel() -> None:
    rig = rtx_4090(
        frameworks=installed("tensorflow", found(False)),
        nvml=nvml(gpu(name="NVIDIA GeForce GTX 960", capability="5.2")),
    )
    finding = finding_of(rig, ID)
    assert finding.remedy is not None
    assert finding.remedy.commands == ()
    assert "No wheel of tensorflow" in finding.remedy.text


def test_who_sees_the_gpu_beside_it_is_told() -> None:
    rig = rtx_4090(frameworks=installed("tensorflow", found(False), "2.20.0"))
    assert finding_of(rig, ID).evidence[2].text == "see a GPU: torch"


def test_each_backend_of_keras_is_a_subject_of_its_own() -> None:
    framework = Framework(name="keras", backend=found("jax"), sees_gpu=found(True))
    rig = rtx_4090(frameworks=Frameworks(installed=found((framework,))))
    finding = finding_of(rig, ID)
    assert (finding.verdict, finding.subject) == (Verdict.PASS, "keras on jax")


def test_one_that_sees_it_passes() -> None:
    rig = rtx_4090(frameworks=installed("tensorflow", found(True)))
    assert finding_of(rig, ID).verdict is Verdict.PASS


@pytest.mark.parametrize("name", ["pytensor", "onnxruntime", "keras"])
def test_what_has_no_gpu_half_is_no_fault(name: str) -> None:
    rig = rtx_4090(frameworks=installed(name, found(False)))
    assert finding_of(rig, ID).verdict is Verdict.SKIP


def test_one_that_was_not_asked_or_a_machine_without_a_gpu_is_skipped() -> None:
    assert finding_of(rtx_4090(frameworks=installed("jax")), ID).verdict is Verdict.SKIP
    rig = cpu_laptop(frameworks=installed("jax", found(False)))
    assert finding_of(rig, ID).verdict is Verdict.SKIP
    assert finding_of(rtx_4090(), ID).verdict is Verdict.SKIP


def test_its_words_in_a_log_count_alone() -> None:
    words = "Cannot dlopen some GPU libraries. Please make sure the missing libraries …"
    seen = (Symptom(name="tensorflow-without-libraries", text=words, source="line 4"),)
    finding = finding_of(Rig(symptoms=Symptoms(seen=found(seen))), ID)
    assert (finding.verdict, finding.subject) == (Verdict.WARN, "tensorflow")
