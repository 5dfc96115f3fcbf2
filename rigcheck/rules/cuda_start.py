"""CUDA does not start although the driver answers: after a suspend, or by a stray libcuda."""

from collections.abc import Iterator
from pathlib import PurePath

from rigcheck.facts import Failed, Found, Rig, value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.rules.each_gpu import answering, name_of, without_answering_gpu
from rigcheck.rules.evidence import passed, skipped, told
from rigcheck.rules.grounds import without_gpu
from rigcheck.rules.places import Place, place_of
from rigcheck.rules.rule import Judgement, rule
from rigcheck.rules.symptoms import met, said
from rigcheck.units import duration_text

_UNKNOWN_ERROR = "unknown error"
_NOT_ON_THIS_GPU = "forward compatibility was attempted on non supported"
"""CUDA's words for error 804, cudaErrorCompatNotSupportedOnDevice."""
_VERIFY = "rigcheck check --only torch"


@rule(
    "cuda-dead-after-suspend",
    group="torch",
    needs=("host", "nvml", "torch"),
    link="https://github.com/pytorch/pytorch/issues/88639",
)
def cuda_dead_after_suspend(rig: Rig) -> Iterator[Judgement]:
    """CUDA says "unknown error" since the machine was suspended, while the driver still answers.

    The module nvidia_uvm does not always survive a suspend with a CUDA program open. The kernel's
    two clocks tell how long the machine has slept since boot, torch what CUDA says.
    """
    cuda = rig.torch.cuda_available
    words = met(rig, "cuda-unknown-error")
    woke = met(rig, "resumed-from-suspend")
    evidence = (_slept(rig), *map(said, woke), told("CUDA in torch", cuda))
    is_dead = bool(words) or (isinstance(cuda, Failed) and _UNKNOWN_ERROR in cuda.error.lower())
    has_slept = bool(woke) or (value_of(rig.host.suspended_s) or 0) > 0
    nothing = without_answering_gpu(rig)
    if nothing is not None and not words:
        yield nothing
    elif is_dead and has_slept and place_of(rig) is not Place.WSL:
        yield Judgement(
            verdict=Verdict.FAIL,
            headline="CUDA does not start since this machine was suspended",
            evidence=evidence,
            remedy=_reload(rig),
        )
    elif value_of(cuda):
        yield passed("CUDA starts", *evidence)
    else:
        yield skipped("nothing points to a suspend", *evidence)


def _slept(rig: Rig) -> Evidence:
    slept = rig.host.suspended_s
    if not isinstance(slept, Found):
        return told("asleep since boot", slept)
    return Evidence(f"asleep since boot: {duration_text(slept.value)}", slept.source)


def _reload(rig: Rig) -> Remedy:
    if place_of(rig) is Place.CONTAINER:
        return Remedy(text="On the host, reload nvidia_uvm, then start the container again")
    return Remedy(
        text="End the programs that use CUDA, then load its module anew. To keep it from coming "
        "back, let the driver save the GPU's memory: `options nvidia "
        "NVreg_PreserveVideoMemoryAllocations=1` in /etc/modprobe.d, and its suspend services",
        commands=(
            "sudo modprobe -r nvidia_uvm && sudo modprobe nvidia_uvm",
            "sudo systemctl enable nvidia-suspend nvidia-resume nvidia-hibernate",
        ),
        verify=_VERIFY,
    )


@rule(
    "cuda-compat-library-on-geforce",
    group="torch",
    needs=("host", "pci", "driver", "nvml", "torch"),
    follows=("driver-library-mismatch",),
    link="https://docs.nvidia.com/deploy/cuda-compatibility/forward-compatibility.html",
)
def cuda_compat_library_on_geforce(rig: Rig) -> Iterator[Judgement]:
    """The loader takes libcuda from a forward-compatibility package, which a GeForce refuses.

    The packages cuda-compat-* bring a newer libcuda for data-centre GPUs; on a GeForce CUDA then
    fails with error 804. The library's path gives it away, or CUDA's own words do.
    """
    cuda, path = rig.torch.cuda_available, rig.driver.library_path
    evidence = (told("libcuda", path), told("CUDA in torch", cuda))
    refused = isinstance(cuda, Failed) and _NOT_ON_THIS_GPU in cuda.error.lower()
    stray = isinstance(path, Found) and "compat" in PurePath(path.value).parts
    if value_of(cuda):
        yield without_gpu(rig) or passed("CUDA starts", *evidence)
    elif refused or (stray and _is_geforce(rig)):
        yield Judgement(
            verdict=Verdict.FAIL if refused else Verdict.WARN,
            headline="libcuda comes from a forward-compatibility package, which this GPU refuses"
            if stray
            else "CUDA refuses forward compatibility on this GPU: libcuda is newer than the module",
            evidence=evidence,
            remedy=_remove(stray=stray),
        )
    else:
        yield without_gpu(rig) or skipped("libcuda is the driver's own", *evidence)


def _is_geforce(rig: Rig) -> bool:
    return any("GeForce" in name_of(gpu) for gpu in answering(rig))


def _remove(*, stray: bool) -> Remedy:
    if not stray:
        return Remedy(
            text="If the driver was updated since the last start, restart. Else find the second "
            "libcuda that the loader takes",
            commands=("ldconfig -p | grep libcuda.so", "echo $LD_LIBRARY_PATH", "sudo reboot"),
            verify=_VERIFY,
        )
    return Remedy(
        text="Take its folder off LD_LIBRARY_PATH and out of /etc/ld.so.conf.d, or remove the "
        "package, so that the driver's own libcuda is found",
        commands=("unset LD_LIBRARY_PATH", "ldconfig -p | grep libcuda.so"),
        verify=_VERIFY,
    )
