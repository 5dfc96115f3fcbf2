"""gpu-arch-not-in-wheel and cpu-only-wheel."""

import msgspec
import pytest

from rigcheck.facts import Failed, Gpu, Host, Nvml, Pci, Rig, Torch
from rigcheck.findings import Verdict
from tests.rules.rigs import (
    CU126,
    NO_LIBRARY,
    card,
    cpu_laptop,
    driver,
    finding_of,
    findings_of,
    found,
    gpu,
    gtx_960,
    host,
    no_torch,
    not_there,
    nvml,
    nvml_refusing,
    rtx_4090,
    torch,
    torch_device,
    two_unlike,
    v100,
    wrong_in,
)

ARCH, CPU_ONLY = "gpu-arch-not-in-wheel", "cpu-only-wheel"
CU126_COMMAND = (
    "/home/ada/venv/bin/python -m pip install torch==2.14.1 torchvision==0.29.1 "
    "--index-url https://download.pytorch.org/whl/cu126"
)


def test_a_gtx_960_under_the_current_wheel_gets_the_last_one_with_its_code() -> None:
    rig = gtx_960(torch=torch())
    finding = finding_of(rig, ARCH)
    assert finding.verdict is Verdict.FAIL
    assert finding.headline == "torch 2.15.0+cu132 has no code for NVIDIA GeForce GTX 960 (5.2)"
    assert finding.subject == "GPU 0"
    assert finding.remedy is not None
    assert finding.remedy.commands == (CU126_COMMAND,)
    assert finding.remedy.verify.startswith("rigcheck check --only torch")
    assert wrong_in(rig) == [ARCH]


def test_that_wheel_serves_it() -> None:
    assert wrong_in(gtx_960()) == []


def test_an_rtx_4090_runs_the_code_of_sm_86() -> None:
    finding = finding_of(rtx_4090(), ARCH)
    assert finding.verdict is Verdict.PASS
    assert finding.headline == "sm_86 code in torch runs on NVIDIA GeForce RTX 4090 (8.9)"
    assert wrong_in(rtx_4090()) == []


def test_an_rtx_5090_under_a_cuda_12_6_wheel_needs_a_newer_one() -> None:
    rig = rtx_4090(
        nvml=nvml(gpu(name="NVIDIA GeForce RTX 5090", capability="12.0"), version="570.86.16"),
        driver=driver("570.86.16"),
        torch=torch("2.6.0+cu126", "12.6", CU126),
    )
    finding = finding_of(rig, ARCH)
    assert finding.verdict is Verdict.FAIL
    assert finding.remedy is not None
    (command,) = finding.remedy.commands
    assert command == (
        "/home/ada/venv/bin/python -m pip install torch==2.11.0 torchvision==0.26.0 "
        "--index-url https://download.pytorch.org/whl/cu128"
    )


def test_a_v100_on_driver_470_hears_both_ways() -> None:
    finding = finding_of(v100(torch=torch()), ARCH)
    assert finding.remedy is not None
    assert "torch==2.6.0" in finding.remedy.commands[0]
    assert "Better is a newer driver" in finding.remedy.text
    assert "would allow torch 2.14.1" in finding.remedy.text


def test_each_gpu_is_judged_and_one_wheel_serves_all() -> None:
    rig = two_unlike(
        ("NVIDIA GeForce GTX 1080 Ti", "6.1"),
        ("Tesla P100-PCIE-16GB", "6.0"),
        torch=torch("2.7.0+cu128", "12.8", ("sm_75", "sm_120", "compute_120")),
    )
    findings = findings_of(rig, ARCH)
    assert [f.subject for f in findings] == ["GPU 0", "GPU 1"]
    assert {f.verdict for f in findings} == {Verdict.FAIL}
    assert all(f.remedy and f.remedy.commands == (CU126_COMMAND,) for f in findings)


def test_unlike_gpus_that_no_wheel_serves_are_told_apart_by_uuid() -> None:
    rig = two_unlike(("NVIDIA GeForce GTX 960", "5.2"), ("NVIDIA GeForce RTX 5090", "12.0"))
    bad, good = findings_of(rig, ARCH)
    assert (bad.verdict, good.verdict) == (Verdict.FAIL, Verdict.PASS)
    assert bad.remedy is not None
    # The installed wheel is the newest for the other GPU already.
    assert bad.remedy.commands == ("export CUDA_VISIBLE_DEVICES=GPU-1",)


def test_a_gpu_kept_out_of_sight_is_not_judged() -> None:
    rig = two_unlike(
        ("NVIDIA GeForce GTX 960", "5.2"),
        ("NVIDIA GeForce RTX 5090", "12.0"),
        torch=msgspec.structs.replace(
            torch(), devices=found((torch_device("0000:41:00.0", "12.0"),))
        ),
    )
    assert {f.verdict for f in findings_of(rig, ARCH)} == {Verdict.PASS, Verdict.SKIP}
    assert wrong_in(rig) == []


