"""torch, asked in real children: the installed one, broken pairs, and stand-ins that crash."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from rigcheck.facts import Absent, Failed, Found, Reason, Torch, value_of
from rigcheck.probes.asked import ask
from rigcheck.probes.probe import ProbeContext
from rigcheck.probes.torch import read_torch
from rigcheck.target.torch_facts import cudnn_version_text
from rigcheck.versions import release
from tests.environments import FakePackages


def torch_facts(python: str) -> Torch:
    return read_torch(ProbeContext(python=python, data_dir=Path()))


@pytest.fixture
def packages(tmp_path: Path) -> FakePackages:
    return FakePackages(tmp_path)


def test_the_installed_torch_tells_what_it_was_built_for() -> None:
    facts = torch_facts(sys.executable)
    assert value_of(facts.installed_version) == version("torch")
    torch_version, vision = value_of(facts.version), value_of(facts.torchvision_version)
    assert torch_version is not None
    assert vision is not None
    assert release(torch_version) == release(version("torch"))
    assert release(vision) == release(version("torchvision"))
    assert (value_of(facts.threads) or 0) >= 1
    assert isinstance(facts.cpu_capability, Found)


def test_a_cuda_wheel_tells_its_gpu_code_without_a_gpu() -> None:
    facts = torch_facts(sys.executable)
    if value_of(facts.cuda_built_version) is None:
        pytest.skip("the installed torch is a CPU-only wheel")
    assert all(a.startswith(("sm_", "compute_")) for a in value_of(facts.arch_list) or ("",))
    assert isinstance(facts.nccl_version, Found)
    cudnn = value_of(facts.cudnn_version)
    assert cudnn is not None
    assert version("nvidia-cudnn-cu13").startswith(cudnn)


@pytest.fixture(scope="module")
def older_torchvision(tmp_path_factory: pytest.TempPathFactory) -> FakePackages:
    """The torchvision of the release before, from the package index, in front of the right one."""
    folder = tmp_path_factory.mktemp("older-torchvision")
    major, minor = release(version("torchvision"))[:2]
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "-q", "--no-deps"),
            *("--target", str(folder), f"torchvision=={major}.{minor - 1}.*"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        pytest.skip(f"no older torchvision to be had: {done.stderr.strip().splitlines()[-1]}")
    return FakePackages(folder)


def test_a_torchvision_of_another_release_fails_in_its_own_words_and_torch_stays_known(
    older_torchvision: FakePackages,
) -> None:
    facts = torch_facts(older_torchvision.python)
    assert isinstance(facts.version, Found)
    assert isinstance(facts.torchvision_version, Failed)
    assert "operator torchvision::nms does not exist" in facts.torchvision_version.error
    assert value_of(facts.torchvision_installed_version) != version("torchvision")


def test_without_torch_it_is_not_there_rather_than_broken() -> None:
    base_python = str(Path(sys.base_prefix) / "bin" / "python3")
    facts = ask(Torch, base_python, "rigcheck.target.torch_facts", 60)
    if isinstance(facts.version, Found):
        pytest.skip("the base interpreter has torch installed")
    assert isinstance(facts.installed_version, Absent)
    assert isinstance(facts.version, Absent)
    assert facts.version.reason is Reason.NOT_THERE


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGILL)", "SIGILL"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "SIGSEGV"),
        ("import os; os._exit(1)", "exit code 1"),
        ("raise ImportError('libcudart.so.12: cannot open shared object file')", "libcudart"),
        ("import does_not_exist_anywhere", "does_not_exist_anywhere"),
    ],
)
def test_a_torch_that_dies_on_import_leaves_its_version_and_the_reason(
    packages: FakePackages, source: str, word: str
) -> None:
    packages.add_package("torch", source, version="2.14.1")
    facts = torch_facts(packages.python)
    assert value_of(facts.installed_version) == "2.14.1"
    assert isinstance(facts.version, Failed)
    assert word in facts.version.error
    assert "import torch" in facts.version.source


def test_a_torch_that_hangs_on_import_is_given_up(packages: FakePackages) -> None:
    packages.add_package("torch", "import signal; signal.pause()", version="2.14.1")
    facts = ask(Torch, packages.python, "rigcheck.target.torch_facts", 2.0)
    assert value_of(facts.installed_version) == "2.14.1"
    assert isinstance(facts.version, Failed)
    assert "no answer" in facts.version.error


@pytest.mark.parametrize(
    ("encoded", "text"),
    [(91002, "9.10.2"), (92600, "9.26.0"), (8902, "8.9.2"), (7605, "7.6.5"), (None, None)],
)
def test_both_encodings_of_cudnns_version_are_read(encoded: int | None, text: str | None) -> None:
    assert cudnn_version_text(encoded) == text
