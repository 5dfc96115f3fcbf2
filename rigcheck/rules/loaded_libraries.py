"""Which copies of CUDA's libraries a framework got: the wheel's own, or others found first."""

import posixpath
import re
from collections.abc import Iterator

from rigcheck.facts import Found, LoadedLibrary, Rig, is_known_absent, value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.rules.evidence import passed, skipped, told
from rigcheck.rules.remedies.python_packages import installer_for, verify_with
from rigcheck.rules.remedies.torch_reinstall import reinstall_torch
from rigcheck.rules.rule import Judgement, rule
from rigcheck.rules.symptoms import met, said

_CUDNN = "libcudnn"
_NEEDS = ("host", "python", "torch", "environment")
_BROUGHT = re.compile(r"lib(cu(?!da\.)|nccl|nvrtc|nvJitLink)")
_WHEELS = re.compile(r"nvidia-(cu|nccl|nvjitlink|nvtx)")


@rule(
    "cuda-libs-from-ld-library-path",
    group="torch",
    needs=_NEEDS,
    link="https://github.com/pytorch/pytorch/issues/111469",
)
def cuda_libs_from_ld_library_path(rig: Rig) -> Iterator[Judgement]:
    """A system's CUDA libraries are found before the wheel's own, by LD_LIBRARY_PATH.

    A wheel brings the CUDA it was tested with; the loader looks into LD_LIBRARY_PATH first. Of
    another version they end in an undefined symbol (`__nvJitLinkAddData_12_1`), or compute with
    what nobody tested. The libraries that are mapped once torch is imported tell it, and the
    words of a failed import. A build without NVIDIA's wheels, as in NVIDIA's containers, uses the
    system's libraries by right.
    """
    complaints = met(rig, "foreign-cuda-library")
    yield _judge_origin(
        rig,
        "CUDA libraries",
        foreign=_foreign(rig, is_cudnn=False),
        is_broken=bool(complaints),
        words=tuple(map(said, complaints)),
    )


@rule(
    "cudnn-from-ld-library-path",
    group="torch",
    needs=_NEEDS,
    link="https://docs.nvidia.com/deeplearning/cudnn/installation/latest/linux.html",
)
def cudnn_from_ld_library_path(rig: Rig) -> Iterator[Judgement]:
    """A cuDNN in LD_LIBRARY_PATH is found before the one that came with the wheel.

    That a cuDNN is installed on the system says nothing: a wheel uses its own. Only the file that
    is mapped once torch is imported counts, or torch's own complaint of a version it was not
    compiled against, where LD_LIBRARY_PATH is set.
    """
    complaints = met(rig, "cudnn-version")
    blamed = [s for s in complaints if "LD_LIBRARY_PATH" in s.text]
    path = rig.environment.ld_library_path
    is_set = isinstance(path, Found) and bool(path.value)
    yield _judge_origin(
        rig,
        "cuDNN",
        foreign=_foreign(rig, is_cudnn=True),
        is_broken=bool(blamed) and is_set,
        words=tuple(map(said, complaints)),
    )


def _judge_origin(
    rig: Rig,
    what: str,
    *,
    foreign: tuple[LoadedLibrary, ...],
    is_broken: bool,
    words: tuple[Evidence, ...],
) -> Judgement:
    path, loaded = rig.environment.ld_library_path, rig.torch.loaded_libraries
    evidence = (
        *words,
        told("LD_LIBRARY_PATH", path),
        *(Evidence(f"loaded: {origin(library)}", loaded.source) for library in foreign),
    )
    if is_broken:
        return Judgement(
            verdict=Verdict.FAIL,
            headline=f"{what} of another version found before the wheel's own, which do not fit",
            evidence=evidence,
            remedy=own_first(rig, foreign),
        )
    if foreign:
        folders = ", ".join(sorted({posixpath.dirname(library.path) for library in foreign}))
        return Judgement(
            verdict=Verdict.WARN,
            headline=f"torch uses {what} from {folders} instead of the wheel's own",
            evidence=evidence,
            remedy=own_first(rig, foreign),
        )
    if isinstance(loaded, Found):
        return passed(f"torch uses its own {what}", told("LD_LIBRARY_PATH", path))
    return skipped(f"which {what} torch loads is not known", told("loaded libraries", loaded))


def is_cudas(library: LoadedLibrary) -> bool:
    """One that NVIDIA's wheels bring; the driver's own come from the system by right."""
    return bool(_BROUGHT.match(library.name))


def origin(library: LoadedLibrary) -> str:
    """`/…/libcudnn.so.9 (nvidia-cudnn-cu13 9.26.0, found by RPATH of libtorch_cuda.so)`."""
    owner, way = value_of(library.owner), value_of(library.found_by)
    told = [owner or "", f"found by {way}" if way else ""]
    words = ", ".join(word for word in told if word)
    return f"{library.path} ({words})" if words else library.path


def _is_set_nowhere(rig: Rig) -> bool:
    return is_known_absent(rig.environment.ld_library_path) and not value_of(
        rig.environment.ld_preload
    )


def _foreign(rig: Rig, *, is_cudnn: bool) -> tuple[LoadedLibrary, ...]:
    """Loaded from a folder of LD_LIBRARY_PATH, though the wheel brought its own."""
    folders = {posixpath.normpath(f) for f in _folders(rig) if f}
    if not _has_own(rig):
        return ()
    return tuple(
        library
        for library in value_of(rig.torch.loaded_libraries) or ()
        if is_cudas(library)
        and library.name.startswith(_CUDNN) == is_cudnn
        and posixpath.normpath(posixpath.dirname(library.path)) in folders
        and "/site-packages/" not in library.path
    )


def _folders(rig: Rig) -> list[str]:
    return (value_of(rig.environment.ld_library_path) or "").split(":")


def _has_own(rig: Rig) -> bool:
    loaded = value_of(rig.torch.loaded_libraries) or ()
    return any(_WHEELS.match(d.name) for d in value_of(rig.python.distributions) or ()) or any(
        "/site-packages/nvidia/" in posixpath.normpath(library.path) for library in loaded
    )


def own_first(rig: Rig, foreign: tuple[LoadedLibrary, ...]) -> Remedy:
    """How the wheel's own libraries are found before all others."""
    if _is_set_nowhere(rig):
        return reinstall_torch(rig, value_of(rig.torch.installed_version) or "", "")
    bad = {posixpath.normpath(posixpath.dirname(library.path)) for library in foreign}
    kept = [f for f in _folders(rig) if f and not _is_cudas(f) and posixpath.normpath(f) not in bad]
    set_to = f"export LD_LIBRARY_PATH={':'.join(kept)}" if kept else "unset LD_LIBRARY_PATH"
    return Remedy(
        text="Take CUDA's folders out of LD_LIBRARY_PATH, also where it is set at login "
        "(~/.bashrc, ~/.profile, /etc/environment): the wheel finds its own libraries without it",
        commands=(set_to, "grep -n LD_LIBRARY_PATH ~/.bashrc ~/.profile /etc/environment"),
        verify=verify_with(installer_for(rig)),
    )


def _is_cudas(folder: str) -> bool:
    return "cuda" in folder.lower() or "cudnn" in folder.lower()
