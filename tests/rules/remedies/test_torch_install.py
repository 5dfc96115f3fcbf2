"""The torch for a machine, and what to do where none fits."""

import msgspec
import pytest

from rigcheck.facts import Pci, Rig
from rigcheck.findings import Remedy
from rigcheck.rules.gpus import known_gpus
from rigcheck.rules.remedies.torch_install import install_fitting_torch, serves_any
from tests.rules.rigs import (
    NO_LIBRARY,
    PYTHON,
    card,
    cpu_laptop,
    driver,
    found,
    gpu,
    gtx_960,
    host,
    no_driver,
    no_torch,
    nvml,
    nvml_refusing,
    python,
    rtx_4090,
    torch,
    two_unlike,
)

CU126 = "https://download.pytorch.org/whl/cu126"


def last_command(remedy: Remedy) -> str:
    return remedy.commands[-1]


def test_a_k80_with_a_python_too_new_gets_both_told() -> None:
    rig = rtx_4090(
        torch=no_torch(),
        driver=driver("470.256.02"),
        nvml=nvml(gpu(name="Tesla K80", capability="3.7"), version="470.256.02"),
        python=python(version=found("3.13.1")),
    )
    remedy = install_fitting_torch(rig)
    assert remedy.text.startswith("Python 3.13 is too new")
    assert remedy.commands[0] == "python3.11 -m venv ~/.venvs/torch"
    assert "torch==2.3.1" in last_command(remedy)
    assert remedy.verify.endswith("--python ~/.venvs/torch/bin/python")


def test_a_driver_older_than_every_wheel_is_replaced_first() -> None:
    rig = gtx_960(
        torch=no_torch(),
        driver=driver("390.157"),
        nvml=nvml(gpu(name="NVIDIA GeForce GTX 960", capability="5.2"), version="390.157"),
    )
    remedy = install_fitting_torch(rig)
    assert "driver 390.157" in remedy.text
    assert remedy.commands[1] == "sudo apt install nvidia-driver-580"
    assert last_command(remedy).endswith(CU126)


def test_a_driver_and_a_python_too_old_are_both_replaced() -> None:
    rig = gtx_960(
        torch=no_torch(),
        driver=driver("410.48"),
        nvml=nvml(gpu(name="NVIDIA TITAN Xp", capability="6.1"), version="410.48"),
        python=python(version=found("3.6.9")),
    )
    remedy = install_fitting_torch(rig)
    assert "driver 410.48; Python 3.6 is too old" in remedy.text
    assert "sudo apt install nvidia-driver-580" in remedy.commands
    assert "python3.10 -m venv ~/.venvs/torch" in remedy.commands
    assert last_command(remedy).endswith(CU126)


def test_without_a_driver_the_wheel_is_for_the_one_that_will_be_installed() -> None:
    # Debian 12 has driver 535, which runs CUDA 12.
    rig = rtx_4090(
        host=host(distribution_id=found("debian"), distribution_version=found("12")),
        torch=no_torch(),
        driver=no_driver(),
        nvml=nvml_refusing(NO_LIBRARY),
    )
    remedy = install_fitting_torch(rig)
    assert last_command(remedy).endswith(CU126)


def test_a_driver_that_is_installed_and_not_loaded_counts() -> None:
    rig = rtx_4090(
        torch=no_torch(),
        driver=msgspec.structs.replace(no_driver(), library_version=found("535.183.01")),
        nvml=nvml_refusing(NO_LIBRARY),
    )
    assert last_command(install_fitting_torch(rig)).endswith(CU126)


def test_a_c_library_too_old_for_the_gpu_is_told() -> None:
    rig = rtx_4090(
        torch=no_torch(),
        host=host(glibc_version=found("2.17")),
        nvml=nvml(gpu(name="NVIDIA GeForce RTX 5090", capability="12.0")),
    )
    remedy = install_fitting_torch(rig)
    assert "glibc 2.17" in remedy.text
    assert "2.28" in remedy.text
    assert remedy.commands == ()