def test_ptx_alone_passes_and_is_said_to_start_slowly() -> None:
    rig = rtx_4090(
        nvml=nvml(gpu(name="NVIDIA GB999", capability="13.0"), cuda="13.4"),
        torch=torch("2.12.0+cu130", "13.0", ("sm_90", "sm_120", "compute_120")),
    )
    finding = finding_of(rig, ARCH)
    assert finding.verdict is Verdict.PASS
    assert "minutes" in finding.headline


def test_ptx_newer_than_the_driver_is_no_code() -> None:
    rig = rtx_4090(
        nvml=nvml(gpu(name="NVIDIA GB999", capability="13.0"), cuda="13.0"),
        torch=torch("2.12.0+cu132", "13.2", ("sm_90", "sm_120", "compute_120")),
    )
    finding = finding_of(rig, ARCH)
    assert finding.verdict is Verdict.FAIL
    assert "compute_120" in finding.headline


def test_without_a_driver_the_name_on_the_bus_is_enough() -> None:
    rig = gtx_960(
        pci=Pci(nvidia_gpus=found((card(name="GM206 [GeForce GTX 960]"),))),
        nvml=nvml_refusing(NO_LIBRARY),
        torch=torch(),
    )
    finding = finding_of(rig, ARCH)
    assert finding.verdict is Verdict.FAIL
    assert any("name" in e.source for e in finding.evidence)


def test_a_gpu_of_unknown_capability_is_unknown() -> None:
    rig = rtx_4090(nvml=nvml(gpu(name="NVIDIA Tomorrow", capability=None)))
    finding = finding_of(rig, ARCH)
    assert finding.verdict is Verdict.UNKNOWN
    assert finding.remedy is not None
    assert finding.remedy.commands


def test_a_torch_that_cannot_be_imported_is_judged_by_the_table() -> None:
    broken = Failed("ImportError: libcudart.so.13", "import torch")
    rig = gtx_960(
        torch=Torch(
            installed_version=found("2.15.0"),
            version=broken,
            cuda_built_version=broken,
            arch_list=broken,
            hip_built_version=broken,
            devices=broken,
        )
    )
    finding = finding_of(rig, ARCH)
    assert finding.verdict is Verdict.FAIL
    assert any("read 2026" in e.source for e in finding.evidence)


def test_a_release_that_is_in_no_table_and_cannot_be_imported_is_unknown() -> None:
    broken = Failed("ImportError: libcudart.so.15", "import torch")
    rig = gtx_960(torch=Torch(installed_version=found("4.0.0"), version=broken, arch_list=broken))
    assert finding_of(rig, ARCH).verdict is Verdict.UNKNOWN


def test_an_orin_needs_nvidias_own_build() -> None:
    rig = rtx_4090(
        host=host(kernel_release=found("5.15.148-tegra"), architecture=found("aarch64")),
        nvml=nvml(gpu(name="Orin (nvgpu)", capability="8.7"), version="540.4.0"),
        torch=torch("2.9.0+cu126", "12.6", ("sm_80", "sm_90")),
    )
    finding = finding_of(rig, ARCH)
    assert finding.verdict is Verdict.FAIL
    assert finding.remedy is not None
    assert "Jetson" in finding.remedy.text


@pytest.mark.parametrize("rig", [cpu_laptop(), rtx_4090(torch=no_torch())])
def test_without_a_gpu_or_torch_there_is_no_code_to_judge(rig: Rig) -> None:
    assert finding_of(rig, ARCH).verdict is Verdict.SKIP


def test_rocm_code_is_not_judged_by_cudas_rules() -> None:
    rocm = msgspec.structs.replace(
        torch("2.15.0+rocm7.2", None, ("gfx90a",)), hip_built_version=found("7.2")
    )
    assert finding_of(rtx_4090(torch=rocm), ARCH).verdict is Verdict.SKIP


def test_a_cpu_wheel_beside_a_gpu_is_replaced_and_first_taken_out() -> None:
    rig = rtx_4090(torch=torch("2.15.0+cpu", None, ()))
    finding = finding_of(rig, CPU_ONLY)
    assert finding.verdict is Verdict.FAIL
    assert finding.remedy is not None
    # pip takes 2.15.0+cpu for torch==2.15.0 and would change nothing.
    assert finding.remedy.commands == (
        "/home/ada/venv/bin/python -m pip uninstall -y torch torchvision",
        "/home/ada/venv/bin/python -m pip install torch==2.15.0 torchvision==0.29.2",
    )
    assert wrong_in(rig) == [CPU_ONLY]


