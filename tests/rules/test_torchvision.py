"""torchvision-torch-mismatch."""

import msgspec
import pytest

from rigcheck.facts import Failed, Rig, Torch
from rigcheck.findings import Verdict
from tests.rules.rigs import PYTHON, finding_of, found, not_there, rtx_4090, torch, wrong_in

ID = "torchvision-torch-mismatch"
NMS = Failed("RuntimeError: operator torchvision::nms does not exist", "import torchvision")


def pair(
    torch_version: str, torchvision: str, imported: object = NMS, cuda: str | None = None
) -> Torch:
    return msgspec.structs.replace(
        torch(torch_version, cuda, ()),
        torchvision_installed_version=found(torchvision),
        torchvision_version=imported,
    )


def test_pypis_torchvision_on_a_cpu_torch_is_of_another_build() -> None:
    finding = finding_of(rtx_4090(torch=pair("2.13.0+cpu", "0.28.0")), ID)
    assert finding.verdict is Verdict.FAIL
    assert finding.headline == "torchvision 0.28.0 was not built for torch 2.13.0+cpu"
    assert finding.remedy is not None
    remove, install = finding.remedy.commands
    assert remove == f"{PYTHON} -m pip uninstall -y torchvision"
    assert install == (
        f"{PYTHON} -m pip install torch==2.13.0 torchvision==0.28.0 "
        "--index-url https://download.pytorch.org/whl/cpu"
    )


def test_two_releases_that_do_not_pair_are_named() -> None:
    finding = finding_of(rtx_4090(torch=pair("2.5.1", "0.21.0")), ID)
    assert finding.verdict is Verdict.FAIL
    assert "of different releases" in finding.headline
    assert any("0.20.1" in e.text for e in finding.evidence)


@pytest.mark.parametrize(
    ("torch_version", "cuda", "install"),
    [
        (
            "2.14.1+cu126",
            "12.6",
            "torch==2.14.1 torchvision==0.29.1 --index-url https://download.pytorch.org/whl/cu126",
        ),
        # An older point release: its wheel pins the torchvision that goes with it.
        (
            "2.7.0+cu118",
            "11.8",
            "torch==2.7.0 'torchvision==0.22.*' --index-url https://download.pytorch.org/whl/cu118",
        ),
        ("2.15.0+cu132", "13.2", "torch==2.15.0 torchvision==0.29.2"),
        ("2.15.0", "13.2", "torch==2.15.0 torchvision==0.29.2"),
        ("3.1.0", "15.0", "torch==3.1.0 torchvision"),
    ],
)
def test_torch_keeps_its_variant(torch_version: str, cuda: str, install: str) -> None:
    finding = finding_of(rtx_4090(torch=pair(torch_version, "0.19.0", cuda=cuda)), ID)
    assert finding.remedy is not None
    assert finding.remedy.commands[-1] == f"{PYTHON} -m pip install {install}"


def test_a_pair_that_imports_passes_whatever_the_table_says() -> None:
    finding = finding_of(rtx_4090(torch=pair("2.5.1", "0.24.1", found("0.24.1"))), ID)
    assert finding.verdict is Verdict.PASS
    assert "tables pair them otherwise" in finding.headline


@pytest.mark.parametrize("vision", ["0.29.1", "0.29.2"])
def test_torch_2_15_works_with_both_of_its_torchvisions(vision: str) -> None:
    finding = finding_of(rtx_4090(torch=pair("2.15.0", vision, found(vision))), ID)
    assert finding.verdict is Verdict.PASS
    assert "otherwise" not in finding.headline


def test_an_import_that_fails_for_another_reason_is_a_warning() -> None:
    no_pillow = Failed("ModuleNotFoundError: No module named 'PIL'", "import torchvision")
    finding = finding_of(rtx_4090(torch=pair("2.15.0", "0.29.2", no_pillow)), ID)
    assert finding.verdict is Verdict.WARN
    assert "PIL" in finding.headline


def test_without_an_import_the_table_judges() -> None:
    def told(torch_version: str, vision: str) -> Rig:
        return Rig(
            torch=Torch(
                installed_version=found(torch_version),
                torchvision_installed_version=found(vision),
            )
        )

    assert finding_of(told("2.5.1", "0.21.0"), ID).verdict is Verdict.FAIL
    assert finding_of(told("2.5.1", "0.20.1"), ID).verdict is Verdict.PASS
    assert finding_of(told("2.5.1", "0.99.0"), ID).verdict is Verdict.UNKNOWN


def test_under_a_torch_that_fails_itself_torchvision_is_not_blamed() -> None:
    dead = Failed("ImportError: libcudart.so.13", "import torch")
    alone = msgspec.structs.replace(pair("2.15.0", "0.29.2", dead), version=dead)
    assert finding_of(rtx_4090(torch=alone), ID).verdict is Verdict.UNKNOWN


def test_a_wrong_pair_under_a_torch_that_fails_follows_from_it() -> None:
    dead = Failed("ImportError: libcudart.so.13", "import torch")
    wrong = msgspec.structs.replace(pair("2.5.1", "0.21.0", dead), version=dead)
    assert finding_of(rtx_4090(torch=wrong), ID).caused_by == "torch-import-fails"


def test_no_torchvision_is_no_mismatch() -> None:
    none = msgspec.structs.replace(
        torch(), torchvision_installed_version=not_there(), torchvision_version=not_there()
    )
    assert finding_of(rtx_4090(torch=none), ID).verdict is Verdict.SKIP
    assert wrong_in(rtx_4090(torch=none)) == []
