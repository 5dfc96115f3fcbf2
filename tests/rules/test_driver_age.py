"""driver-too-old."""

import msgspec
import pytest

from rigcheck.facts import Failed, Pci, Rig, Torch
from rigcheck.findings import Verdict
from tests.rules.rigs import (
    CU126,
    CU132,
    NO_LIBRARY,
    cpu_laptop,
    driver,
    finding_of,
    found,
    gpu,
    gtx_960,
    host,
    no_driver,
    not_there,
    nvml,
    nvml_refusing,
    rtx_4090,
    torch,
    v100,
    wrong_in,
)

ID = "driver-too-old"
TOO_OLD = Failed(
    "RuntimeError: The NVIDIA driver on your system is too old (found version 12020). Please "
    "update your GPU driver",
    "torch.cuda.init()",
)


def unasked(version: str, cuda: str) -> Torch:
    """A torch whose CUDA was not tried."""
    return msgspec.structs.replace(
        torch(version, cuda, CU126), cuda_available=Failed("not tried", "x")
    )


def on_driver(version: str, torch_: Torch, cuda: str = "12.2") -> Rig:
    return rtx_4090(
        driver=driver(version), nvml=nvml(gpu(), version=version, cuda=cuda), torch=torch_
    )


@pytest.mark.parametrize(
    ("version", "cuda", "driver_version"),
    [
        ("2.15.0+cu132", "13.2", "575.57.08"),
        ("2.15.0+cu132", "13.2", "580.65.05"),
        ("2.14.1+cu126", "12.6", "470.256.02"),
        ("2.14.1+cu126", "12.6", "525.60.12"),
        ("2.6.0+cu118", "11.8", "450.51.06"),
        ("1.7.1", "10.2", "435.21"),
    ],
)
def test_a_driver_below_the_floor_of_its_cuda_is_too_old(
    version: str, cuda: str, driver_version: str
) -> None:
    finding = finding_of(on_driver(driver_version, unasked(version, cuda)), ID)
    assert finding.verdict is Verdict.FAIL
    assert driver_version in finding.headline
    assert any("floor" in e.text for e in finding.evidence)


@pytest.mark.parametrize(
    ("version", "cuda", "driver_version"),
    [
        ("2.15.0+cu132", "13.2", "580.65.06"),  # the toolkit itself came with 595
        ("2.11.0+cu128", "12.8", "535.183.01"),  # nvidia-smi says CUDA 12.2
        ("2.14.1+cu126", "12.6", "525.60.13"),
        ("2.6.0+cu118", "11.8", "470.256.02"),
        ("1.11.0+cu113", "11.3", "460.32.03"),
        ("2.6.0+cu118", "11.8", "610.43.02"),  # no upper bound
    ],
)
def test_minor_version_compatibility_counts(version: str, cuda: str, driver_version: str) -> None:
    finding = finding_of(on_driver(driver_version, unasked(version, cuda)), ID)
    assert finding.verdict is Verdict.PASS


def test_of_the_v100_on_driver_470_only_the_branch_is_old() -> None:
    assert wrong_in(v100()) == ["driver-branch-end-of-life"]


def test_what_is_seen_to_work_beats_the_table() -> None:
    works = torch("2.15.0+cu132", "13.2", CU132)
    assert finding_of(on_driver("570.86.16", works), ID).verdict is Verdict.PASS


def test_torchs_own_words_need_no_table_and_no_driver_version() -> None:
    rig = Rig(
        torch=Torch(
            installed_version=found("2.9.0"),
            version=found("2.9.0+cu130"),
            cuda_built_version=found("13.0"),
            cuda_available=TOO_OLD,
        )
    )
    finding = finding_of(rig, ID)
    assert finding.verdict is Verdict.FAIL
    assert finding.remedy is not None
    assert "580.65.06" in finding.remedy.text


def test_both_ways_are_told_and_the_one_of_less_risk_is_first() -> None:
    rig = on_driver("535.183.01", msgspec.structs.replace(torch(), cuda_available=TOO_OLD))
    finding = finding_of(rig, ID)
    assert finding.remedy is not None
    (command,) = finding.remedy.commands
    assert command == (
        "/home/ada/venv/bin/python -m pip install torch==2.14.1 torchvision==0.29.1 "
        "--index-url https://download.pytorch.org/whl/cu126"
    )
    assert "newer driver" in finding.remedy.text
    assert "sudo apt install nvidia-driver-580-open" in finding.remedy.text


