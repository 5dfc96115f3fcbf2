"""NVML is there and refuses to start, for a reason that no other rule explains."""

from collections.abc import Iterator

from rigcheck.facts import Absent, Fact, Failed, Found, Reason, Rig
from rigcheck.findings import Remedy, Verdict
from rigcheck.rules.evidence import passed, skipped, told, why_missing
from rigcheck.rules.grounds import without_gpu
from rigcheck.rules.places import Place, place_of
from rigcheck.rules.remedies.driver_choice import VERIFY
from rigcheck.rules.rule import Judgement, rule

_START = "NVML nvmlInit"
_TOLD_ELSEWHERE = ("version mismatch", "driver not loaded")


@rule(
    "nvml-init-refused",
    group="nvml",
    needs=("host", "pci", "driver", "nvml"),
    follows=("container-lost-gpu-cgroup", "kernel-module-not-loaded", "driver-library-mismatch"),
    link="https://docs.nvidia.com/deploy/nvml-api/group__nvmlInitializationAndCleanup.html",
)
def nvml_init_refused(rig: Rig) -> Iterator[Judgement]:
    """The driver's management library is there and refuses to start.

    No permission: the device files /dev/nvidia* may not be opened. Unknown error: most often a
    container that lost its right to them. A module that is not loaded, and libraries of another
    version, are told by rules of their own.
    """
    refusal = rig.nvml.gpus
    if isinstance(refusal, Found):
        yield passed("NVML starts", told("driver", rig.nvml.driver_version))
    elif not _is_unexplained(refusal):
        yield skipped("NVML does not refuse, or says why", told("NVML", refusal))
    else:
        yield without_gpu(rig) or Judgement(
            verdict=Verdict.FAIL,
            headline=f"the driver refuses to be asked: {why_missing(refusal)}",
            evidence=(told("NVML", refusal), told("loaded module", rig.driver.module_version)),
            remedy=_remedy(rig, refusal),
        )


def _is_unexplained(refusal: Absent | Failed) -> bool:
    words = why_missing(refusal).lower()
    return refusal.source.startswith(_START) and not any(w in words for w in _TOLD_ELSEWHERE)


def _remedy(rig: Rig, refusal: Fact[object]) -> Remedy:
    if isinstance(refusal, Absent) and refusal.reason is Reason.NO_PERMISSION:
        return Remedy(
            text="See who may open the device files, and join that group (then log in anew)",
            commands=("ls -l /dev/nvidia*", "id", "sudo usermod -aG video,render $USER"),
            verify=VERIFY,
        )
    if place_of(rig) is Place.CONTAINER:
        return Remedy(
            text="Start the container again: it lost its right to the GPUs, as happens when "
            "systemd reloads its units on the host",
            verify=VERIFY,
        )
    return Remedy(
        text="The kernel's log says more; restarting the machine sets the driver up anew",
        commands=("sudo dmesg | grep -i nvrm", "sudo reboot"),
        verify=VERIFY,
    )
