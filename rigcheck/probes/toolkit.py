"""CUDA for building: nvcc, and the copies of CUDA and cuDNN that the system has."""

import json
import os
import platform
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from rigcheck.facts import Absent, CudaCopy, CudnnCopy, Fact, Found, Reason, Toolkit
from rigcheck.probes.probe import ProbeContext, read_text
from rigcheck.probes.reading import ask_tool, first_found, parsed

_NVCC_LIMIT_S = 10.0
_RELEASE = re.compile(r"release \d+\.\d+, V(\d+\.\d+\.\d+)")
_FOLDERS = ("usr/local", "opt")
_CUDA_FOLDER = re.compile(r"cuda(-\d+(?:\.\d+)*)?")
_CUDNN = re.compile(r"libcudnn\.so\.(\d+(?:\.\d+){0,3})")


def read_toolkit(context: ProbeContext) -> Toolkit:
    """Looks into the usual folders, and asks nvcc its version."""
    copies = tuple(read_cuda_copies(context.root))
    path = read_nvcc_path(context.root)
    return Toolkit(
        nvcc_path=path,
        nvcc_version=_ask_nvcc(path),
        building=Absent(Reason.NOT_APPLICABLE, "probe toolkit", "only a build's log tells it"),
        cuda_copies=Found(copies, ", ".join(f"/{folder}" for folder in _FOLDERS)),
        cudnn_copies=Found(
            tuple(read_cudnn_copies(context.root, copies)), "library and toolkit folders"
        ),
    )


def read_nvcc_path(root: Path) -> Fact[str]:
    """The one that torch's extension builder would take."""
    home = os.environ.get("CUDA_HOME") or os.environ.get("CUDA_PATH")
    candidates = [(Path(home) / "bin/nvcc", "$CUDA_HOME")] if home else []
    on_path = shutil.which("nvcc") if root == Path("/") else None
    candidates += [(Path(on_path), "$PATH")] if on_path else []
    candidates.append((root / "usr/local/cuda/bin/nvcc", "/usr/local/cuda"))
    for path, source in candidates:
        if os.access(path, os.X_OK):
            return Found(str(path), source)
    return Absent(Reason.NOT_THERE, "$CUDA_HOME, $PATH, /usr/local/cuda", "no nvcc")


def _ask_nvcc(path: Fact[str]) -> Fact[str]:
    if not isinstance(path, Found):
        return path
    return parsed(ask_tool(path.value, "--version", timeout_s=_NVCC_LIMIT_S), parse_nvcc)


def parse_nvcc(text: str) -> str:
    """`Cuda compilation tools, release 12.4, V12.4.131` → `12.4.131`.

    Raises:
        ValueError: if there is no release in it.
    """
    match = _RELEASE.search(text)
    if match is None:
        raise ValueError("no release of nvcc in it")
    return match[1]


def read_cuda_copies(root: Path) -> Iterator[CudaCopy]:
    """Toolkits in their usual folders, each once however many links lead to it."""
    seen: set[Path] = set()
    for folder in _FOLDERS:
        for path in sorted((root / folder).glob("cuda*")):
            real = path.resolve()
            is_one = _CUDA_FOLDER.fullmatch(path.name) and (path / "bin").is_dir()
            if is_one and real not in seen:
                seen.add(real)
                yield CudaCopy(path=str(real), version=_read_version(real))


def _read_version(folder: Path) -> Fact[str]:
    """From version.json, as toolkits have it from 11.1 on, else from version.txt or the name."""
    named = folder.name.partition("-")[2]
    by_name: Fact[str] = (
        Found(named, f"name of {folder}") if named else Absent(Reason.NOT_THERE, str(folder))
    )
    return first_found(
        parsed(read_text(folder / "version.json"), parse_version_json),
        parsed(read_text(folder / "version.txt"), parse_version_txt),
        by_name,
    )


def parse_version_json(text: str) -> str:
    """`{"cuda": {"name": "CUDA SDK", "version": "12.4.1"}, …}` → `12.4.1`.

    Raises:
        ValueError: if it says nothing of CUDA.
    """
    try:
        return str(json.loads(text)["cuda"]["version"])
    except (KeyError, TypeError) as error:
        raise ValueError("no version of CUDA in it") from error


def parse_version_txt(text: str) -> str:
    """`CUDA Version 10.2.89` → `10.2.89`.

    Raises:
        ValueError: if it says nothing of CUDA.
    """
    match = re.search(r"CUDA Version (\d+(?:\.\d+)+)", text)
    if match is None:
        raise ValueError("no version of CUDA in it")
    return match[1]


def read_cudnn_copies(root: Path, toolkits: tuple[CudaCopy, ...]) -> Iterator[CudnnCopy]:
    """CuDNN's main library in the system's folders, the toolkits' and those of LD_LIBRARY_PATH."""
    seen: set[Path] = set()
    for folder, origin in _library_folders(root, toolkits):
        for path in sorted(folder.glob("libcudnn.so.*")):
            real = path.resolve()
            if real.is_file() and real not in seen:
                seen.add(real)
                yield CudnnCopy(path=str(real), version=_version_in_name(real), origin=origin)


def _library_folders(root: Path, toolkits: tuple[CudaCopy, ...]) -> Iterator[tuple[Path, str]]:
    for copy in toolkits:
        yield Path(copy.path) / "lib64", "toolkit"
    for folder in (f"usr/lib/{platform.machine()}-linux-gnu", "usr/lib64", "usr/local/lib"):
        yield root / folder, "system"
    for folder in filter(None, os.environ.get("LD_LIBRARY_PATH", "").split(":")):
        yield root / folder.lstrip("/"), "user"


def _version_in_name(path: Path) -> Fact[str]:
    match = _CUDNN.fullmatch(path.name)
    if match is None:
        return Absent(Reason.NOT_SUPPORTED, str(path), "its file name holds no version")
    return Found(match[1], str(path))
