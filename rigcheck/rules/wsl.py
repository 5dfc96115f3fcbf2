"""Windows Subsystem for Linux: can it reach the GPU at all?"""

from collections.abc import Iterator

from rigcheck import versions
from rigcheck.facts import Found, Rig, is_known_absent, value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.rules.evidence import passed, skipped, told
from rigcheck.rules.gpus import known_gpus
from rigcheck.rules.places import Place, place_of
from rigcheck.rules.rule import Judgement, rule

_GUIDE = "https://docs.nvidia.com/cuda/wsl-user-guide/index.html"
_FIRST_BUILD = 19044
"""Windows 10 21H2, the first release of Windows 10 with CUDA in WSL 2."""
_FIRST_KERNEL = "5.10.43.3"
"""Source of both: Microsoft, "Enable NVIDIA CUDA on WSL 2"
(MicrosoftDocs/windows-ai-docs docs/directml/gpu-cuda-in-wsl.md), which names 21H2."""
_LIBRARIES = "/usr/lib/wsl/"


@rule("wsl1", group="host", needs=("host",), link=_GUIDE)
def wsl1(rig: Rig) -> Iterator[Judgement]:
    """The distribution runs in WSL 1, which translates system calls and can reach no GPU.

    WSL 2 has a Linux kernel of its own, and its release names it so. Only it passes the GPU of
    Windows on.
    """
    version = rig.host.wsl_version
    if value_of(version) == 1:
        yield Judgement(
            verdict=Verdict.FAIL,
            headline="this is WSL 1, which can use no GPU",
            evidence=(told("WSL", version), told("kernel", rig.host.kernel_release)),
            remedy=Remedy(
                text="In PowerShell on Windows: convert the distribution to WSL 2",
                commands=("wsl --list --verbose", "wsl --set-version DISTRIBUTION 2"),
                verify="uname -r",
            ),
        )
    elif isinstance(version, Found):
        yield passed("this is WSL 2", told("WSL", version))
    else:
        yield skipped("not in WSL", told("WSL", version))


@rule(
    "wsl-windows-build-or-driver",
    group="driver",
    needs=("host", "pci", "driver", "nvml", "torch"),
    follows=("wsl1",),
    link=_GUIDE,
)
def wsl_windows_build_or_driver(rig: Rig) -> Iterator[Judgement]:
    """WSL 2 is there, but Windows or its driver does not pass the GPU on, or is bypassed.

    CUDA in WSL 2 needs Windows 10 21H2 or Windows 11, a WSL kernel of 5.10.43.3 or newer, and
    NVIDIA's driver in Windows, which appears as /dev/dxg and in /usr/lib/wsl/lib. A Linux driver
    installed inside the distribution hides that library and breaks it.
    """
    if place_of(rig) is not Place.WSL or value_of(rig.host.wsl_version) == 1:
        yield skipped("not in WSL 2", told("WSL", rig.host.wsl_version))
        return
    if isinstance(rig.nvml.driver_version, Found) or known_gpus(rig):
        yield passed("Windows passes its GPU on", told("driver", rig.nvml.driver_version))
        return
    faults = [fault for fault in (_old_windows(rig), _old_kernel(rig), _foreign(rig)) if fault]
    faults = faults or [fault for fault in (_no_device(rig),) if fault]
    yield from faults
    if not faults:
        yield skipped(
            "nothing shows that this WSL has a GPU", told("NVML", rig.nvml.driver_version)
        )


def _fault(headline: str, remedy: Remedy, *evidence: Evidence) -> Judgement:
    return Judgement(verdict=Verdict.FAIL, headline=headline, evidence=evidence, remedy=remedy)


def _old_windows(rig: Rig) -> Judgement | None:
    build = rig.host.windows_build
    if not isinstance(build, Found) or build.value >= _FIRST_BUILD:
        return None
    return _fault(
        f"Windows build {build.value} is older than {_FIRST_BUILD}, the first with CUDA in WSL",
        Remedy(text="Update Windows to 10 21H2, or to 11", verify="cmd.exe /c ver"),
        told("Windows build", build),
    )


def _old_kernel(rig: Rig) -> Judgement | None:
    release = rig.host.kernel_release
    if not isinstance(release, Found) or versions.at_least(release.value, _FIRST_KERNEL):
        return None
    return _fault(
        f"the WSL kernel {release.value} is older than {_FIRST_KERNEL}, the first for CUDA",
        Remedy(
            text="In PowerShell on Windows: update WSL and start it again",
            commands=("wsl --update", "wsl --shutdown"),
            verify="uname -r",
        ),
        told("kernel", release),
    )


def _foreign(rig: Rig) -> Judgement | None:
    path = rig.driver.library_path
    if not isinstance(path, Found) or path.value.startswith(_LIBRARIES):
        return None
    return _fault(
        f"a Linux driver inside WSL ({path.value}) hides the one of Windows",
        Remedy(
            text="Take the Linux driver out of the distribution: the driver in Windows serves it. "
            "CUDA's toolkit alone (cuda-toolkit-…) may stay",
            commands=(
                "sudo apt purge 'nvidia-driver-*' 'libnvidia-*' cuda-drivers",
                "sudo ldconfig",
            ),
            verify="/usr/lib/wsl/lib/nvidia-smi",
        ),
        told("libcuda", path),
    )


def _no_device(rig: Rig) -> Judgement | None:
    device = rig.driver.control_device
    wants_gpu = isinstance(rig.torch.cuda_built_version, Found)
    if not is_known_absent(device) or not wants_gpu:
        return None
    return _fault(
        "Windows gives this WSL no GPU: /dev/dxg is not there",
        Remedy(
            text="On Windows: install NVIDIA's current driver, update WSL, and start it again",
            commands=("wsl --update", "wsl --shutdown"),
            verify="ls /dev/dxg && /usr/lib/wsl/lib/nvidia-smi",
        ),
        told("control device", device),
    )