def test_a_wheel_without_cuda_in_its_name_or_itself_is_found_out() -> None:
    rig = rtx_4090(torch=torch("2.5.1", None, ()))
    assert finding_of(rig, CPU_ONLY).verdict is Verdict.FAIL


def test_a_gb10_is_told_of_a_wheel_for_aarch64() -> None:
    rig = rtx_4090(
        host=host(architecture=found("aarch64")),
        nvml=nvml(gpu(name="NVIDIA GB10", capability="12.1")),
        torch=torch("2.8.0+cpu", None, ()),
    )
    finding = finding_of(rig, CPU_ONLY)
    assert finding.remedy is not None
    assert "aarch64" in finding.remedy.text
    assert "torch==2.15.0" in finding.remedy.commands[-1]


def test_on_windows_pypi_has_no_cuda_wheel() -> None:
    rig = rtx_4090(
        host=host(system=found("Windows"), glibc_version=not_there()),
        nvml=nvml(gpu(), version="537.58", cuda="12.2"),
        driver=driver("537.58"),
        torch=torch("2.14.1+cpu", None, ()),
    )
    finding = finding_of(rig, CPU_ONLY)
    assert finding.remedy is not None
    assert finding.remedy.commands[-1].endswith(
        "--index-url https://download.pytorch.org/whl/cu126"
    )


@pytest.mark.parametrize(
    ("rig", "verdict"),
    [
        (cpu_laptop(), Verdict.SKIP),
        (rtx_4090(), Verdict.PASS),
        (rtx_4090(torch=no_torch()), Verdict.SKIP),
    ],
)
def test_a_cpu_wheel_is_wrong_only_beside_a_gpu(rig: Rig, verdict: Verdict) -> None:
    assert finding_of(rig, CPU_ONLY).verdict is verdict


def test_a_cpu_wheel_beside_a_gpu_that_no_wheel_serves_is_right() -> None:
    rig = rtx_4090(
        nvml=nvml(gpu(name="Tesla K40m", capability="3.5"), version="470.256.02"),
        torch=torch("2.15.0+cpu", None, ()),
    )
    assert finding_of(rig, CPU_ONLY).verdict is Verdict.PASS


def test_a_gpu_that_no_wheel_serves_is_told_so() -> None:
    rig = rtx_4090(nvml=nvml(gpu(name="GeForce GTX 680", capability="3.0"), version="470.256.02"))
    finding = finding_of(rig, ARCH)
    assert finding.remedy is not None
    assert "No published wheel" in finding.remedy.text
    assert "No torch for a CUDA before" not in finding.remedy.text
    assert finding.remedy.commands == ()


def test_a_container_that_was_given_no_gpu_has_the_right_wheel() -> None:
    rig = rtx_4090(
        host=host(container=found("kubernetes")),
        driver=driver(library_version=not_there()),
        nvml=nvml_refusing(NO_LIBRARY),
        torch=torch("2.15.0+cpu", None, ()),
    )
    assert finding_of(rig, CPU_ONLY).verdict is Verdict.SKIP
    assert wrong_in(rig) == []


def test_a_container_that_was_given_one_has_not() -> None:
    rig = rtx_4090(host=host(container=found("docker")), torch=torch("2.15.0+cpu", None, ()))
    assert finding_of(rig, CPU_ONLY).verdict is Verdict.FAIL


def test_a_cpu_wheel_on_a_windows_of_which_only_the_drivers_cuda_is_known() -> None:
    rig = Rig(
        host=Host(system=found("Windows")),
        nvml=Nvml(cuda_version=found("12.2")),
        torch=Torch(installed_version=found("2.4.0+cpu"), cuda_built_version=not_there()),
    )
    finding = finding_of(rig, "cpu-only-wheel")
    assert finding.verdict is Verdict.FAIL
    assert finding.remedy is not None
    (command,) = finding.remedy.commands
    # Minor-version compatibility: a driver for CUDA 12.2 runs every CUDA 12, and no CUDA 13.
    assert "--index-url https://download.pytorch.org/whl/cu12" in command


def test_a_cpu_wheel_on_a_jetson_is_wrong_though_no_published_wheel_serves_it() -> None:
    rig = Rig(
        host=Host(kernel_release=found("4.9.140-tegra"), architecture=found("aarch64")),
        nvml=Nvml(gpus=found((Gpu(index=0, name=found("Jetson Nano")),))),
        torch=Torch(installed_version=found("1.6.0"), cuda_built_version=not_there()),
    )
    finding = finding_of(rig, "cpu-only-wheel")
    assert finding.verdict is Verdict.FAIL
    assert finding.remedy is not None
    assert "Jetson" in finding.remedy.text
