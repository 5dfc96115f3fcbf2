"""Do TensorFlow, JAX and the others see the GPU that is there?"""

from collections.abc import Iterator

from rigcheck import versions
from rigcheck.facts import Failed, Found, Framework, Rig, Symptom, value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.knowledge import cuda_driver, frameworks
from rigcheck.knowledge.frameworks import GpuBuild
from rigcheck.rules.evidence import from_table, one_line, passed, skipped, told
from rigcheck.rules.gpu_code import best_code
from rigcheck.rules.gpus import driver_version, known_gpus
from rigcheck.rules.grounds import without_reachable_gpu
from rigcheck.rules.places import Place, place_of
from rigcheck.rules.remedies.python_packages import installer_for
from rigcheck.rules.remedies.wheel_install import list_of
from rigcheck.rules.rule import Judgement, rule
from rigcheck.rules.symptoms import met, said

_SPEAKERS = {
    "tensorflow-without-libraries": "tensorflow",
    "jax-without-cuda": "jax",
    "onnxruntime-without-cuda": "onnxruntime",
}


@rule(
    "framework-sees-no-gpu",
    group="frameworks",
    needs=("host", "pci", "driver", "nvml", "python", "torch", "frameworks"),
    follows=(
        "kernel-module-not-loaded",
        "driver-library-mismatch",
        "container-without-nvidia-runtime",
        "container-lost-gpu-cgroup",
        "cuda-visible-devices",
        "cudnn-version-mismatch",
        "cudnn-not-found",
    ),
    link="https://www.tensorflow.org/install/pip",
)
def framework_sees_no_gpu(rig: Rig) -> Iterator[Judgement]:
    """A framework beside torch goes on with the CPU, though a GPU is there for it.

    TensorFlow and JAX find no GPU where their CUDA half is not installed, where a library of it
    cannot be loaded, or where their wheels have no code for the GPU, and say so in a line that is
    easily missed. Each is asked in a process of its own; what it says itself counts most. One that
    has no GPU half (PyTensor, the CPU package of ONNX Runtime) is no fault.
    """
    complaints = met(rig, *_SPEAKERS)
    yield from (_complained(rig, c) for c in _first_of_each(complaints))
    if (nothing := without_reachable_gpu(rig)) is not None:
        if not complaints:
            yield nothing
        return
    spoken = {_SPEAKERS[c.name] for c in complaints}
    found = value_of(rig.frameworks.installed) or ()
    judged = [_judge(rig, f) for f in found if _plain(f.name) not in spoken]
    yield from judged
    if not judged and not complaints:
        yield skipped("no framework beside torch is known here")


def _first_of_each(complaints: tuple[Symptom, ...]) -> tuple[Symptom, ...]:
    return tuple({complaint.name: complaint for complaint in reversed(complaints)}.values())


def _plain(name: str) -> str:
    """`cupy-cuda12x` → `cupy`, `tensorflow-cpu` → `tensorflow`."""
    return name.split("-", maxsplit=1)[0]


def _complained(rig: Rig, complaint: Symptom) -> Judgement:
    name = _SPEAKERS[complaint.name]
    return Judgement(
        verdict=Verdict.WARN,
        headline=f"{name} does not use the GPU: {one_line(complaint.text)}",
        evidence=(said(complaint),),
        remedy=_with_cuda(rig, name),
        subject=name,
    )


def _judge(rig: Rig, framework: Framework) -> Judgement:
    name, title, sees = framework.name, framework.title, framework.sees_gpu
    evidence = (told(title, framework.version), told(f"{title} sees a GPU", sees), _others(rig))
    if value_of(sees):
        return passed(f"{title} sees the GPU", *evidence, subject=title)
    row = frameworks.package_row(name)
    if row is not None:
        note = from_table(f"{name}: GPU {row.what}", row)
        headline = f"{name} has no GPU half of its own"
        return skipped(headline, *evidence, note, subject=title)
    if name == "onnxruntime":
        return skipped(
            "onnxruntime is the package for the CPU (onnxruntime-gpu is the other)",
            *evidence,
            subject=name,
        )
    if not isinstance(sees, (Found, Failed)):
        return skipped(f"whether {name} sees the GPU is not known", *evidence, subject=name)
    lacking = _without_code(rig, _plain(name))
    why = f": {one_line(sees.error)}" if isinstance(sees, Failed) else ""
    version = value_of(framework.version)
    named = f"{name} {version}" if version else name
    return Judgement(
        verdict=Verdict.WARN,
        headline=f"{named} does not use the GPU{why}",
        evidence=(*evidence, *lacking),
        remedy=_with_cuda(rig, _plain(name)),
        subject=name,
    )


def _others(rig: Rig) -> Evidence:
    """Who does see it: then driver and card are right, and the fault is the framework's."""
    seeing = ["torch"] if value_of(rig.torch.cuda_available) else []
    found = rig.frameworks.installed
    seeing += [f.title for f in value_of(found) or () if value_of(f.sees_gpu)]
    return Evidence(f"see a GPU: {', '.join(seeing) or 'none'}", found.source)


def _without_code(rig: Rig, name: str) -> tuple[Evidence, ...]:
    """The builds whose code serves none of the GPUs."""
    return tuple(
        from_table(f"{build.requirement} has {' '.join(build.codes)}", build)
        for build in frameworks.builds_of(name)
        if not _serves(rig, build)
    )


def _serves(rig: Rig, build: GpuBuild) -> bool:
    capabilities = [value_of(gpu.compute_capability) for gpu in known_gpus(rig)]
    return all(c is None or best_code(build.codes, c, build.cuda) for c in capabilities)


def _runs_here(rig: Rig, build: GpuBuild) -> bool:
    driver = value_of(driver_version(rig))
    floor = cuda_driver.floor_of(build.cuda)
    if driver is None or floor is None:
        return True
    oldest = floor.driver_windows if place_of(rig) is Place.WSL else floor.driver_linux
    return versions.at_least(driver, oldest)


def _with_cuda(rig: Rig, name: str) -> Remedy:
    builds = frameworks.builds_of(name)
    fitting = next((b for b in builds if _serves(rig, b) and _runs_here(rig, b)), None)
    if builds and fitting is None:
        return Remedy(
            text=f"No wheel of {name} has code for {list_of(known_gpus(rig)) or 'this GPU'} and "
            "runs on this driver: use torch, NVIDIA's container of the framework, or a build "
            "from source",
        )
    if value_of(rig.host.system) == "Windows":
        return Remedy(
            text=f"{name} has no GPU wheels for native Windows today: use WSL2",
            commands=("wsl --install",),
        )
    requirement = fitting.requirement if fitting else _OTHERS.get(name, name)
    installer = installer_for(rig)
    return Remedy(
        text=f"Install {name} with its CUDA half. If it stays, a CUDA library found first is of "
        "another version: unset LD_LIBRARY_PATH, and give each framework an environment of its "
        "own, as torch pins one exact cuDNN",
        commands=(*installer.prepare, installer.install([requirement])),
        verify=f"rigcheck check --only frameworks --python {installer.python}",
    )


_OTHERS = {
    "onnxruntime": "onnxruntime-gpu[cuda,cudnn]",
    "cupy": "cupy-cuda12x",
    "numba": "numba-cuda",
}
