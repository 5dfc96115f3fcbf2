"""What torch does: an array, a first kernel, its libraries."""

import sys
from pathlib import Path

from rigcheck.facts import Absent, Found, value_of
from rigcheck.probes.probe import ProbeContext
from rigcheck.probes.torch import read_torch
from rigcheck.target.torch_work import parse_maps

MAPS = """\
7f1 r-xp 0 08:01 12 /opt/venv/lib/python3.12/site-packages/nvidia/cudnn/lib/libcudnn.so.9
7f2 r--p 0 08:01 12 /opt/venv/lib/python3.12/site-packages/nvidia/cudnn/lib/libcudnn.so.9
7f3 r-xp 0 08:01 13 /usr/local/cuda-12.1/lib64/libnvJitLink.so.12.1.105
7f4 r-xp 0 08:01 14 /opt/venv/lib/python3.12/site-packages/torch/lib/libcudart-d0da41ae.so.11.0
7f5 r-xp 0 08:01 15 /usr/lib/x86_64-linux-gnu/libcuda.so.580.95.05
7f6 r-xp 0 08:01 16 /home/ada/my libraries/libcublas.so.12
7f7 rw-p 0 00:00 0
7f8 r--p 0 00:00 0                          [vvar]
"""


def test_cudas_libraries_are_told_each_once_and_the_driver_is_none_of_them() -> None:
    assert [library["name"] for library in parse_maps(MAPS)] == [
        "libcublas.so.12",
        "libcudnn.so.9",
        "libcudart-d0da41ae.so.11.0",
        "libnvJitLink.so.12.1.105",
    ]


def test_a_path_with_spaces_is_whole() -> None:
    paths = [library["path"] for library in parse_maps(MAPS)]
    assert "/home/ada/my libraries/libcublas.so.12" in paths


def test_the_installed_torch_works_with_numpy_and_shows_its_libraries() -> None:
    facts = read_torch(ProbeContext(python=sys.executable, data_dir=Path()))
    assert isinstance(facts.numpy_works, (Found, Absent))
    assert isinstance(facts.first_kernels, Found)
    if value_of(facts.cuda_built_version):
        names = {
            library.name.partition(".so")[0] for library in value_of(facts.loaded_libraries) or ()
        }
        assert "libcudart" in names
