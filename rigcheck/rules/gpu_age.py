"""GPUs that wheels leave behind: dropped by them, or served by PTX only."""

import datetime as dt
from collections.abc import Iterator

from msgspec.structs import replace

from rigcheck.facts import Found, Rig, value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.knowledge import gpu_arch, torch_wheels
from rigcheck.rules.evidence import from_table, passed, skipped, told
from rigcheck.rules.gpu_code import best_code
from rigcheck.rules.gpus import KnownGpu, known_gpus
from rigcheck.rules.grounds import without_reachable_gpu
from rigcheck.rules.places import platform_of
from rigcheck.rules.remedies.torch_install import install_fitting_torch
from rigcheck.rules.remedies.wheel_choice import Wanted, Wheel, newest_wheel
from rigcheck.rules.rule import Judgement, rule
from rigcheck.rules.symptoms import met, said

# A release of the last year still meets the libraries of today.
_CURRENT = dt.timedelta(days=365)
_PARTS = ("host", "pci", "driver", "nvml", "python", "torch")


@rule(
    "gpu-too-old",
    group="torch",
    needs=_PARTS,
    link="https://github.com/pytorch/pytorch/blob/main/RELEASE.md#release-compatibility-matrix",
)
def gpu_too_old(rig: Rig) -> Iterator[Judgement]:
    """Every current torch wheel has dropped this GPU; only an older one, or none, has its kernels.

    The tables are searched for the newest wheel of this platform with machine code and a cuDNN for
    the GPU's compute capability. It counts as current if it came out within a year of the newest
    release. A GPU that the installed torch runs on is not called too old, however old it is.
    """
    nothing = without_reachable_gpu(rig)
    if nothing is not None:
        yield nothing
        return
    for gpu in known_gpus(rig):
        yield _judge_age(rig, gpu)


def _judge_age(rig: Rig, gpu: KnownGpu) -> Judgement:
    capability = gpu.compute_capability
    if not isinstance(capability, Found):
        return skipped(f"the compute capability of {gpu.text} is not known", subject=gpu.subject)
    if gpu_arch.capability_row(capability.value) is None:
        return skipped(f"{gpu.text} is not in rigcheck's tables", subject=gpu.subject)
    seen = told("compute capability", capability)
    if _runs_already(rig, gpu, capability.value):
        return passed(f"the installed torch serves {gpu.text}", seen, subject=gpu.subject)
    wheel = newest_wheel(Wanted(capabilities=(capability.value,), platform=platform_of(rig)))
    if wheel is not None and _is_current(wheel):
        headline = f"current wheels serve {gpu.text}: {wheel.text}"
        return passed(headline, seen, _of(wheel), subject=gpu.subject)
    return _too_old(rig, gpu, wheel, seen)


def _runs_already(rig: Rig, gpu: KnownGpu, capability: str) -> bool:
    codes = value_of(rig.torch.arch_list) or ()
    code = best_code(codes, capability, value_of(rig.torch.cuda_built_version))
    return code is not None and not gpu.is_hidden and not met(rig, "gpu-too-old-for-torch")


def _is_current(wheel: Wheel) -> bool:
    newest = max(_date(release.released) for release in torch_wheels.offered_releases())
    return newest - _date(wheel.release.released) <= _CURRENT


def _date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _of(wheel: Wheel) -> Evidence:
    codes = " ".join(wheel.variant.codes) if wheel.variant else ""
    return from_table(f"{wheel.text} has {codes}", wheel.variant or wheel.release)


def _too_old(rig: Rig, gpu: KnownGpu, wheel: Wheel | None, seen: Evidence) -> Judgement:
    evidence = [seen, *map(said, met(rig, "gpu-too-old-for-torch", "no-kernel-image"))]
    if wheel is None:
        headline = f"no torch wheel known to rigcheck serves {gpu.text}, a GPU too old for them"
    else:
        headline = f"current torch wheels have dropped {gpu.text}; the last for it: {wheel.text}"
        evidence += [_of(wheel), *_by_hand(gpu, wheel)]
    has_torch = isinstance(rig.torch.installed_version, Found)
    return Judgement(
        verdict=Verdict.FAIL if has_torch else Verdict.WARN,
        headline=headline,
        evidence=tuple(evidence),
        remedy=_older_or_other(rig, gpu, wheel),
        subject=gpu.subject,
    )


