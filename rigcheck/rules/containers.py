"""Containers: has this one the GPU, and does it still have it?"""

from collections.abc import Iterator

from rigcheck.facts import Absent, Found, Reason, Rig, is_known_absent, value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.rules.evidence import passed, skipped, told
from rigcheck.rules.gpus import nvml_says, torch_devices, usable_cards
from rigcheck.rules.places import Place, place_of
from rigcheck.rules.rule import Judgement, rule
from rigcheck.rules.symptoms import met, said

_TOOLKIT = "https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/"
_VERIFY = "docker run --rm --gpus all ubuntu nvidia-smi"


@rule(
    "container-without-nvidia-runtime",
    group="host",
    needs=("host", "pci", "driver", "nvml", "torch", "environment"),
    link=f"{_TOOLKIT}install-guide.html",
)
def container_without_nvidia_runtime(rig: Rig) -> Iterator[Judgement]:
    """A container was started without NVIDIA's runtime, or with half of it, and has no GPU.

    The host's PCI bus shows through into a container; the driver's library and device files are
    there only if the NVIDIA container toolkit put them in. Where NVIDIA_DRIVER_CAPABILITIES is
    `utility` alone, nvidia-smi works and CUDA does not. Outside, Docker says that it `could not
    select device driver`.
    """
    refusals = met(rig, "docker-without-gpu-driver")
    if refusals:
        yield _no_toolkit(rig, tuple(map(said, refusals)))
    elif place_of(rig) is not Place.CONTAINER:
        yield _outside(rig)
    elif isinstance(rig.nvml.driver_version, Found) or torch_devices(rig):
        yield _inside_with_driver(rig)
    elif is_known_absent(rig.nvml.driver_version) and usable_cards(rig) and _wants_gpu(rig):
        yield _gpu_left_outside(rig)
    else:
        yield skipped(
            "this container was given no NVIDIA GPU", told("NVML", rig.nvml.driver_version)
        )


def _outside(rig: Rig) -> Judgement:
    engine, toolkit = rig.host.container_engine, rig.host.container_toolkit
    evidence = (told("container engine", engine), told("container toolkit", toolkit))
    if isinstance(engine, Found) and is_known_absent(toolkit):
        return skipped(
            "not in a container; containers started here get no GPU without NVIDIA's container "
            "toolkit",
            *evidence,
        )
    return skipped("not in a container", *evidence)


def _inside_with_driver(rig: Rig) -> Judgement:
    wanted = rig.environment.nvidia_driver_capabilities
    names = (value_of(wanted) or "all").split(",")
    evidence = (told("container", rig.host.container), told("NVIDIA_DRIVER_CAPABILITIES", wanted))
    if isinstance(wanted, Found) and wanted.value and not {"all", "compute"} & set(names):
        return Judgement(
            verdict=Verdict.FAIL,
            headline="this container was given the driver's tools and not its CUDA library",
            evidence=(*evidence, told("libcuda", rig.driver.library_path)),
            remedy=Remedy(
                text="Start the container with the compute capability of the driver, too",
                commands=("docker run --gpus all -e NVIDIA_DRIVER_CAPABILITIES=compute,utility …",),
                verify="rigcheck check --only host --only nvml --only torch",
            ),
        )
    return passed("the driver answers in this container", *evidence)


def _wants_gpu(rig: Rig) -> bool:
    """Its torch is for CUDA, or its image asks for GPUs; else it may have its reasons."""
    wished = value_of(rig.environment.nvidia_visible_devices)
    is_for_cuda = isinstance(rig.torch.cuda_built_version, Found)
    return is_for_cuda or wished not in (None, "", "none", "void")


def _gpu_left_outside(rig: Rig) -> Judgement:
    cards = ", ".join(value_of(c.name) or c.device_id for c in usable_cards(rig))
    tool = value_of(rig.host.container) or "docker"
    return Judgement(
        verdict=Verdict.FAIL,
        headline=f"this container was started without the host's GPU: {cards}",
        evidence=(
            told("container", rig.host.container),
            told("NVML", rig.nvml.driver_version),
            told("NVIDIA_VISIBLE_DEVICES", rig.environment.nvidia_visible_devices),
            Evidence(f"on the host's bus: {cards}", rig.pci.nvidia_gpus.source),
        ),
        remedy=Remedy(
            text="Start the container with the GPUs, by NVIDIA's container toolkit on the host. "
            f"If the host lacks it: {_TOOLKIT}install-guide.html",
            commands=_START.get(tool, ()),
            verify="rigcheck check --only host --only nvml --only torch",
        ),
    )


