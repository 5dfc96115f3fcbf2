"""collect_env's texts, from 2018's to today's."""

from rigcheck.facts import Found, Rig, is_known_absent, value_of
from rigcheck.ingest.collect_env import parse_collect_env
from rigcheck.ingest.text import Text

OF_2019 = """\
Collecting environment information...
PyTorch version: 1.1.0
Is debug build: No
CUDA used to build PyTorch: 9.0.176

OS: Ubuntu 18.04.2 LTS
GCC version: (Ubuntu 8.3.0-6ubuntu1~18.04.1) 8.3.0
CMake version: version 3.10.2

Python version: 3.6
Is CUDA available: Yes
CUDA runtime version: 9.1.85
GPU models and configuration: GPU 0: GeForce RTX 2060
Nvidia driver version: 418.67
cuDNN version: Could not collect
"""
OF_TODAY = """\
PyTorch version: 2.4.0+cu121
Is debug build: False
CUDA used to build PyTorch: 12.1
ROCM used to build PyTorch: N/A

OS: Ubuntu 22.04.5 LTS (x86_64)
Libc version: glibc-2.35

Python version: 3.10.12 (main, Sep 11 2024, 15:47:36) [GCC 11.4.0] (64-bit runtime)
Python platform: Linux-5.15.0-101-generic-x86_64-with-glibc2.35
Is CUDA available: True
CUDA runtime version: Could not collect
GPU models and configuration:
GPU 0: NVIDIA GeForce RTX 3090
GPU 1: Tesla P100-PCIE-16GB

Nvidia driver version: 535.161.07
cuDNN version: Probably one of the following:
/usr/lib/x86_64-linux-gnu/libcudnn.so.8.9.7
/usr/local/cuda-12.6/lib64/libcudnn.so.9.4.0
"""


def gpu_names(rig: Rig) -> list[str | None]:
    return [value_of(gpu.name) for gpu in value_of(rig.nvml.gpus) or ()]


def test_the_form_of_2019() -> None:
    rig = parse_collect_env(Text(OF_2019))
    assert value_of(rig.torch.version) == "1.1.0"
    assert value_of(rig.torch.cuda_built_version) == "9.0.176"
    assert value_of(rig.torch.cuda_available) is True
    assert value_of(rig.nvml.driver_version) == "418.67"
    assert value_of(rig.toolkit.nvcc_version) == "9.1.85"
    assert gpu_names(rig) == ["GeForce RTX 2060"]
    assert value_of(rig.host.distribution_version) == "18.04"


def test_todays_form() -> None:
    rig = parse_collect_env(Text(OF_TODAY))
    assert rig.torch.version == Found(
        "2.4.0+cu121", "line 1 of the text: 'PyTorch version: 2.4.0+cu121'"
    )
    assert gpu_names(rig) == ["NVIDIA GeForce RTX 3090", "Tesla P100-PCIE-16GB"]
    assert value_of(rig.host.kernel_release) == "5.15.0-101-generic"
    assert value_of(rig.host.glibc_version) == "2.35"
    assert value_of(rig.python.version) == "3.10.12"
    copies = value_of(rig.toolkit.cudnn_copies) or ()
    assert [(value_of(c.version), c.origin) for c in copies] == [
        ("8.9.7", "system"),
        ("9.4.0", "toolkit"),
    ]


def test_lost_line_breaks_lose_nothing() -> None:
    whole, flat = (parse_collect_env(Text(t)) for t in (OF_TODAY, " ".join(OF_TODAY.split())))
    assert gpu_names(flat) == gpu_names(whole)
    for name in ("version", "cuda_built_version", "cuda_available"):
        assert value_of(getattr(flat.torch, name)) == value_of(getattr(whole.torch, name))
    assert value_of(flat.nvml.driver_version) == "535.161.07"


def test_the_form_with_rulers() -> None:
    text = """\
==============================
       PyTorch Info
==============================
PyTorch version              : 2.8.0+cpu
CUDA used to build PyTorch   : Could not collect
Is CUDA available            : False
GPU models and configuration : GPU 0: NVIDIA GB10
Nvidia driver version        : 580.95.05
==============================
"""
    rig = parse_collect_env(Text(text))
    assert value_of(rig.torch.version) == "2.8.0+cpu"
    assert is_known_absent(rig.torch.cuda_built_version)
    assert gpu_names(rig) == ["NVIDIA GB10"]


def test_no_cuda_is_no_gpu_found_and_no_claim_that_there_is_none() -> None:
    text = OF_2019.replace("GPU 0: GeForce RTX 2060", "No CUDA").replace("418.67", "No CUDA")
    assert parse_collect_env(Text(text)).nvml == Rig().nvml


def test_a_torch_that_could_not_be_imported_is_not_said_to_be_missing() -> None:
    text = OF_TODAY.replace("2.4.0+cu121", "N/A").replace("PyTorch: 12.1", "PyTorch: N/A")
    assert parse_collect_env(Text(text)).torch == Rig().torch


def test_a_text_that_only_speaks_of_it_is_none() -> None:
    assert parse_collect_env(Text("my PyTorch version: see below\nOS: Ubuntu 22.04")) == Rig()
