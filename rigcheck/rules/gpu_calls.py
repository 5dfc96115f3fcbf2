"""Does a computation really run on the GPU, where everything looks right?"""

from collections.abc import Iterator

from rigcheck.facts import Failed, Found, Rig, Stage, value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.rules.evidence import one_line, passed, skipped, told
from rigcheck.rules.gpus import known_gpus
from rigcheck.rules.grounds import without_reachable_gpu
from rigcheck.rules.places import Place, place_of
from rigcheck.rules.remedies.python_packages import installer_for, verify_with
from rigcheck.rules.remedies.wheel_install import list_of
from rigcheck.rules.rule import Judgement, rule
from rigcheck.rules.symptoms import met, said


@rule(
    "gpu-call-fails",
    group="torch",
    needs=("host", "pci", "driver", "nvml", "python", "torch", "environment"),
    follows=(
        "no-nvidia-gpu",
        "gpu-not-supported-by-driver",
        "open-module-required",
        "gpu-missing-from-nvml",
        "nouveau-bound",
        "kernel-module-not-loaded",
        "driver-library-mismatch",
        "container-without-nvidia-runtime",
        "container-lost-gpu-cgroup",
        "wsl1",
        "wsl-windows-build-or-driver",
        "cuda-dead-after-suspend",
        "fabric-manager",
        "cuda-visible-devices",
        "driver-too-old",
        "gpu-too-old",
        "gpu-arch-not-in-wheel",
        "cuda-libs-from-ld-library-path",
        "cudnn-version-mismatch",
    ),
    link="https://docs.nvidia.com/cuda/cuda-runtime-api/group__CUDART__TYPES.html",
)
def gpu_call_fails(rig: Rig) -> Iterator[Judgement]:
    """Torch is built for CUDA and a GPU is there, but CUDA does not start or a kernel does not run.

    That torch.cuda.is_available() is true does not mean that anything works: a sum, a matrix
    product (cuBLAS), a convolution (cuDNN) and a product in half precision are computed on every
    device and held against the right results. Where CUDA does not start at all, or the process
    dies on the device, its words or its end are the evidence.
    """
    devices = _by_device(rig)
    complaints = met(rig, "cuda-unknown-error", "cuda-call-failed")
    if not isinstance(rig.torch.cuda_built_version, Found) and not complaints:
        yield skipped("no torch built for CUDA", told("CUDA", rig.torch.cuda_built_version))
    elif (nothing := without_reachable_gpu(rig)) is not None and not complaints:
        yield nothing
    elif devices:
        yield from (_judge_device(rig, device, stages) for device, stages in devices.items())
    elif complaints:
        yield _fails(rig, one_line(complaints[0].text), tuple(map(said, complaints)))
    else:
        yield _judge_start(rig)


def _by_device(rig: Rig) -> dict[str, list[Stage]]:
    """What was tried on each GPU."""
    devices: dict[str, list[Stage]] = {}
    for stage in value_of(rig.torch.stages) or ():
        if stage.device not in {"", "cpu"}:
            devices.setdefault(stage.device, []).append(stage)
    return devices


def _judge_device(rig: Rig, device: str, stages: list[Stage]) -> Judgement:
    source = rig.torch.stages.source
    broken = next((stage for stage in stages if stage.error), None)
    if broken is None:
        done = ", ".join(stage.name for stage in stages)
        evidence = Evidence(f"{device}, each with the right result: {done}", source)
        return passed(f"{device} computes", evidence, subject=device)
    why = one_line(broken.error)
    evidence = Evidence(f"{broken.name} on {device}: {why}", source)
    return _fails(rig, why, (evidence,), device)


def _judge_start(rig: Rig) -> Judgement:
    works = rig.torch.cuda_available
    if isinstance(works, Failed):
        return _fails(rig, one_line(works.error), (told("torch.cuda", works),))
    if value_of(works) is False:
        return _fails(rig, "torch.cuda.is_available() is False", (told("torch.cuda", works),))
    if isinstance(works, Found):
        return passed("CUDA starts in torch", told("torch.cuda", works))
    return skipped("whether CUDA starts in torch is not known", told("torch.cuda", works))


def _fails(rig: Rig, why: str, evidence: tuple[Evidence, ...], subject: str = "") -> Judgement:
    gpus = list_of(known_gpus(rig))
    return Judgement(
        verdict=Verdict.FAIL,
        headline=f"torch cannot compute on {subject or gpus or 'the GPU'}: {why}",
        evidence=(
            *evidence,
            told("driver", rig.nvml.driver_version),
            told("CUDA torch was built with", rig.torch.cuda_built_version),
            told("CUDA_VISIBLE_DEVICES", rig.environment.cuda_visible_devices),
        ),
        remedy=_remedy(rig, why),
        subject=subject,
    )


def _remedy(rig: Rig, why: str) -> Remedy:
    verify = verify_with(installer_for(rig), "torch", "nvml", "driver")
    if "out of memory" in why.lower():
        return Remedy(
            text="Another process holds the GPU's memory: see which, and end it",
            commands=("nvidia-smi --query-compute-apps=pid,name,used_memory --format=csv",),
            verify=verify,
        )
    if place_of(rig) is not Place.HOST:
        return Remedy(
            text="Start the container, or WSL (`wsl --shutdown` in Windows), again. If it stays, "
            "look at the host: its driver, and the kernel's log",
            verify=verify,
        )
    return Remedy(
        text="Load the driver's compute module again (it does not always survive suspend), and "
        "read what the kernel says of the GPU; then restart. If it stays after a restart, the "
        "card, its slot or its power is to be suspected",
        commands=(
            "sudo rmmod nvidia_uvm && sudo modprobe nvidia_uvm",
            "journalctl -k -b | grep -iE 'nvrm|xid'",
        ),
        verify=verify,
    )