def test_unlike_gpus_get_the_newest_for_one_of_them() -> None:
    rig = two_unlike(
        ("NVIDIA GeForce GTX 960", "5.2"),
        ("NVIDIA GeForce RTX 5090", "12.0"),
        torch=no_torch(),
    )
    remedy = install_fitting_torch(rig)
    assert remedy.commands == (
        f"{PYTHON} -m pip install torch==2.15.0 torchvision==0.29.2",
        "export CUDA_VISIBLE_DEVICES=GPU-1",
    )


def kepler(name: str, capability: str, version: str = "470.256.02") -> Rig:
    return rtx_4090(
        torch=no_torch(),
        nvml=nvml(gpu(name=name, capability=capability), version=version),
        driver=driver(version),
    )


def test_a_gpu_beyond_every_wheel_leaves_the_cpu() -> None:
    remedy = install_fitting_torch(kepler("NVIDIA GeForce GTX 680", "3.0"))
    assert "No published wheel known to rigcheck serves NVIDIA GeForce GTX 680 (3.0)" in remedy.text
    assert last_command(remedy).endswith("/whl/cpu")


def test_a_k40_is_told_of_the_conda_package_that_still_has_its_code() -> None:
    remedy = install_fitting_torch(kepler("Tesla K40m", "3.5"))
    (command,) = remedy.commands
    assert command.startswith("conda create -n torch -c pytorch python=3.10 pytorch==1.12.1")
    assert "cudatoolkit=10.2" in command
    assert "conda run -n torch" in remedy.verify


def test_a_conda_package_too_new_for_the_driver_is_not_advised() -> None:
    remedy = install_fitting_torch(kepler("Tesla K40m", "3.5", "390.157"))
    assert "conda" not in " ".join(remedy.commands)


def test_a_gpu_of_unknown_capability_waits_for_the_driver() -> None:
    rig = rtx_4090(
        torch=no_torch(),
        pci=Pci(nvidia_gpus=found((card(name="GZ999 [GeForce Tomorrow]"),))),
        driver=no_driver(),
        nvml=nvml_refusing(NO_LIBRARY),
    )
    remedy = install_fitting_torch(rig)
    assert "mend the driver first" in remedy.text
    assert remedy.commands == ()


def test_many_like_gpus_are_counted_and_not_listed() -> None:
    rig = rtx_4090(
        torch=no_torch(),
        pci=Pci(nvidia_gpus=found(())),
        nvml=nvml(*(gpu(i, bus_id=f"0000:{i:02x}:00.0") for i in range(8))),
    )
    assert "8× NVIDIA GeForce RTX 4090 (8.9)" in install_fitting_torch(rig).text


@pytest.mark.parametrize(
    ("installed", "removes"), [("2.15.0+cpu", True), ("2.15.0", True), ("2.13.0+cpu", False)]
)
def test_only_what_pip_would_take_for_the_same_is_removed_first(
    installed: str, removes: bool
) -> None:
    rig = rtx_4090(torch=torch(installed, None, ()))
    remedy = install_fitting_torch(rig)
    uninstalls = [c for c in remedy.commands if "uninstall" in c and " torch " in f"{c} "]
    assert bool(uninstalls) is removes


def test_a_machine_without_a_gpu_gets_the_cpu_wheel() -> None:
    assert last_command(install_fitting_torch(cpu_laptop(torch=no_torch()))).endswith("/whl/cpu")


@pytest.mark.parametrize(("capability", "served"), [("3.5", False), ("3.7", True), (None, True)])
def test_whether_any_wheel_serves_a_gpu_at_all(capability: str | None, served: bool) -> None:
    rig = rtx_4090(nvml=nvml(gpu(name="x", capability=capability)))
    assert serves_any(known_gpus(rig), "x86_64") is served
