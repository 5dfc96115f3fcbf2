"""Does the installed torch have code for the GPUs that are there?"""

from collections.abc import Iterator

from msgspec.structs import replace

from rigcheck import versions
from rigcheck.facts import Failed, Found, Rig, is_known_absent, value_of
from rigcheck.findings import Evidence, Verdict
from rigcheck.knowledge import torch_wheels
from rigcheck.rules.evidence import from_table, passed, skipped, told, unknown
from rigcheck.rules.gpu_code import best_code, first_cuda_for
from rigcheck.rules.gpus import KnownGpu, known_gpus
from rigcheck.rules.grounds import without_reachable_gpu
from rigcheck.rules.places import Place, place_of, platform_of
from rigcheck.rules.remedies.torch_install import install_fitting_torch, serves_any
from rigcheck.rules.remedies.wheel_install import list_of
from rigcheck.rules.rule import Judgement, rule
from rigcheck.rules.symptoms import met, said


@rule(
    "gpu-arch-not-in-wheel",
    group="torch",
    needs=("host", "pci", "driver", "nvml", "python", "torch", "frameworks"),
    follows=("gpu-too-old",),
    link="https://github.com/pytorch/pytorch/blob/main/RELEASE.md#release-compatibility-matrix",
)
def gpu_arch_not_in_wheel(rig: Rig) -> Iterator[Judgement]:
    """The installed torch has no code that this GPU can run: `no kernel image is available`.

    The wheel's own list of code is held against each GPU's compute capability: machine code X.y
    runs on X.z with z not below y (so sm_86 serves an RTX 4090, which is 8.9), PTX is compiled for
    any later GPU, integrated GPUs stand apart. That torch.cuda.is_available() is true says nothing
    about it.
    """
    other = _not_about_code(rig)
    if other is not None:
        yield other
        return
    code = code_in_wheel(rig)
    refusals = met(rig, "arch-not-in-torch", "no-kernel-image")
    if code is None and refusals and _are_an_extensions(rig):
        yield passed("the code that is missing is an extension's", *map(said, refusals))
        return
    if code is None and refusals:
        evidence = tuple(map(said, refusals))
        yield from (_no_code(rig, gpu, evidence) for gpu in known_gpus(rig) if not gpu.is_hidden)
        return
    if code is None:
        yield unknown(
            "which GPUs this torch has code for could not be told",
            told("torch", rig.torch.version),
            told("code in the wheel", rig.torch.arch_list),
            tells="torch tells it once it can be imported",
        )
        return
    for gpu in known_gpus(rig):
        yield _judge_gpu(rig, gpu, *code)


def _are_an_extensions(rig: Rig) -> bool:
    """Refusals of kernels say nothing of torch where an extension is known to lack the code."""
    gpus = [value_of(gpu.compute_capability) for gpu in known_gpus(rig)]
    lists = [value_of(e.arch_list) for e in value_of(rig.frameworks.extensions) or ()]
    return any(
        codes and gpu and best_code(codes, gpu, None) is None for codes in lists for gpu in gpus
    )


def _not_about_code(rig: Rig) -> Judgement | None:
    torch = rig.torch
    if is_known_absent(torch.installed_version) and not isinstance(torch.version, Found):
        return skipped("torch is not installed")
    if isinstance(torch.hip_built_version, Found):
        return skipped("torch is built for ROCm", told("ROCm", torch.hip_built_version))
    if _is_cpu_only(rig):
        return skipped("torch is built without CUDA", told("torch", torch.installed_version))
    return without_reachable_gpu(rig)


def code_in_wheel(rig: Rig) -> tuple[tuple[str, ...], Evidence] | None:
    """The wheel's code as it tells itself, else as the tables have it for this release."""
    listed = rig.torch.arch_list
    if isinstance(listed, Found) and listed.value:
        return listed.value, told("code in the wheel", listed)
    row = _row_of_installed(rig)
    if row is None:
        return None
    text = f"torch {row.torch} for CUDA {row.cuda} has {' '.join(row.codes)}"
    return row.codes, from_table(text, row)


def _row_of_installed(rig: Rig) -> torch_wheels.Variant | None:
    version = value_of(rig.torch.installed_version) or ""
    public, _, local = version.partition("+")
    if not public or (release := torch_wheels.release_of(public)) is None:
        return None
    built = value_of(rig.torch.cuda_built_version)
    name = torch_wheels.variant_name(built) if built else local or release.pypi_variant
    return torch_wheels.variant_of(public, name, platform_of(rig))