_START = {
    "docker": ("docker run --gpus all …",),
    "podman": (
        "sudo nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml",
        "podman run --device nvidia.com/gpu=all …",
    ),
}


def _no_toolkit(rig: Rig, refusals: tuple[Evidence, ...]) -> Judgement:
    installed = isinstance(rig.host.container_toolkit, Found)
    return Judgement(
        verdict=Verdict.FAIL,
        headline="Docker has no runtime that gives containers NVIDIA GPUs",
        evidence=(*refusals, told("container toolkit", rig.host.container_toolkit)),
        remedy=Remedy(
            text=f"Install NVIDIA's container toolkit (its package source: {_TOOLKIT}"
            "install-guide.html) and tell Docker of it",
            commands=(
                *(() if installed else _INSTALL.get(_family(rig), _INSTALL["ubuntu"])),
                "sudo nvidia-ctk runtime configure --runtime=docker",
                "sudo systemctl restart docker",
            ),
            verify=_VERIFY,
        ),
    )


def _family(rig: Rig) -> str:
    distribution = value_of(rig.host.distribution_id) or "ubuntu"
    return "fedora" if distribution in _DNF else distribution


_DNF = ("fedora", "rhel", "rocky", "almalinux", "centos", "ol")
_INSTALL = {
    "ubuntu": ("sudo apt install nvidia-container-toolkit",),
    "fedora": ("sudo dnf install nvidia-container-toolkit",),
    "arch": ("sudo pacman -S nvidia-container-toolkit",),
}


@rule(
    "container-lost-gpu-cgroup",
    group="driver",
    needs=("host", "pci", "driver", "nvml"),
    link="https://github.com/NVIDIA/nvidia-container-toolkit/issues/48",
)
def container_lost_gpu_cgroup(rig: Rig) -> Iterator[Judgement]:
    """A running container lost the right to its GPU: `Failed to initialize NVML: Unknown Error`.

    The device files are still there, but the control group refuses to open them. It happens when
    systemd on the host reloads its units (`systemctl daemon-reload`, an update) and does not know
    of the devices that were put in at the container's start.
    """
    device = rig.driver.control_device
    inside = place_of(rig) is Place.CONTAINER
    words = tuple(map(said, met(rig, "container-lost-gpu")))
    unknown_error = nvml_says(rig, "unknown error")
    refused = isinstance(device, Absent) and device.reason is Reason.NO_PERMISSION
    if isinstance(rig.nvml.driver_version, Found) and not words:
        yield passed("the driver answers here", told("driver", rig.nvml.driver_version))
    elif words or (inside and (refused or unknown_error is not None)):
        yield Judgement(
            verdict=Verdict.FAIL,
            headline="this container has lost the right to use its GPU",
            evidence=(
                *words,
                told("container", rig.host.container),
                told("control device", device),
                told("NVML", unknown_error or rig.nvml.driver_version),
            ),
            remedy=_give_back(rig),
        )
    else:
        reason = "not in a container" if not inside else "nothing shows that a GPU was lost"
        yield skipped(reason, told("control device", device))


def _give_back(rig: Rig) -> Remedy:
    container = value_of(rig.host.container)
    again = "docker restart CONTAINER" if container in (None, "docker") else ""
    return Remedy(
        text="Start the container again; that gives it the GPU back. So that it does not happen "
        'again, on the host: let Docker manage control groups itself (`"exec-opts": '
        '["native.cgroupdriver=cgroupfs"]` in /etc/docker/daemon.json), or name the devices when '
        "starting (--device /dev/nvidia0 --device /dev/nvidiactl --device /dev/nvidia-uvm …), or "
        "pass them as CDI devices (--device nvidia.com/gpu=all)",
        commands=(again,) if again else (),
        verify="nvidia-smi -L",
    )
