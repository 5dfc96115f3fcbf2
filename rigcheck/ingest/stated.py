"""What people list of a machine: `Driver: 535.54`, `CUDA available: False`, `Secure Boot: on`.

Each key has one reader; a value that is not in the form its reader expects is left out.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from rigcheck.facts import Fact, Found, Nvml, Rig
from rigcheck.ingest import stated_system as system
from rigcheck.ingest import stated_torch as torch
from rigcheck.ingest.merge import merge
from rigcheck.ingest.outline import Node, read_outline, walk
from rigcheck.ingest.stated_gpus import gpus_of, pairs_of
from rigcheck.ingest.stated_values import Reader, answers, number, symptom, versions, words
from rigcheck.ingest.systems import host_of_name
from rigcheck.ingest.text import Text

_MOST_OF_ONE = 4
"""Lines of one key: the first may hold no value, and a hostile text holds thousands."""


def parse_stated(text: Text) -> Rig:
    """Every fact whose key is known; of one told twice the first counts."""
    lines = list(walk(read_outline(text)))
    told: dict[str, list[Node]] = {}
    for line in lines:
        if line.key in _READERS:
            told.setdefault(line.key, []).append(line)
    rigs = (_READERS[key](line) for key, same in told.items() for line in same[:_MOST_OF_ONE])
    return merge((*rigs, _fabric_manager(lines)))


def _fabric_manager(lines: Iterable[Node]) -> Rig:
    """Of another version than the driver it is listed beside."""
    told = {line.key: line for line in lines if line.key in ("fabric manager", "driver")}
    ours, drivers = (number(told[k]) if k in told else None for k in ("fabric manager", "driver"))
    if ours is None or drivers is None or ours.value == drivers.value:
        return Rig()
    said = f"fabric manager {ours.value}, driver {drivers.value}"
    return symptom("fabric-manager-version", said, ours.source)


def _gpus(node: Node) -> Rig:
    gpus = gpus_of(node)
    return Rig(nvml=Nvml(gpus=Found(gpus, node.source))) if gpus else Rig()


def _pairs(node: Node) -> Rig:
    pairs = pairs_of(node)
    return Rig(nvml=Nvml(gpu_pairs=Found(pairs, node.source))) if pairs else Rig()


def _fact(part: str, field: str) -> Callable[[Fact[Any]], Rig]:
    """A rig of that fact alone."""
    kind = type(getattr(Rig(), part))
    return lambda told: Rig(**{part: kind(**{field: told})})


def _system(told: Fact[str]) -> Rig:
    return Rig(host=host_of_name(told)) if isinstance(told, Found) else Rig()


_KEYS: tuple[tuple[Reader, tuple[str, ...]], ...] = (
    (words(_system), ("os", "operating system", "distribution", "distro", "linux distribution")),
    (system.parse_kernel, ("kernel", "kernel version", "kernel release", "linux kernel")),
    (words(system.parse_architecture), ("arch", "architecture", "cpu architecture")),
    (versions(_fact("host", "glibc_version")), ("libc", "glibc", "glibc version", "libc version")),
    (answers(_fact("host", "secure_boot")), ("secure boot", "secureboot", "secure boot enabled")),
    (answers(system.parse_slept), ("suspended since boot",)),
    (answers(system.parse_toolkit_there), ("container toolkit installed",)),
    (system.parse_around, ("virtualization", "virtualisation")),
    (system.parse_machine, ("machine", "device", "board", "hardware")),
    (system.parse_shm, ("shm", "dev shm", "shared memory")),
    (system.parse_environment, ("env", "environment", "environment variables")),
    (system.parse_flags, ("cpu flags sorted", "cpu flags")),
    (words(_fact("cpu", "model")), ("cpu", "cpu model", "processor")),
    (
        versions(system.parse_driver),
        ("driver", "driver version", "nvidia driver", "nvidia driver version", "gpu driver"),
    ),
    (versions(_fact("nvml", "cuda_version")), ("driver cuda", "driver cuda version")),
    (versions(_fact("driver", "library_version")), ("userspace driver", "user space driver")),
    (versions(_fact("driver", "module_version")), ("kernel module", "loaded kernel module")),
    (
        _gpus,
        ("gpus", "gpu", "gpu s", "gpu model", "graphics card", "graphics cards", "video card"),
    ),
    (_pairs, ("topology",)),
    (versions(_fact("python", "version")), ("python", "python version")),
    (torch.parse_torch, ("torch", "pytorch", "torch version", "pytorch version")),
    (versions(_fact("torch", "cuda_built_version")), ("torch cuda", "torch.version.cuda")),
    (
        versions(_fact("torch", "torchvision_installed_version")),
        ("torchvision", "torchvision version"),
    ),
    (
        answers(_fact("torch", "cuda_available")),
        ("cuda available", "is cuda available", "gpu available", "torch.cuda.is available"),
    ),
    (torch.parse_driver_cuda_found, ("driver cuda found",)),
    (torch.parse_arch_list, ("torch arch list", "arch list", "torch.cuda.get arch list")),
    (torch.parse_arch_list_lacks, ("torch arch list lacks",)),
    (torch.parse_loaded, ("libnvjitlink resolved", "libcudnn resolved", "libcublas resolved")),
    (torch.parse_wanted_torch, ("torch wanted",)),
    (torch.parse_packages, ("packages", "libraries", "versions")),
    (torch.parse_package("numpy"), ("numpy", "numpy version")),
    (torch.parse_extension, ("extension",)),
    (torch.parse_extension_codes, ("extension arch flags",)),
    (versions(_fact("toolkit", "nvcc_version")), ("nvcc", "nvcc version")),
    (words(_fact("toolkit", "building")), ("building",)),
)
_READERS: Mapping[str, Reader] = {key: reader for reader, keys in _KEYS for key in keys}
