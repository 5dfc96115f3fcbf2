"""Is cuDNN there, and of a version that its users were built for?"""

from collections.abc import Iterator

from rigcheck import versions
from rigcheck.facts import Found, Rig, is_known_absent, value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.knowledge import frameworks
from rigcheck.rules.evidence import from_table, passed, skipped, told
from rigcheck.rules.remedies.python_packages import installer_for, verify_with
from rigcheck.rules.rule import Judgement, rule
from rigcheck.rules.symptoms import met, said

_GUIDE = "https://docs.nvidia.com/deeplearning/cudnn/installation/latest/linux.html"


@rule(
    "cudnn-not-found",
    group="torch",
    needs=("host", "python", "torch"),
    follows=("torch-import-fails", "cuda-libs-from-ld-library-path"),
    link=_GUIDE,
)
def cudnn_not_found(rig: Rig) -> Iterator[Judgement]:
    """A program that computes with cuDNN cannot load it, or a part of it.

    torch for CUDA tells whether it has one. Another library in the same process (CTranslate2, ONNX
    Runtime, TensorFlow) does not see torch's copy, which lies in a folder that the loader does not
    search, unless something loads it first or LD_LIBRARY_PATH names that folder.
    """
    seen = met(rig, "cudnn-not-found")
    version, cuda = rig.torch.cudnn_version, rig.torch.cuda_built_version
    if seen:
        yield Judgement(
            verdict=Verdict.FAIL,
            headline=f"cuDNN cannot be loaded{_which(seen[0].text)}",
            evidence=(*map(said, seen), told("cuDNN of torch", version)),
            remedy=_make_found(rig, seen[0].text),
        )
    elif isinstance(version, Found):
        yield passed(f"torch has cuDNN {version.value}", told("cuDNN", version))
    elif isinstance(cuda, Found) and is_known_absent(version):
        yield Judgement(
            verdict=Verdict.WARN,
            headline=f"torch for CUDA {cuda.value} finds no cuDNN: convolutions are slow or fail",
            evidence=(told("cuDNN", version), told("CUDA torch was built with", cuda)),
            remedy=_make_found(rig, ""),
        )
    else:
        yield skipped("no program that needs cuDNN is known here", told("cuDNN", version))


def _which(text: str) -> str:
    words = text.replace("{", " ").replace(",", " ").replace("'", " ").replace(":", " ").split()
    name = next((word for word in words if word.startswith("libcudnn")), "")
    return f": {name}" if name else ""


def _make_found(rig: Rig, text: str) -> Remedy:
    installer = installer_for(rig)
    python = installer.python
    own = next((d for d in _distributions(rig) if d.startswith("nvidia-cudnn-cu")), None)
    major = _cuda_major(rig)
    wanted = "8" if ".so.8" in text else "9"
    package = own or f"nvidia-cudnn-cu{major}"
    install = () if own and not _is_other_major(rig, own, wanted) else (f"{package}=={wanted}.*",)
    folder = f"$({python} -c 'import nvidia.cudnn as c; print(c.__path__[0] + \"/lib\")')"
    return Remedy(
        text="Put the folder of the wheel's cuDNN into LD_LIBRARY_PATH of this program (torch "
        f"finds it by itself, other libraries do not). It asks for cuDNN {wanted}",
        commands=(
            *([installer.install(install)] if install else []),
            f"export LD_LIBRARY_PATH={folder}:$LD_LIBRARY_PATH",
        ),
        verify=verify_with(installer),
    )


def _is_other_major(rig: Rig, name: str, wanted: str) -> bool:
    version = _distributions(rig)[name]
    return versions.release(version)[0] != int(wanted)


def _cuda_major(rig: Rig) -> str:
    built = value_of(rig.torch.cuda_built_version) or value_of(rig.nvml.cuda_version) or "12"
    return str(versions.release(built)[0])


def _distributions(rig: Rig) -> dict[str, str]:
    return {d.name: d.version for d in value_of(rig.python.distributions) or ()}