def _judge_gpu(rig: Rig, gpu: KnownGpu, codes: tuple[str, ...], list_told: Evidence) -> Judgement:
    capability = gpu.compute_capability
    if gpu.is_hidden:
        return skipped(f"{gpu.text} is hidden from torch", list_told, subject=gpu.subject)
    if not isinstance(capability, Found):
        return unknown(
            f"the compute capability of {gpu.text} could not be told",
            told("compute capability", capability),
            tells="The driver tells it once it runs",
            commands=("nvidia-smi --query-gpu=name,compute_cap --format=csv",),
            subject=gpu.subject,
        )
    evidence = (told("compute capability", capability), list_told)
    cuda = value_of(rig.torch.cuda_built_version)
    code = best_code(codes, capability.value, cuda)
    if code is None:
        return _no_code(rig, gpu, evidence)
    if not code.is_ptx:
        headline = f"{code.name} code in torch runs on {gpu.text}"
        return passed(headline, *evidence, subject=gpu.subject)
    newest = value_of(rig.nvml.cuda_version)
    if newest and cuda and not versions.at_least(newest, cuda):
        # A driver compiles PTX of its own CUDA and older; minor-version compatibility ends here.
        driver = told("newest CUDA of the driver", rig.nvml.cuda_version)
        return _no_code(rig, gpu, (*evidence, driver), f" but {code.name}, too new for this driver")
    headline = f"torch has only PTX for {gpu.text}: its first start takes minutes"
    return passed(headline, *evidence, subject=gpu.subject)


def _no_code(rig: Rig, gpu: KnownGpu, evidence: tuple[Evidence, ...], but: str = "") -> Judgement:
    remedy = install_fitting_torch(rig)
    return Judgement(
        verdict=Verdict.FAIL,
        headline=f"{_named(rig)} has no code for {gpu.text}{but}",
        evidence=evidence,
        remedy=replace(remedy, text=f"{remedy.text}{_first_with_code(rig, gpu)}"),
        subject=gpu.subject,
    )


def _first_with_code(rig: Rig, gpu: KnownGpu) -> str:
    """From which CUDA on there is code for it, for those who must stay near their torch."""
    capability, built = value_of(gpu.compute_capability), value_of(rig.torch.cuda_built_version)
    cuda = first_cuda_for(capability) if capability else None
    if cuda is None or (built and versions.at_least(built, cuda)):
        return ""
    name = torch_wheels.variant_name(cuda)
    return f". No torch for a CUDA before {cuda} ({name}) has code for {gpu.text}"


@rule(
    "cpu-only-wheel",
    group="torch",
    needs=("host", "pci", "driver", "nvml", "python", "torch"),
    link="https://pytorch.org/get-started/locally/",
)
def cpu_only_wheel(rig: Rig) -> Iterator[Judgement]:
    """The installed torch was built without CUDA, so the NVIDIA GPU that is there stays idle.

    The version ends in +cpu, or torch names no CUDA (and no ROCm) it was built with. On a machine
    without an NVIDIA GPU, or with one that no published wheel serves, it is the right wheel.
    """
    torch = rig.torch
    evidence = (
        told("torch", torch.installed_version),
        told("CUDA torch was built with", torch.cuda_built_version),
    )
    gpus = known_gpus(rig)
    if is_known_absent(torch.installed_version) and not isinstance(torch.version, Found):
        yield skipped("torch is not installed")
    elif isinstance(torch.cuda_built_version, Found) or isinstance(torch.hip_built_version, Found):
        yield passed(f"torch is built for {_built_for(rig)}", *evidence)
    elif not _is_cpu_only(rig):
        yield unknown(
            "whether torch is built for CUDA could not be told",
            *evidence,
            tells="torch tells it once it can be imported",
        )
    elif (nothing := without_reachable_gpu(rig)) is not None:
        yield nothing
    elif gpus and not _has_a_build(rig, gpus):
        yield passed(
            f"torch is built without CUDA, and no known wheel serves {list_of(gpus)}", *evidence
        )
    else:
        yield Judgement(
            verdict=Verdict.FAIL,
            headline=f"{_named(rig)} is built without CUDA and cannot use "
            f"{list_of(gpus) or 'the GPU that the driver serves'}",
            evidence=evidence,
            remedy=install_fitting_torch(rig),
        )


def _has_a_build(rig: Rig, gpus: tuple[KnownGpu, ...]) -> bool:
    """Whether there is a torch for one of them: a wheel, or NVIDIA's own build for its Jetsons."""
    return place_of(rig) is Place.JETSON or serves_any(gpus, platform_of(rig))


def _is_cpu_only(rig: Rig) -> bool:
    torch = rig.torch
    if "+cpu" in _version(rig):
        return True
    says_none = is_known_absent(torch.cuda_built_version)
    return says_none and not isinstance(torch.hip_built_version, (Found, Failed))


def _built_for(rig: Rig) -> str:
    cuda = value_of(rig.torch.cuda_built_version)
    hip = value_of(rig.torch.hip_built_version)
    return f"CUDA {cuda}" if cuda else f"ROCm {hip}"


def _version(rig: Rig) -> str:
    return rig.torch.known_version or ""


def _named(rig: Rig) -> str:
    return f"torch {_version(rig)}".strip()
