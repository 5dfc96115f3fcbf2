"""Crashes in interpreters of other versions than our own, as far as this machine has any."""

from pathlib import Path

import pytest

from rigcheck.facts import Failed
from rigcheck.probes.probe import ProbeContext
from rigcheck.probes.torch import read_torch
from tests.environments import FakePackages


@pytest.mark.parametrize("release", ["3.8", "3.9", "3.12", "3.13", "3.14"])
def test_a_torch_that_dies_there_is_told_with_its_line(release: str, tmp_path: Path) -> None:
    candidates = sorted(Path.home().glob(f".pyenv/versions/{release}.*/bin/python3"))
    if not candidates:
        pytest.skip(f"no Python {release} at hand")
    packages = FakePackages(tmp_path, str(candidates[0]))
    source = "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n"
    packages.add_package("torch", source, version="2.14.1")
    torch = read_torch(ProbeContext(python=packages.python, data_dir=Path()))
    assert isinstance(torch.version, Failed)
    assert "SIGSEGV" in torch.version.error
    assert f"from {tmp_path / 'torch' / '__init__.py'} line 2" in torch.version.error
