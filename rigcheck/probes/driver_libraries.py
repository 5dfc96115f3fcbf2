"""Where the loader finds NVIDIA's libraries, and their version, which is in the file's name."""

import os
import platform
import re
from collections.abc import Iterator
from pathlib import Path

from rigcheck.facts import Absent, Fact, Found, Reason
from rigcheck.probes.reading import ask_tool, first_found

_CUDA = "libcuda.so.1"
_MANAGEMENT = "libnvidia-ml.so.1"
_VERSION = re.compile(r"\.so\.(\d{3}\.\d+(?:\.\d+)*)$")
"""`libcuda.so.580.95.05`; WSL's and Tegra's `libcuda.so.1.1` names no driver."""
_CACHE = ("ldconfig", "-p")
_CACHE_LINE = re.compile(r"^\s*(\S+) \(([^)]*)\) => (.+)$", re.MULTILINE)
# How ldconfig marks libraries of our own word length; a 32-bit one beside it is for games.
_ABI = {"x86_64": "x86-64", "aarch64": "AArch64"}
_DIRECTORIES = (
    f"usr/lib/{platform.machine()}-linux-gnu",
    "usr/lib64",
    "lib64",
    "usr/lib",
    "usr/lib/wsl/lib",
)
_TIME_LIMIT_S = 3.0


def read_libraries(root: Path) -> tuple[Fact[str], Fact[str]]:
    """The path of libcuda, and the version of it or else of libnvidia-ml."""
    # The cache is this machine's; a recorded one has only its directories.
    cache = ask_tool(*_CACHE, timeout_s=_TIME_LIMIT_S) if root == Path("/") else None
    cached = cache.value if isinstance(cache, Found) else ""
    cuda, management = (_find(root, name, cached) for name in (_CUDA, _MANAGEMENT))
    return cuda, first_found(_version_of(cuda), _version_of(management))


def parse_cache(text: str, name: str, machine: str) -> tuple[str, ...]:
    """Paths of a library in `ldconfig -p`: `libcuda.so.1 (libc6,x86-64) => /lib/…/libcuda.so.1`."""
    abi = _ABI.get(machine, "")
    lines = _CACHE_LINE.findall(text)
    return tuple(path for library, kind, path in lines if library == name and abi in kind)


def parse_version(file_name: str) -> str | None:
    """`libcuda.so.580.95.05` → `580.95.05`."""
    match = _VERSION.search(file_name)
    return match[1] if match else None


def _find(root: Path, name: str, cached: str) -> Fact[str]:
    for path, source in _candidates(root, name, cached):
        if path.is_file():  # a link may lead nowhere
            return Found(str(path), source)
    return Absent(Reason.NOT_THERE, "LD_LIBRARY_PATH, ldconfig -p, library directories", name)


def _candidates(root: Path, name: str, cached: str) -> Iterator[tuple[Path, str]]:
    """In the loader's own order."""
    for directory in filter(None, os.environ.get("LD_LIBRARY_PATH", "").split(":")):
        yield root / directory.lstrip("/") / name, "LD_LIBRARY_PATH"
    for path in parse_cache(cached, name, platform.machine()):
        yield Path(path), " ".join(_CACHE)
    for directory in _DIRECTORIES:
        yield root / directory / name, str(root / directory)


def _version_of(path: Fact[str]) -> Fact[str]:
    if not isinstance(path, Found):
        return path
    file = Path(path.value).resolve()
    version = parse_version(file.name)
    if version is None:
        return Absent(Reason.NOT_SUPPORTED, str(file), "its file name holds no version")
    return Found(version, str(file))