def _by_hand(gpu: KnownGpu, wheel: Wheel) -> Iterator[Evidence]:
    """The hand-gathered answer, with its doubts, where it is the same wheel."""
    family = torch_wheels.family_of(value_of(gpu.compute_capability) or "0")
    if family is not None and family.last_torch == wheel.release.latest and family.note:
        yield from_table(f"{family.gpus}: {family.note}", family)


def _older_or_other(rig: Rig, gpu: KnownGpu, wheel: Wheel | None) -> Remedy:
    if wheel is not None:
        remedy = install_fitting_torch(rig)
        text = f"An older release still serves it, with the libraries of its time: {remedy.text}"
        return Remedy(text=text, commands=remedy.commands, verify=remedy.verify)
    row = gpu_arch.capability_row(value_of(gpu.compute_capability) or "")
    source = f". A build from source needs CUDA {row.last_cuda} or older for it" if row else ""
    fallback = install_fitting_torch(rig)
    return Remedy(
        text=f"{fallback.text}{source}", commands=fallback.commands, verify=fallback.verify
    )


@rule(
    "ptx-jit-slow-start",
    group="torch",
    needs=_PARTS,
    follows=("gpu-arch-not-in-wheel",),
    link="https://docs.nvidia.com/cuda/cuda-c-programming-guide/#just-in-time-compilation",
)
def ptx_jit_slow_start(rig: Rig) -> Iterator[Judgement]:
    """The library has no machine code for this GPU, only PTX, which the driver compiles at start.

    The first start takes minutes (TensorFlow speaks of half an hour) and the driver's cache must
    hold the result; a driver older than the library's CUDA cannot compile it at all.
    """
    spoken = met(rig, "ptx-jit")
    if spoken:
        yield _slow_start(rig, tuple(map(said, spoken)), "the library", "")
        return
    nothing = without_reachable_gpu(rig)
    codes = rig.torch.arch_list
    if nothing is not None:
        yield nothing
    elif not isinstance(codes, Found) or not codes.value:
        yield skipped("the code in torch is not known", told("code in the wheel", codes))
    else:
        for gpu in known_gpus(rig):
            yield _judge_ptx(rig, gpu, codes)


def _judge_ptx(rig: Rig, gpu: KnownGpu, codes: Found[tuple[str, ...]]) -> Judgement:
    capability = value_of(gpu.compute_capability)
    if capability is None or gpu.is_hidden:
        return skipped(f"{gpu.text} is hidden or of unknown kind", subject=gpu.subject)
    code = best_code(codes.value, capability, value_of(rig.torch.cuda_built_version))
    evidence = (told("compute capability", gpu.compute_capability), told("code in torch", codes))
    if code is None:
        return skipped(f"torch has no code at all for {gpu.text}", *evidence, subject=gpu.subject)
    if not code.is_ptx:
        headline = f"torch has machine code for {gpu.text}: {code.name}"
        return passed(headline, *evidence, subject=gpu.subject)
    judgement = _slow_start(rig, evidence, "torch", gpu.text)
    return replace(judgement, subject=gpu.subject)


def _slow_start(rig: Rig, evidence: tuple[Evidence, ...], what: str, gpu: str) -> Judgement:
    fitting = install_fitting_torch(rig)
    return Judgement(
        verdict=Verdict.WARN,
        headline=f"{what} has only PTX for {gpu or 'this GPU'}, compiled at its first start",
        evidence=evidence,
        remedy=Remedy(
            text="The first start takes minutes; keep what it compiles by a larger cache. Better "
            f"is a build with machine code for it. {fitting.text}"
            if what == "torch"
            else "The first start may take half an hour; keep what it compiles by a larger cache. "
            "Better is a build with machine code for this GPU: NVIDIA's NGC container of the "
            "framework, or another framework (PyTorch, JAX)",
            commands=("export CUDA_CACHE_MAXSIZE=4294967296", *_commands(fitting, what)),
            verify=fitting.verify,
        ),
    )


def _commands(fitting: Remedy, what: str) -> tuple[str, ...]:
    return fitting.commands if what == "torch" else ()