@rule(
    "cudnn-version-mismatch",
    group="torch",
    needs=("host", "python", "torch", "environment"),
    follows=("cudnn-from-ld-library-path",),
    link="https://docs.nvidia.com/deeplearning/cudnn/backend/latest/developer/forward-compatibility.html",
)
def cudnn_version_mismatch(rig: Rig) -> Iterator[Judgement]:
    """The cuDNN in use is older than the one a framework was built with, or of another major.

    A program built with cuDNN 9.3 runs with 9.3 and all later 9.x, not with 9.1 and not with 8.
    The frameworks check it themselves and refuse. In one environment torch pins one exact cuDNN
    and TensorFlow and JAX ask for a floor: pip's last word may be too old for one of them.
    """
    seen = met(rig, "cudnn-version")
    if seen:
        yield Judgement(
            verdict=Verdict.FAIL,
            headline="the cuDNN that is loaded is not one that the framework was built for",
            evidence=(*map(said, seen), *_copies(rig)),
            remedy=_right_version(rig),
        )
        return
    clashes = list(_clashes(rig))
    yield from clashes
    version = rig.torch.cudnn_version
    if not clashes and isinstance(version, Found):
        yield passed(f"torch works with cuDNN {version.value}", *_copies(rig))
    elif not clashes:
        yield skipped("no framework has told of its cuDNN", told("cuDNN", version))


def _copies(rig: Rig) -> tuple[Evidence, ...]:
    source = rig.python.distributions.source
    wheels = (
        Evidence(f"installed: {name} {version}", source)
        for name, version in _distributions(rig).items()
        if name.startswith("nvidia-cudnn")
    )
    return (
        told("cuDNN of torch", rig.torch.cudnn_version),
        told("LD_LIBRARY_PATH", rig.environment.ld_library_path),
        *wheels,
    )


def _clashes(rig: Rig) -> Iterator[Judgement]:
    """Frameworks whose floor the installed cuDNN wheel does not reach."""
    installed = _distributions(rig)
    cudnn = next((n for n in installed if n.startswith("nvidia-cudnn-cu")), None)
    if cudnn is None:
        return
    for name in ("tensorflow", "jax"):
        row = frameworks.cudnn_need(name, installed[name]) if name in installed else None
        has_cuda = name == "tensorflow" or any(n.startswith("jax-cuda") for n in installed)
        if row is None or not has_cuda or _serves(installed[cudnn], row.cudnn):
            continue
        yield Judgement(
            verdict=Verdict.WARN,
            headline=f"{name} {installed[name]} needs cuDNN {row.cudnn} or a later one of its "
            f"major, and {cudnn} is {installed[cudnn]}",
            evidence=(
                from_table(f"{name} {row.version} was built with cuDNN {row.cudnn}", row),
                Evidence(f"installed: {cudnn} {installed[cudnn]}", rig.python.distributions.source),
            ),
            remedy=_environment_of_its_own(rig, name),
            subject=name,
        )


def _serves(installed: str, needed: str) -> bool:
    same_major = versions.release(installed)[0] == versions.release(needed)[0]
    return same_major and versions.at_least(installed, needed)


def _environment_of_its_own(rig: Rig, name: str) -> Remedy:
    requirement = {"tensorflow": "tensorflow[and-cuda]"}.get(name, f"jax[cuda{_cuda_major(rig)}]")
    return Remedy(
        text=f"Give {name} an environment of its own: torch pins one exact cuDNN, which another "
        "framework in the same environment has to take",
        commands=(
            f"python3 -m venv ~/.venvs/{name}",
            f"~/.venvs/{name}/bin/python -m pip install '{requirement}'",
        ),
        verify=f"rigcheck check --only frameworks --python ~/.venvs/{name}/bin/python",
    )


def _right_version(rig: Rig) -> Remedy:
    installer = installer_for(rig)
    return Remedy(
        text="Let the framework find its own cuDNN: take folders with another one out of "
        "LD_LIBRARY_PATH. If it is not set, the cuDNN in the environment is of another framework "
        "there: give each an environment of its own, or install this framework last",
        commands=("unset LD_LIBRARY_PATH", f"{installer.python} -m pip list | grep -i cudnn"),
        verify=verify_with(installer),
    )