def test_a_wheel_without_code_for_the_gpu_is_the_deeper_cause() -> None:
    rig = gtx_960(
        driver=driver("535.183.01"),
        nvml=nvml(gpu(name="NVIDIA GeForce GTX 960", capability="5.2"), version="535.183.01"),
        torch=msgspec.structs.replace(torch(), cuda_available=TOO_OLD),
    )
    assert finding_of(rig, ID).caused_by == "gpu-arch-not-in-wheel"


def test_under_wsl_the_drivers_number_is_windows() -> None:
    # 527.41 is Windows' floor of CUDA 12, 525.60.13 that of Linux.
    wsl = host(wsl_version=found(2))
    rig = rtx_4090(host=wsl, nvml=nvml(gpu(), version="526.98"), torch=unasked("2.14.1", "12.6"))
    assert finding_of(rig, ID).verdict is Verdict.FAIL
    rig = rtx_4090(host=wsl, nvml=nvml(gpu(), version="527.41"), torch=unasked("2.14.1", "12.6"))
    assert finding_of(rig, ID).verdict is Verdict.PASS


def test_a_cuda_newer_than_the_tables_is_unknown() -> None:
    finding = finding_of(on_driver("700.10", unasked("3.4.0+cu150", "15.0")), ID)
    assert finding.verdict is Verdict.UNKNOWN


def test_without_a_driver_or_a_gpu_or_cuda_it_does_not_apply() -> None:
    no_module = rtx_4090(
        driver=no_driver(), nvml=nvml_refusing(NO_LIBRARY), torch=unasked("2.14.1", "12.6")
    )
    assert finding_of(no_module, ID).verdict is Verdict.SKIP
    assert finding_of(cpu_laptop(), ID).verdict is Verdict.SKIP
    no_gpu = cpu_laptop(torch=unasked("2.14.1+cu126", "12.6"))
    assert finding_of(no_gpu, ID).verdict is Verdict.SKIP


def test_a_torch_that_cannot_be_imported_leaves_it_open() -> None:
    broken = Failed("ImportError: libcudart.so.13: cannot open shared object file", "x")
    rig = rtx_4090(
        torch=Torch(
            installed_version=found("2.15.0"),
            version=broken,
            cuda_built_version=broken,
            cuda_available=broken,
            torchvision_installed_version=not_there(),
        )
    )
    assert finding_of(rig, ID).verdict is Verdict.UNKNOWN


def test_the_complaint_counts_where_torchs_cuda_is_not_known() -> None:
    words = "The NVIDIA driver on your system is too old (found version 10010)"
    rig = Rig(
        nvml=nvml(version="435.21", cuda="10.1"),
        torch=Torch(installed_version=found("1.7.1"), cuda_available=Failed(words, "x")),
    )
    finding = finding_of(rig, ID)
    assert finding.verdict is Verdict.FAIL
    assert finding.headline == "driver 435.21 is too old for torch 1.7.1"


def test_what_minor_version_compatibility_costs_is_told() -> None:
    finding = finding_of(on_driver("535.183.01", unasked("2.11.0+cu128", "12.8")), ID)
    assert finding.verdict is Verdict.PASS
    assert any("CUDA 12.8.0 came with driver 570.26" in e.text for e in finding.evidence)
    newer = finding_of(on_driver("580.95.05", unasked("2.11.0+cu128", "12.8")), ID)
    assert not any("came with" in e.text for e in newer.evidence)


@pytest.mark.parametrize(("name", "offered"), [("NVIDIA H100 PCIe", True), ("GeForce X", False)])
def test_only_data_centre_gpus_hear_of_forward_compatibility(name: str, offered: bool) -> None:
    rig = rtx_4090(
        pci=Pci(nvidia_gpus=found(())),
        driver=driver("535.183.01"),
        nvml=nvml(gpu(name=name, capability="9.0"), version="535.183.01", cuda="12.2"),
        torch=unasked("2.15.0+cu132", "13.2"),
    )
    remedy = finding_of(rig, ID).remedy
    assert remedy is not None
    assert ("cuda-compat-13-2" in remedy.text) is offered
