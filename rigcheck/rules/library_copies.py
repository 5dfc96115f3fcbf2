"""CUDA libraries that are there twice: in one process, or by two packages in one environment."""

import re
from collections.abc import Iterator

from rigcheck.facts import (
    Absent,
    Fact,
    Found,
    Framework,
    LoadedLibrary,
    Reason,
    Rig,
    Torch,
    value_of,
)
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.rules.evidence import passed, skipped, told
from rigcheck.rules.loaded_libraries import is_cudas, origin, own_first
from rigcheck.rules.remedies.python_packages import installer_for, verify_with
from rigcheck.rules.rule import Judgement, rule

# Two packages of one library that write the same files, or of which an import finds only one.
_RIVALS = (
    ("onnxruntime", "onnxruntime-gpu"),
    ("tensorflow", "tensorflow-cpu"),
    ("nvidia-cudnn-cu11", "nvidia-cudnn-cu12", "nvidia-cudnn-cu13"),
    ("nvidia-nccl-cu11", "nvidia-nccl-cu12", "nvidia-nccl-cu13"),
    ("cupy", "cupy-cuda102", "cupy-cuda110", "cupy-cuda11x", "cupy-cuda12x", "cupy-cuda13x"),
)


_ONCE_ONLY = re.compile(r"lib(iomp5|mkl_(core|rt))\b")


@rule(
    "libraries-loaded-twice",
    group="torch",
    needs=("host", "python", "torch", "frameworks"),
    link="https://docs.cupy.dev/en/stable/install.html",
)
def libraries_loaded_twice(rig: Rig) -> Iterator[Judgement]:
    """A library is there in two copies: mapped into one process, or installed by rival packages.

    Two copies of a CUDA library, of MKL or of Intel's OpenMP in one process have two states and
    fail in odd ways; GNU's OpenMP and OpenBLAS are mostly there twice, and bear it. Of two
    packages that bring the same module or the same files (`cupy-cuda11x` and `cupy-cuda12x`,
    `onnxruntime` and `onnxruntime-gpu`, cuDNN for CUDA 12 and for CUDA 13) the one installed last
    wins.
    """
    twice = list(_loaded_twice(rig))
    rivals = list(_rivals(rig))
    yield from twice
    for names in rivals:
        yield _rival_packages(rig, names)
    if not twice and not rivals:
        yield _no_rivals(rig)


def _no_rivals(rig: Rig) -> Judgement:
    known = (rig.torch.loaded_libraries, rig.python.distributions)
    if not any(isinstance(fact, Found) for fact in known):
        return skipped("the libraries in use are not known", told("loaded libraries", known[0]))
    return passed("no CUDA library is there twice", told("packages", _count(rig)))


def _count(rig: Rig) -> Found[str] | Absent:
    found = rig.python.distributions
    if not isinstance(found, Found):
        return Absent(Reason.NOT_ASKED, "")
    return Found(f"{len(found.value)} that matter here", found.source)


def _loaded_twice(rig: Rig) -> Iterator[Judgement]:
    """In the process that imported torch, and in those of the other frameworks."""
    yield from (_twice(rig, c, rig.torch.loaded_libraries) for c in _copies(rig.torch))
    for framework in value_of(rig.frameworks.installed) or ():
        for copies in _copies(framework):
            yield _twice(rig, copies, framework.loaded_libraries, f" by {framework.title}")


def _twice(
    rig: Rig,
    copies: list[LoadedLibrary],
    loaded: Fact[tuple[LoadedLibrary, ...]],
    by_whom: str = "",
) -> Judgement:
    return Judgement(
        verdict=Verdict.WARN,
        headline=f"{copies[0].name} is loaded twice into one process{by_whom}",
        evidence=tuple(Evidence(origin(copy), loaded.source) for copy in copies),
        remedy=own_first(rig, ()),
        subject=_stem(copies[0].name) + by_whom,
    )


def _copies(part: Torch | Framework) -> list[list[LoadedLibrary]]:
    by_stem: dict[str, dict[str, LoadedLibrary]] = {}
    for library in value_of(part.loaded_libraries) or ():
        if is_cudas(library) or _ONCE_ONLY.match(library.name):
            by_stem.setdefault(_stem(library.name), {})[library.path] = library
    return [[c for _, c in sorted(paths.items())] for paths in by_stem.values() if len(paths) > 1]


def _stem(name: str) -> str:
    """`libcublas.so.12` → `libcublas`; the hash that auditwheel adds is left out, too."""
    return re.sub(r"-[0-9a-f]{8}$", "", name.split(".so", maxsplit=1)[0])


def _rivals(rig: Rig) -> Iterator[tuple[str, ...]]:
    installed = {d.name for d in value_of(rig.python.distributions) or ()}
    for rivals in _RIVALS:
        there = tuple(name for name in rivals if name in installed)
        if len(there) > 1:
            yield there


def _rival_packages(rig: Rig, names: tuple[str, ...]) -> Judgement:
    installer = installer_for(rig)
    keep = _kept(rig, names)
    return Judgement(
        verdict=Verdict.WARN,
        headline=f"{' and '.join(names)} are installed together and overwrite each other",
        evidence=(told("packages", Found(", ".join(names), rig.python.distributions.source)),),
        remedy=Remedy(
            text=f"Take all of them out and install the one that is wanted, here {keep}",
            commands=(installer.uninstall(names), installer.install([keep])),
            verify=verify_with(installer, "python", "torch"),
        ),
        subject=names[0],
    )


def _kept(rig: Rig, names: tuple[str, ...]) -> str:
    """The one for torch's CUDA, with its version (torch pins one); else the newest, for a GPU."""
    major = (value_of(rig.torch.cuda_built_version) or "").split(".", maxsplit=1)[0]
    fitting = next((n for n in names if major and n.endswith((f"cu{major}", f"{major}x"))), None)
    if fitting is None:
        fitting = next((n for n in names if n.endswith("-gpu")), None)
    if fitting is None:
        fitting = names[0] if names[0] == "tensorflow" else names[-1]
    versions = {d.name: d.version for d in value_of(rig.python.distributions) or ()}
    return f"{fitting}=={versions[fitting]}" if fitting.startswith("nvidia-") else fitting
