"""The libraries that a framework truly loaded: whose they are, and how the loader found them."""

import functools
import os
import platform
import posixpath
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from rigcheck.facts import NOT_ASKED, Fact, Found, LoadedLibrary
from rigcheck.probes.elf import Dynamic, read_dynamic
from rigcheck.probes.file_owners import read_owners

_COMPUTING = re.compile(
    r"^lib(?:cuda|cudart|cublas|cublasLt|cufft|curand|cusolver|cusparse|cusparseLt|cupti|nvrtc"
    r"|nvJitLink|nvidia-ml|nccl|cudnn\w*|mkl_\w+|openblas\w*|scipy_openblas\w*|blis|gomp|iomp5|omp"
    r")(?:-[0-9a-f]{8})?\.so(?:[.\d]*)$"
)
_SYSTEM_FOLDERS = (
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/lib/wsl/lib"),
    f"/usr/lib/{platform.machine()}-linux-gnu",
)
_CONFIGURATION = Path("/etc/ld.so.conf.d")


class Mapped(msgspec.Struct, frozen=True, kw_only=True):
    """What a child told of the libraries mapped into it."""

    paths: tuple[str, ...]
    ld_library_path: str
    source: str


def mapped_from(event: Mapping[str, Any]) -> Mapped:
    """From the event `mapped` on the wire."""
    return Mapped(
        paths=tuple(event["paths"]),
        ld_library_path=event["ld_library_path"],
        source=event["source"],
    )


def read_loaded_libraries(mapped: Mapped) -> Fact[tuple[LoadedLibrary, ...]]:
    """Those for computing among the mapped ones."""
    ours = [path for path in mapped.paths if _COMPUTING.match(posixpath.basename(path))]
    owners = read_owners(ours)
    search = _Search.of(mapped) if ours else None
    return Found(
        tuple(
            LoadedLibrary(
                name=posixpath.basename(path),
                path=path,
                owner=owners[path],
                found_by=search.found_by(path) if search else NOT_ASKED,
            )
            for path in ours
        ),
        mapped.source,
    )


class _Search(msgspec.Struct, frozen=True):
    """Where the loader of that process looked, in its own order (ld.so(8)).

    It is told from the files, after the fact: a library that was opened by its full path from a
    folder that one of these names, too, is told as found by it.
    """

    by_rpath: Mapping[str, "_Namers"]
    """The libraries that name a folder so, by the folder."""
    ld_library_path: frozenset[str]
    by_runpath: Mapping[str, "_Namers"]
    system: frozenset[str]
    source: str

    @classmethod
    def of(cls, mapped: Mapped) -> "_Search":
        read = ((path, read_dynamic(Path(path))) for path in mapped.paths)
        dynamics = [(path, dynamic) for path, dynamic in read if dynamic is not None]
        return cls(
            by_rpath=_naming((path, d, () if d.runpath else d.rpath) for path, d in dynamics),
            ld_library_path=frozenset(map(_real, filter(None, mapped.ld_library_path.split(":")))),
            by_runpath=_naming((path, d, d.runpath) for path, d in dynamics),
            system=frozenset(map(_real, (*_SYSTEM_FOLDERS, *_configured(_CONFIGURATION)))),
            source=f"{mapped.source}, dynamic sections",
        )

    def found_by(self, path: str) -> Fact[str]:
        folder, name = _real(posixpath.dirname(path)), posixpath.basename(path)
        if folder in self.by_rpath:
            return Found(f"RPATH of {_namer(self.by_rpath[folder], name)}", self.source)
        if folder in self.ld_library_path:
            return Found("LD_LIBRARY_PATH", self.source)
        if folder in self.by_runpath:
            return Found(f"RUNPATH of {_namer(self.by_runpath[folder], name)}", self.source)
        return Found("system path" if folder in self.system else "its own path", self.source)


_Namers: TypeAlias = list[tuple[str, Dynamic]]


def _naming(named: Iterable[tuple[str, Dynamic, tuple[str, ...]]]) -> dict[str, _Namers]:
    real = functools.cache(_real)  # the same few folders are named a thousand times
    namers: dict[str, _Namers] = {}
    for path, dynamic, entries in named:
        for folder in {real(entry) for entry in entries}:
            namers.setdefault(folder, []).append((path, dynamic))
    return namers


def _namer(namers: _Namers, name: str) -> str:
    """The one that needs the library, if it is linked to any; else the first."""
    needing = (path for path, dynamic in namers if name in dynamic.needed)
    return posixpath.basename(next(needing, namers[0][0]))


def _configured(directory: Path) -> Iterable[str]:
    """Folders that the system's administrator added."""
    for file in sorted(directory.glob("*.conf")):
        try:
            lines = file.read_text(errors="replace").splitlines()
        except OSError:
            continue
        yield from (line.strip() for line in lines if line.strip().startswith("/"))


def _real(folder: str) -> str:
    return os.path.realpath(folder)
