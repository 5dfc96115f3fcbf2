"""nvcc-torch-cuda-mismatch and extension-built-for-other-arch."""

import msgspec
import pytest

from rigcheck.facts import (
    CudaCopy,
    Distribution,
    Environment,
    Extension,
    Frameworks,
    Nvml,
    Pci,
    Rig,
    Symptom,
    Symptoms,
    Toolkit,
    Torch,
)
from rigcheck.findings import Verdict
from tests.rules.rigs import (
    card,
    finding_of,
    found,
    gpu,
    not_there,
    nvml,
    python,
    rtx_4090,
    torch,
    wrong_in,
)

NVCC, ARCH = "nvcc-torch-cuda-mismatch", "extension-built-for-other-arch"


def met(name: str, text: str) -> Symptoms:
    return Symptoms(seen=found((Symptom(name=name, text=text, source="line 3 of the text"),)))


def with_nvcc(version: str, building: str | None = None, **environment: str) -> Rig:
    return rtx_4090(
        toolkit=Toolkit(
            nvcc_version=found(version),
            cuda_copies=found((CudaCopy(path="/opt/cuda-13.2", version=found("13.2")),)),
            building=found(building) if building else not_there(),
        ),
        environment=Environment(**{name: found(value) for name, value in environment.items()}),
    )


@pytest.mark.parametrize(
    "rig",
    [
        with_nvcc("12.2", "vllm"),
        with_nvcc("10.1.243", torch_cuda_arch_list="8.9"),
        with_nvcc("12.2"),
    ],
)
def test_another_major_counts_where_something_is_built(rig: Rig) -> None:
    builds = rig.toolkit.building != not_there() or rig.environment != Environment()
    finding = finding_of(rig, NVCC)
    assert finding.verdict is (Verdict.WARN if builds else Verdict.PASS)


def test_the_remedy_is_the_toolkit_of_torchs_cuda() -> None:
    remedy = finding_of(with_nvcc("12.2", "vllm"), NVCC).remedy
    assert remedy is not None
    assert remedy.commands[0] == "export CUDA_HOME=/opt/cuda-13.2"


def test_another_minor_builds() -> None:
    assert finding_of(with_nvcc("13.0.88", "vllm"), NVCC).verdict is Verdict.PASS


def test_no_nvcc_is_no_fault() -> None:
    rig = rtx_4090(toolkit=Toolkit(nvcc_version=not_there()))
    assert finding_of(rig, NVCC).verdict is Verdict.SKIP


def test_what_the_build_says_counts_without_any_other_fact() -> None:
    words = "The detected CUDA version (12.2) mismatches the version that was used to compile"
    rig = Rig(symptoms=met("nvcc-mismatch", words))
    assert finding_of(rig, NVCC).verdict is Verdict.WARN


def test_an_extension_without_code_for_the_gpu_is_told() -> None:
    rig = Rig(
        nvml=Nvml(gpus=found((gpu(name="GeForce GTX TITAN X", capability="5.2"),))),
        torch=Torch(installed_version=found("1.5.0"), cuda_available=found(True)),
        frameworks=Frameworks(
            extensions=found((Extension(name="detectron2", arch_list=found(("sm_75",))),))
        ),
    )
    finding = finding_of(rig, ARCH)
    assert (finding.verdict, finding.subject) == (Verdict.FAIL, "detectron2")
    assert finding.remedy is not None
    assert finding.remedy.commands[0] == 'export TORCH_CUDA_ARCH_LIST="5.2"'


def test_one_that_has_the_code_is_right() -> None:
    code = Extension(name="detectron2", arch_list=found(("sm_86", "compute_75")))
    rig = rtx_4090(frameworks=Frameworks(extensions=found((code,))))
    assert finding_of(rig, ARCH).verdict is Verdict.PASS


def p100(*packages: tuple[str, str], **parts: Symptoms) -> Rig:
    distributions = tuple(Distribution(name=n, version=v) for n, v in packages)
    return rtx_4090(
        nvml=nvml(gpu(name="Tesla P100-PCIE-16GB", capability="6.0")),
        torch=torch("2.3.1+cu121", "12.1", ("sm_50", "sm_60", "sm_70", "sm_80", "sm_90")),
        python=python(distributions=found(distributions)),
        **parts,
    )


def test_vllm_on_a_pascal_card_lacks_code_though_torch_runs() -> None:
    rig = p100(("vllm", "0.6.1"), symptoms=met("no-kernel-image", "no kernel image is available"))
    finding = finding_of(rig, ARCH)
    assert (finding.verdict, finding.subject) == (Verdict.FAIL, "vllm")
    assert finding.remedy is not None
    assert "7.0" in finding.remedy.text
    assert "gpu-arch-not-in-wheel" not in wrong_in(rig)


def test_the_error_where_torch_has_all_the_code_is_some_extensions() -> None:
    rig = p100(symptoms=met("no-kernel-image", "no kernel image is available"))
    assert finding_of(rig, ARCH).subject == "an extension"
    assert ARCH not in wrong_in(p100())


def test_the_error_where_torch_lacks_the_code_is_torchs() -> None:
    rig = rtx_4090(
        pci=Pci(nvidia_gpus=found((card(name="GP102 [GeForce GTX 1080 Ti]"),))),
        nvml=nvml(gpu(name="NVIDIA GeForce GTX 1080 Ti", capability="6.1")),
        symptoms=met("no-kernel-image", "no kernel image is available"),
    )
    assert wrong_in(rig) == ["gpu-arch-not-in-wheel"]


def test_the_error_beside_a_torch_that_no_table_knows_is_taken_for_torchs() -> None:
    rig = Rig(
        nvml=Nvml(gpus=found((gpu(name="NVIDIA GeForce RTX 3090", capability="8.6"),))),
        torch=Torch(installed_version=found("1.7.0")),
        symptoms=met("no-kernel-image", "no kernel image is available"),
    )
    finding = finding_of(rig, "gpu-arch-not-in-wheel")
    assert finding.verdict is Verdict.FAIL
    assert finding.remedy is not None
    assert "cu110" in finding.remedy.text


def test_a_card_new_enough_for_the_extension_is_right() -> None:
    packages = (Distribution(name="vllm", version="0.6.1"),)
    rig = rtx_4090(python=python(distributions=found(packages)))
    assert finding_of(rig, ARCH).verdict is not Verdict.FAIL
    assert finding_of(msgspec.structs.replace(rig, symptoms=Symptoms()), ARCH).remedy is None
