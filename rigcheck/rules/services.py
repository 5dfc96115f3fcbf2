"""The driver's services: persistence, and the fabric manager of NVSwitch machines."""

from collections.abc import Iterator

from rigcheck.facts import Failed, Found, Gpu, Rig, value_of
from rigcheck.findings import Remedy, Verdict
from rigcheck.rules.each_gpu import answering, subject_of, without_answering_gpu
from rigcheck.rules.evidence import passed, skipped, told
from rigcheck.rules.gpus import driver_version
from rigcheck.rules.grounds import without_reachable_gpu
from rigcheck.rules.places import Place, place_of
from rigcheck.rules.rule import Judgement, rule

_NOT_READY = "system not yet initialized"
"""CUDA's words for error 802, cudaErrorSystemNotReady."""


@rule(
    "persistence-mode-off",
    group="nvml",
    needs=("host", "nvml"),
    link="https://docs.nvidia.com/deploy/driver-persistence/overview.html",
)
def persistence_mode_off(rig: Rig) -> Iterator[Judgement]:
    """On a machine of several GPUs without a display, the driver forgets each GPU that rests.

    Without persistence the driver wakes a GPU for every program anew, for seconds each, and loses
    its settings in between. A desktop keeps its card awake, and one card alone is not judged.
    """
    gpus = [gpu for gpu in answering(rig) if isinstance(gpu.persistence_mode, Found)]
    off = [gpu for gpu in gpus if not value_of(gpu.persistence_mode)]
    evidence = tuple(told(f"{subject_of(gpu)} persistence", gpu.persistence_mode) for gpu in gpus)
    nothing = without_answering_gpu(rig)
    if nothing is not None:
        yield nothing
    elif place_of(rig) is not Place.HOST or not gpus:
        yield skipped("persistence is not this system's to set", *evidence)
    elif not off:
        yield passed("the driver keeps the GPUs awake (persistence mode)", *evidence)
    elif len(gpus) == 1 or any(_has_display(gpu) for gpu in gpus):
        yield passed("persistence mode is off, which suits a desktop", *evidence)
    else:
        yield Judgement(
            verdict=Verdict.WARN,
            headline=f"{len(off)} of {len(gpus)} GPUs are put to sleep between programs "
            "(persistence mode is off)",
            evidence=evidence,
            remedy=Remedy(
                text="Start the driver's persistence service",
                commands=("sudo systemctl enable --now nvidia-persistenced",),
                verify="rigcheck check --only nvml",
            ),
        )


def _has_display(gpu: Gpu) -> bool:
    return any(value_of(fact) is True for fact in (gpu.display_active, gpu.display_attached))


@rule(
    "fabric-manager",
    group="driver",
    needs=("host", "pci", "driver", "nvml", "torch"),
    follows=("kernel-module-not-loaded", "driver-library-mismatch"),
    link="https://docs.nvidia.com/datacenter/tesla/fabric-manager-user-guide/",
)
def fabric_manager(rig: Rig) -> Iterator[Judgement]:
    """The GPUs of an HGX or DGX board hang on NVSwitches, and the fabric manager does not run.

    Until that service has set the switches up, CUDA refuses with error 802, "system not yet
    initialized", while nvidia-smi looks well. The bus shows the switches, the list of processes the
    service; what CUDA itself says counts more.
    """
    cuda, switches = rig.torch.cuda_available, rig.pci.nvswitches
    running = rig.driver.fabric_manager_running
    evidence = (
        told("NVSwitches on the bus", switches),
        told("fabric manager runs", running),
        told("CUDA works in torch", cuda),
    )
    refused = isinstance(cuda, Failed) and _NOT_READY in cuda.error.lower()
    stopped = (value_of(switches) or 0) > 0 and value_of(running) is False
    nothing = without_reachable_gpu(rig)
    if nothing is not None:
        yield nothing
    elif refused or (stopped and value_of(cuda) is not True and place_of(rig) is Place.HOST):
        yield Judgement(
            verdict=Verdict.FAIL,
            headline="the GPUs' NVSwitches are not set up: the fabric manager does not run"
            if not value_of(running)
            else "CUDA is not ready, though the fabric manager runs",
            evidence=evidence,
            remedy=_start_fabric_manager(rig),
        )
    elif value_of(cuda) or value_of(running):
        yield passed("nothing is missing to reach the GPUs' fabric", *evidence)
    else:
        yield skipped("no NVSwitch on the bus", *evidence)


def _start_fabric_manager(rig: Rig) -> Remedy:
    version = value_of(driver_version(rig))
    exactly = f" of exactly version {version}, the driver's" if version else ""
    if place_of(rig) is Place.CONTAINER:
        return Remedy(text=f"Start the fabric manager on the host,{exactly or ' of its driver'}")
    branch = (version or "").partition(".")[0]
    is_ubuntu = value_of(rig.host.distribution_id) == "ubuntu" and branch
    install = (f"sudo apt install nvidia-fabricmanager-{branch}",) if is_ubuntu else ()
    return Remedy(
        text=f"Install the fabric manager{exactly}, and start it; it says in the journal why it "
        "does not, most often a version other than the driver's",
        commands=(
            *install,
            "sudo systemctl enable --now nvidia-fabricmanager",
            "journalctl -u nvidia-fabricmanager -n 20",
        ),
        verify="rigcheck check --only torch --only driver",
    )
