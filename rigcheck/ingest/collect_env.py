"""`python -m torch.utils.collect_env`, from 2018's to today's, and vLLM's with its rulers.

```
PyTorch version: 2.4.0+cu121
CUDA used to build PyTorch: 12.1
…
Nvidia driver version: 535.161.07
```
Source of the forms: torch/utils/collect_env.py of torch 0.4 to 2.15; vllm/collect_env.py.
"""

import re
from typing import Any

from rigcheck.facts import (
    Absent,
    CudnnCopy,
    Fact,
    Found,
    Gpu,
    Host,
    Nvml,
    PythonEnv,
    Reason,
    Rig,
    Toolkit,
    Torch,
)
from rigcheck.ingest.keys import KeyedText
from rigcheck.ingest.merge import merge
from rigcheck.ingest.systems import host_of_name, host_of_platform
from rigcheck.ingest.text import Text

_TORCH = "PyTorch version"
_CUDA = "CUDA used to build PyTorch"
_HIP = "ROCM used to build PyTorch"
_AVAILABLE = "Is CUDA available"
_RUNTIME = "CUDA runtime version"
_GPUS = "GPU models and configuration"
_DRIVER = "Nvidia driver version"
_CUDNN = "cuDNN version"
_KEYS = (
    _TORCH,
    _CUDA,
    _HIP,
    _AVAILABLE,
    _RUNTIME,
    _GPUS,
    _DRIVER,
    _CUDNN,
    "Is debug build",
    "OS",
    "GCC version",
    "Clang version",
    "CMake version",
    "Libc version",
    "Python version",
    "Python platform",
    "CUDA_MODULE_LOADING set to",
    "HIP runtime version",
    "MIOpen runtime version",
    "Is XNNPACK available",
    "Is XPU available",
    "CPU",
    "Versions of relevant libraries",
)
_NOTHING = ("N/A", "No CUDA", "Could not collect", "None", "")
_GPU = re.compile(r"GPU (\d{1,3}): (.+?)(?=\s+GPU \d{1,3}:|\s+MIG |\s*\(UUID|\n|$)")
_CUDNN_FILE = re.compile(r"\S*libcudnn\.so\.(\d+(?:\.\d+)*)")


def parse_collect_env(text: Text) -> Rig:
    """What it tells of system, torch, driver and GPUs; the CPU it copies from lscpu."""
    if not text.has("used to build PyTorch", _AVAILABLE):
        return Rig()
    keyed = KeyedText(text, _KEYS)
    if keyed.value(_CUDA) is None and keyed.value(_AVAILABLE) is None:
        return Rig()
    return merge(
        Rig(
            host=host,
            torch=_torch(keyed),
            nvml=_nvml(keyed),
            toolkit=_toolkit(keyed),
            python=_python(keyed),
        )
        for host in _hosts(keyed)
    )


def _torch(keyed: KeyedText) -> Torch:
    version, cuda = keyed.value(_TORCH), keyed.value(_CUDA)
    if version is None or version.value in _NOTHING:
        return Torch()  # installed or not, its import failed: only a list of packages can tell
    return Torch(
        installed_version=version,
        version=version,
        cuda_built_version=_version_or_none(cuda),
        hip_built_version=_version_or_none(keyed.value(_HIP)),
        cuda_available=_yes_or_no(keyed.value(_AVAILABLE)),
    )


def _version_or_none(told: Found[str] | None) -> Fact[str]:
    if told is None:
        return Torch().version
    if not re.match(r"\d", told.value):
        return Absent(Reason.NOT_THERE, told.source)
    return Found(told.value.split()[0], told.source)


def _yes_or_no(told: Found[str] | None) -> Fact[bool]:
    answers = {"True": True, "Yes": True, "False": False, "No": False}
    if told is None or told.value.split()[0] not in answers:
        return Torch().cuda_available
    return Found(answers[told.value.split()[0]], told.source)


def _nvml(keyed: KeyedText) -> Nvml:
    known: dict[str, Fact[Any]] = {}
    driver, gpus = keyed.value(_DRIVER), keyed.block(_GPUS)
    if driver is not None and re.match(r"\d{3}\.\d", driver.value):
        known["driver_version"] = Found(driver.value.split()[0], driver.source)
    if gpus is not None and (found := _gpus(gpus)):
        known["gpus"] = Found(found, gpus.source)
    return Nvml(**known)


def _gpus(told: Found[str]) -> tuple[Gpu, ...]:
    """`GPU 0: NVIDIA GeForce RTX 3090`, one a line; the numbers are nvidia-smi's."""
    numbered = tuple(
        Gpu(index=int(match[1]), name=Found(match[2].strip(), told.source))
        for match in _GPU.finditer(told.value)
    )
    if numbered or told.value in _NOTHING or "\n" in told.value:
        return numbered
    return ()


def _toolkit(keyed: KeyedText) -> Toolkit:
    known: dict[str, Fact[Any]] = {}
    runtime, cudnn = keyed.value(_RUNTIME), keyed.block(_CUDNN)
    if runtime is not None and re.match(r"\d+\.\d", runtime.value):
        known["nvcc_version"] = Found(runtime.value.split()[0], runtime.source)
    if cudnn is not None and (copies := _cudnn_copies(cudnn)):
        known["cudnn_copies"] = Found(copies, cudnn.source)
    return Toolkit(**known)


def _cudnn_copies(told: Found[str]) -> tuple[CudnnCopy, ...]:
    return tuple(
        CudnnCopy(
            path=match.group(),
            version=Found(match[1], told.source),
            origin="toolkit" if "/cuda" in match.group() else "system",
        )
        for match in _CUDNN_FILE.finditer(told.value)
    )


def _python(keyed: KeyedText) -> PythonEnv:
    told = keyed.value("Python version")
    match = re.match(r"\d+\.\d+(?:\.\d+)?", told.value) if told else None
    if told is None or match is None:
        return PythonEnv()
    conda: dict[str, Any] = (
        {"environment": Found("conda", told.source)} if "conda" in told.value else {}
    )
    return PythonEnv(version=Found(match.group(), told.source), **conda)


def _hosts(keyed: KeyedText) -> list[Host]:
    hosts = [Host()]
    if (platform := keyed.value("Python platform")) is not None:
        hosts.append(host_of_platform(platform))
    if (system := keyed.value("OS")) is not None:
        hosts.append(host_of_name(system))
    libc = keyed.value("Libc version")
    match = re.match(r"glibc[- ](\d+\.\d+)", libc.value) if libc else None
    # Python before 3.8 names the oldest glibc it was built for: too old to be true.
    if libc is not None and match is not None and match[1] not in ("2.2", "2.3", "2.9", "2.10"):
        hosts.append(Host(glibc_version=Found(match[1], libc.source)))
    return hosts
