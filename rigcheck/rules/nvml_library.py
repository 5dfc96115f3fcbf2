"""Is the driver's management library there, and can it be loaded?"""

from collections.abc import Iterator

from rigcheck.facts import Absent, Failed, Found, Rig, value_of
from rigcheck.findings import Remedy, Verdict
from rigcheck.rules.evidence import passed, skipped, told
from rigcheck.rules.grounds import without_gpu, without_reachable_gpu
from rigcheck.rules.places import Place, place_of
from rigcheck.rules.remedies.driver_choice import VERIFY
from rigcheck.rules.remedies.kernel_module import distribution_family
from rigcheck.rules.rule import Judgement, rule

_LOADER = "dlopen "


@rule(
    "nvml-library-missing",
    group="nvml",
    needs=("host", "pci", "driver", "nvml"),
    link="https://developer.nvidia.com/management-library-nvml",
)
def nvml_library_missing(rig: Rig) -> Iterator[Judgement]:
    """The driver's management library, libnvidia-ml.so.1, is missing or cannot be loaded.

    nvidia-smi, torch's memory figures and every monitor ask it. The system's loader says why in its
    own words: no such file, a file cut short, one built for another machine. Where no driver is
    installed at all, that is told by itself.
    """
    refusal = rig.nvml.gpus
    from_loader = refusal.source.startswith(_LOADER)
    if isinstance(refusal, Failed) and from_loader:
        yield without_gpu(rig) or _cannot_be_loaded(rig, refusal)
    elif isinstance(refusal, Absent) and from_loader:
        yield without_reachable_gpu(rig) or _not_there(rig, refusal)
    elif isinstance(rig.nvml.nvml_version, Found) or isinstance(refusal, Found):
        yield passed(
            "the driver's management library is there", told("NVML", rig.nvml.nvml_version)
        )
    else:
        yield without_gpu(rig) or skipped("NVML does not tell", told("NVML", refusal))


def _cannot_be_loaded(rig: Rig, refusal: Failed) -> Judgement:
    return Judgement(
        verdict=Verdict.FAIL,
        headline="the driver's management library cannot be loaded",
        evidence=(told("loader", refusal), told("libraries", rig.driver.library_version)),
        remedy=_reinstall(rig),
    )


def _not_there(rig: Rig, refusal: Absent) -> Judgement:
    module = rig.driver.module_version
    if not isinstance(module, Found):
        return skipped("no NVIDIA driver runs that would need it", told("loaded module", module))
    return Judgement(
        verdict=Verdict.FAIL,
        headline="the NVIDIA driver runs, and its management library is not there",
        evidence=(told("loader", refusal), told("loaded module", module)),
        remedy=_reinstall(rig),
    )


def _reinstall(rig: Rig) -> Remedy:
    if place_of(rig) is Place.CONTAINER:
        return Remedy(
            text="Start the container with the driver's tools: a container that is given only "
            "`compute` has no management library",
            commands=("docker run --gpus all -e NVIDIA_DRIVER_CAPABILITIES=compute,utility …",),
            verify=VERIFY,
        )
    branch = (value_of(rig.driver.module_version) or "").partition(".")[0]
    return Remedy(
        text="Install the driver's libraries again, of the version of the loaded module. What "
        "LD_LIBRARY_PATH names is searched first: a stray copy there counts, too",
        commands=_packages(rig, branch),
        verify=VERIFY,
    )


def _packages(rig: Rig, branch: str) -> tuple[str, ...]:
    distribution = value_of(rig.host.distribution_id)
    if distribution == "ubuntu" and branch:
        return (f"sudo apt install --reinstall libnvidia-compute-{branch}",)
    return _REINSTALLS.get(distribution or "", _REINSTALLS.get(distribution_family(rig), ()))


_REINSTALLS = {
    "debian": ("sudo apt install --reinstall libnvidia-ml1",),
    "fedora": ("sudo dnf reinstall xorg-x11-drv-nvidia-cuda-libs",),
    "arch": ("sudo pacman -S nvidia-utils",),
}
