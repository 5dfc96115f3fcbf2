"""cudnn-not-found and cudnn-version-mismatch."""

import msgspec
import pytest

from rigcheck.facts import Distribution, Rig, Symptom, Symptoms, Torch
from rigcheck.findings import Verdict
from tests.rules.rigs import PYTHON, finding_of, found, not_there, python, rtx_4090, torch

NOT_FOUND, MISMATCH = "cudnn-not-found", "cudnn-version-mismatch"


def met(name: str, text: str) -> Symptoms:
    return Symptoms(seen=found((Symptom(name=name, text=text, source="line 3 of the text"),)))


def installed(**packages: str) -> Rig:
    found_here = tuple(
        Distribution(name=name.replace("_", "-"), version=version)
        for name, version in packages.items()
    )
    return rtx_4090(
        python=python(distributions=found(found_here)),
        torch=msgspec.structs.replace(torch(), cudnn_version=found("9.1.0")),
    )


def test_another_library_that_cannot_load_cudnn_is_shown_torchs_copy() -> None:
    rig = msgspec.structs.replace(
        installed(nvidia_cudnn_cu12="9.1.0.70", ctranslate2="4.5.0"),
        symptoms=met("cudnn-not-found", "Unable to load any of {libcudnn_cnn.so.9.1.0, …}"),
    )
    finding = finding_of(rig, NOT_FOUND)
    assert finding.verdict is Verdict.FAIL
    assert finding.headline.endswith("libcudnn_cnn.so.9.1.0")
    assert finding.remedy is not None
    (command,) = finding.remedy.commands
    assert command.startswith(f"export LD_LIBRARY_PATH=$({PYTHON} -c 'import nvidia.cudnn")


def test_where_no_wheel_has_it_it_is_installed_in_the_major_asked_for() -> None:
    rig = rtx_4090(symptoms=met("cudnn-not-found", "Could not load library libcudnn_ops.so.8"))
    remedy = finding_of(rig, NOT_FOUND).remedy
    assert remedy is not None
    assert remedy.commands[0] == f"{PYTHON} -m pip install 'nvidia-cudnn-cu13==8.*'"


def test_a_torch_for_cuda_without_cudnn_is_told() -> None:
    rig = rtx_4090(torch=msgspec.structs.replace(torch(), cudnn_version=not_there()))
    assert finding_of(rig, NOT_FOUND).verdict is Verdict.WARN


def test_a_torch_that_has_it_or_is_for_the_cpu_is_not() -> None:
    assert finding_of(installed(), NOT_FOUND).verdict is Verdict.PASS
    cpu = msgspec.structs.replace(torch("2.15.0+cpu", None, ()), cudnn_version=not_there())
    assert finding_of(rtx_4090(torch=cpu), NOT_FOUND).verdict is Verdict.SKIP


@pytest.mark.parametrize(
    "words",
    [
        "Loaded runtime CuDNN library: 9.1.0 but source was compiled with: 9.3.0",
        "RuntimeError: Outdated cuDNN installation found.",
    ],
)
def test_what_a_framework_says_of_its_cudnn_is_believed(words: str) -> None:
    assert finding_of(rtx_4090(symptoms=met("cudnn-version", words)), MISMATCH).verdict is (
        Verdict.FAIL
    )


def test_a_cudnn_that_torch_pins_may_be_too_old_for_tensorflow() -> None:
    rig = installed(nvidia_cudnn_cu12="9.1.0.70", tensorflow="2.20.0")
    finding = finding_of(rig, MISMATCH)
    assert (finding.verdict, finding.subject) == (Verdict.WARN, "tensorflow")


@pytest.mark.parametrize(
    "packages",
    [
        {"nvidia_cudnn_cu12": "9.10.2.21", "tensorflow": "2.20.0"},
        {"nvidia_cudnn_cu12": "9.1.0.70", "jax": "0.7.1"},  # without its CUDA plugin
        {"nvidia_cudnn_cu12": "9.1.0.70"},
    ],
)
def test_a_later_minor_of_the_same_major_serves(packages: dict[str, str]) -> None:
    assert finding_of(installed(**packages), MISMATCH).verdict is Verdict.PASS


def test_jax_with_its_plugin_has_a_floor_too() -> None:
    rig = installed(nvidia_cudnn_cu12="9.1.0.70", jax="0.7.1", jax_cuda12_plugin="0.7.1")
    assert finding_of(rig, MISMATCH).subject == "jax"


def test_a_report_that_says_nothing_of_cudnn_is_left_alone() -> None:
    rig = Rig(torch=Torch(installed_version=found("2.5.1")))
    assert finding_of(rig, MISMATCH).verdict is Verdict.SKIP
    assert finding_of(rig, NOT_FOUND).verdict is Verdict.SKIP
