"""Remedies as told to whole machines: the command for each kind of interpreter, and both ways."""

import msgspec
import pytest

from rigcheck.facts import Failed, Pci, Rig
from rigcheck.rules.remedies.torch_install import install_fitting_torch
from tests.rules.rigs import (
    PYTHON,
    card,
    driver,
    finding_of,
    found,
    gpu,
    gtx_960,
    host,
    no_torch,
    nvml,
    python,
    rtx_4090,
    torch,
)

PAIR = "torch==2.14.1 torchvision==0.29.1 --index-url https://download.pytorch.org/whl/cu126"


@pytest.mark.parametrize(
    ("facts", "commands"),
    [
        ({}, (f"{PYTHON} -m pip install {PAIR}",)),
        ({"environment": found("uv"), "has_pip": found(False)},
         (f"uv pip install --python {PYTHON} {PAIR}",)),
        ({"environment": found("conda"), "prefix": found("/opt/conda/envs/dl"),
          "executable": found("/opt/conda/envs/dl/bin/python")},
         (f"/opt/conda/envs/dl/bin/python -m pip install {PAIR}",)),
        ({"environment": found("system"), "externally_managed": found(True),
          "executable": found("/usr/bin/python3")},
         ("/usr/bin/python3 -m venv ~/.venvs/torch",
          f"~/.venvs/torch/bin/python -m pip install {PAIR}")),
        ({"executable": found("/home/ada/my env/bin/python")},
         (f"'/home/ada/my env/bin/python' -m pip install {PAIR}",)),
    ],
)  # fmt: skip
def test_a_gtx_960_gets_the_command_of_its_own_interpreter(
    facts: dict[str, object], commands: tuple[str, ...]
) -> None:
    rig = gtx_960(torch=no_torch(), python=python(**facts))  # type: ignore[arg-type]
    remedy = install_fitting_torch(rig)
    assert remedy.commands == commands
    assert remedy.verify.startswith("rigcheck check --only torch --python ")


def on_470(version: str) -> Rig:
    """A GTX 960 on the last driver branch before 495."""
    return gtx_960(
        torch=no_torch(),
        driver=driver("470.256.02", module_kind=found("closed")),
        nvml=nvml(
            gpu(name="NVIDIA GeForce GTX 960", capability="5.2"), version="470.256.02", cuda="11.4"
        ),
        python=python(version=found(version)),
    )


def test_a_driver_470_hears_of_the_older_wheel_and_of_the_better_way() -> None:
    remedy = install_fitting_torch(on_470("3.12.3"))
    assert remedy.commands[0].endswith("torchvision==0.21.0 --index-url "
                                       "https://download.pytorch.org/whl/cu118")  # fmt: skip
    assert "Better is a newer driver, as this one gets no more fixes" in remedy.text
    assert "would allow torch 2.14.1 for CUDA 12.6" in remedy.text


def test_a_python_too_new_for_that_older_wheel_hears_that_a_driver_would_spare_it() -> None:
    remedy = install_fitting_torch(on_470("3.14.1"))
    assert "python3.13 -m venv" in remedy.commands[0]
    assert "would allow torch 2.14.1 for CUDA 12.6, with this Python" in remedy.text


def test_a_driver_that_cannot_drive_the_card_does_not_choose_the_wheel() -> None:
    rig = rtx_4090(
        torch=no_torch(),
        pci=Pci(nvidia_gpus=found((card(name="GB202 [GeForce RTX 5090]"),))),
        driver=driver("550.163.01", module_kind=found("closed")),
        nvml=nvml(version="550.163.01", cuda="12.4"),
    )
    assert install_fitting_torch(rig).commands == (
        f"{PYTHON} -m pip install torch==2.15.0 torchvision==0.29.2",
    )


@pytest.mark.parametrize(("version", "word"), [("470.256.02", "Better,"), ("590.44.01", "Or keep")])
def test_of_two_ways_the_better_is_named_where_one_is(version: str, word: str) -> None:
    complaint = "RuntimeError: The NVIDIA driver on your system is too old (found version 11040)."
    rig = rtx_4090(
        driver=driver(version),
        nvml=nvml(gpu(), version=version),
        torch=msgspec.structs.replace(torch(), cuda_available=Failed(complaint, "torch")),
    )
    remedy = finding_of(rig, "driver-too-old").remedy
    assert remedy is not None
    assert word in remedy.text


def test_an_old_c_library_gets_the_last_wheel_that_it_serves() -> None:
    old = host(glibc_version=found("2.17"))
    rig = rtx_4090(torch=no_torch(), host=old, python=python(version=found("3.9.18")))
    remedy = install_fitting_torch(rig)
    assert "torch==2.6.0" in remedy.commands[0]
