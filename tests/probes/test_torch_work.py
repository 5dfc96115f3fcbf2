"""What torch does: an array, a computation on each device, its libraries."""

import sys
from pathlib import Path

import pytest

from rigcheck.facts import Absent, Found, Torch, value_of
from rigcheck.probes.probe import ProbeContext
from rigcheck.probes.torch import read_torch

ON_EACH_DEVICE = ["context", "first kernel", "BLAS", "convolution", "half precision"]


@pytest.fixture(scope="module")
def facts() -> Torch:
    return read_torch(ProbeContext(python=sys.executable, data_dir=Path()))


def test_the_installed_torch_computes_right_on_the_cpu_and_every_stage_is_timed(
    facts: Torch,
) -> None:
    stages = value_of(facts.stages) or ()
    assert [s.name for s in stages if s.device == "cpu"] == ON_EACH_DEVICE
    assert [s.error for s in stages if s.device == "cpu"] == [""] * len(ON_EACH_DEVICE)
    assert [s.name for s in stages][:2] == ["metadata", "import torch"]
    slowest = max(stages, key=lambda stage: stage.duration_s)
    assert slowest.name.startswith("import ")


def test_a_tensor_becomes_an_array_where_there_is_numpy(facts: Torch) -> None:
    assert isinstance(facts.numpy_works, (Found, Absent))


def test_a_cuda_wheel_shows_its_libraries_and_whose_they_are(facts: Torch) -> None:
    if not value_of(facts.cuda_built_version):
        pytest.skip("the installed torch is a CPU-only wheel")
    loaded = {lib.name.partition(".so")[0]: lib for lib in value_of(facts.loaded_libraries) or ()}
    owner = value_of(loaded["libcudart"].owner)
    assert owner is not None
    assert owner.startswith("nvidia-cuda-runtime")
    assert value_of(loaded["libcudart"].found_by) is not None
