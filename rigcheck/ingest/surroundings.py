"""What surrounds a program: Docker commands, environment variables, `df` of /dev/shm."""

import itertools
import re
from typing import Any

from rigcheck.facts import Environment, Fact, Found, Host, LoadedLibrary, Memory, Rig, Torch
from rigcheck.ingest.text import Text

_DOCKER = re.compile(
    r"\b(?P<engine>docker|podman|nvidia-docker)(?: container)? run\b(?P<rest>[^\n]{0,2000})"
)
_SHM_SIZE = re.compile(r"--shm-size[= ]\"?(?P<size>\d{1,9}(?:\.\d+)?)(?P<unit>[bkmgtBKMGT]?)")
_COMPOSE_SHM = re.compile(r"\bshm_size: *['\"]?(?P<size>\d{1,9}(?:\.\d+)?)(?P<unit>[bkmgtBKMGT]?)")
_SIZE = r"[ \t]+(?P<{0}>[\d.]{{1,9}})(?P<{0}_unit>[KMGT]?)i?"
_DF = re.compile(
    r"^(?:shm|tmpfs|none)"
    + "".join(_SIZE.format(name) for name in ("size", "used", "free"))
    + r"[ \t]+\d{1,3}%[ \t]+/dev/shm\b",
    re.MULTILINE,
)
_VARIABLES = {
    "LD_LIBRARY_PATH": "ld_library_path",
    "LD_PRELOAD": "ld_preload",
    "CUDA_HOME": "cuda_home",
    "CUDA_VISIBLE_DEVICES": "cuda_visible_devices",
    "CUDA_DEVICE_ORDER": "cuda_device_order",
    "NVIDIA_VISIBLE_DEVICES": "nvidia_visible_devices",
    "NVIDIA_DRIVER_CAPABILITIES": "nvidia_driver_capabilities",
    "TORCH_CUDA_ARCH_LIST": "torch_cuda_arch_list",
}
_NAMES = "|".join(_VARIABLES)
_ASSIGNED = re.compile(
    rf"(?<![\w.])(?P<name>{_NAMES})(?:=|: ?)"
    r"(?P<value>\"[^\"\n]{0,2000}\"|'[^'\n]{0,2000}'|[^\s;&|]{0,2000})"
)
_IN_PYTHON = re.compile(
    rf"os\.environ\[[\"'](?P<name>{_NAMES})[\"']\] ?= ?[\"'](?P<value>[^\"'\n]{{0,2000}})[\"']"
)
_ECHOED = re.compile(rf"\becho \"?\$\{{?(?P<name>{_NAMES})\}}?\"?\n(?P<value>/[^\s;&|]{{0,2000}})")
_RESOLVED = re.compile(
    r"(?P<name>lib(?:cu|nv|nccl)\w{1,30}\.so(?:\.\d{1,3}){0,3}) => (?P<path>/[^\s(]{1,300})"
)
_ASKED = re.compile(
    r"\bldd (?P<path>/[^\s]{1,300}/(?P<name>lib(?:cu|nv|nccl)\w{1,30}\.so(?:\.\d{1,3}){0,3}))\s"
)
_MOST_LIBRARIES = 64
_UNITS = {"": 1, "B": 1, "K": 1024, "M": 1024**2, "G": 1024**3, "T": 1024**4}


def parse_surroundings(text: Text) -> Rig:
    """Container, shared memory and variables."""
    return Rig(
        host=_container(text),
        memory=_shm(text),
        environment=_variables(text),
        torch=_resolved(text),
    )


def _container(text: Text) -> Host:
    inside = _DF.search(text.content) if text.has("% /dev/shm") else None
    if inside is not None and inside.group().startswith("shm"):
        return Host(container=text.found("docker", inside))  # a host's is called tmpfs
    match = _DOCKER.search(text.content) if text.has(" run") else None
    if match is None:
        return Host()
    engine = "podman" if match["engine"] == "podman" else "docker"
    return Host(container_engine=text.found(engine, match))


def _shm(text: Text) -> Memory:
    """As `df -h` shows it; else as the container was started."""
    if not text.has("--shm-size", "shm_size", "% /dev/shm"):
        return Memory()
    if match := _DF.search(text.content):
        return Memory(
            shm_total_bytes=text.found(_bytes(match["size"], match["size_unit"]), match),
            shm_free_bytes=text.found(_bytes(match["free"], match["free_unit"]), match),
        )
    for run in _DOCKER.finditer(text.content):
        if match := _SHM_SIZE.search(text.content, *run.span()):
            return Memory(shm_total_bytes=text.found(_bytes(match["size"], match["unit"]), match))
    if match := _COMPOSE_SHM.search(text.content):
        return Memory(shm_total_bytes=text.found(_bytes(match["size"], match["unit"]), match))
    return Memory()


def _bytes(size: str, unit: str) -> int:
    number = size.rstrip(".")
    return int(float(number) * _UNITS[unit.upper()]) if number.count(".") <= 1 else 0


def _variables(text: Text) -> Environment:
    """Each as it was set first."""
    known: dict[str, Fact[Any]] = {}
    if not text.has(*_VARIABLES):
        return Environment()
    for pattern in (_ASSIGNED, _IN_PYTHON, _ECHOED):
        for match in pattern.finditer(text.content):
            field = _VARIABLES[match["name"]]
            # `LD_LIBRARY_PATH:` before a list of folders is not set to nothing.
            is_head = match["value"] == "" and ":" in match.group()
            if field not in known and not is_head:
                known[field] = text.found(match["value"].strip("\"'"), match)
    return Environment(**known)


def _resolved(text: Text) -> Torch:
    """CUDA's libraries as `ldd` says that the loader finds them."""
    if not text.has(" => /"):
        return Torch()
    matches = list(itertools.islice(_RESOLVED.finditer(text.content), _MOST_LIBRARIES))
    if not matches:
        return Torch()
    asked = itertools.islice(_ASKED.finditer(text.content), _MOST_LIBRARIES)
    libraries = {
        m["name"]: LoadedLibrary(name=m["name"], path=m["path"]) for m in (*asked, *matches)
    }
    return Torch(loaded_libraries=Found(tuple(libraries.values()), text.source(*matches[0].span())))
