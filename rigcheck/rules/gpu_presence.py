"""Is there an NVIDIA GPU at all?"""

from collections.abc import Iterator

from rigcheck.facts import Found, Rig, value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.rules.evidence import passed, skipped, told
from rigcheck.rules.gpus import known_gpus
from rigcheck.rules.grounds import Presence, presence, presence_evidence, without_gpu
from rigcheck.rules.remedies.wheel_install import list_of
from rigcheck.rules.rule import Judgement, rule


@rule(
    "no-nvidia-gpu",
    group="pci",
    needs=("host", "pci", "nvml", "torch"),
    link="https://developer.nvidia.com/cuda-gpus",
)
def no_nvidia_gpu(rig: Rig) -> Iterator[Judgement]:
    """No NVIDIA GPU can be seen, so nothing can train on one.

    The PCI bus is read, which works without any driver, and the driver is asked. Where the bus
    does not show GPUs (WSL, Jetson) only the driver can tell. A machine on which torch drives
    another maker's GPU lacks nothing.
    """
    gpus = known_gpus(rig)
    if gpus:
        yield passed(f"NVIDIA GPU found: {list_of(gpus)}", *presence_evidence(rig))
    elif others := _other_accelerators(rig):
        yield skipped(f"no NVIDIA GPU; torch drives {', '.join(others)}", *_torch_evidence(rig))
    elif presence(rig) is Presence.NONE:
        yield _none(rig)
    else:
        yield from filter(None, [without_gpu(rig)])


def _none(rig: Rig) -> Judgement:
    return Judgement(
        verdict=Verdict.WARN,
        headline="no NVIDIA GPU in this machine, so training runs on the CPU",
        evidence=presence_evidence(rig),
        remedy=Remedy(
            text="If a card is built in: switch off, seat it firmly, plug in its power cables, "
            "switch its slot on in the firmware set-up; a virtual machine or a cloud instance "
            "needs one assigned from outside. Then see whether the bus has it",
            commands=("lspci -nn | grep -i nvidia",),
            verify="rigcheck check --only pci --only nvml",
        ),
    )


def _other_accelerators(rig: Rig) -> tuple[str, ...]:
    devices = value_of(rig.torch.devices) or ()
    return tuple(f"{device.device} ({device.name})" for device in devices)


def _torch_evidence(rig: Rig) -> tuple[Evidence, ...]:
    hip = rig.torch.hip_built_version
    built_for = (told("ROCm torch was built for", hip),) if isinstance(hip, Found) else ()
    names = ", ".join(_other_accelerators(rig))
    return (Evidence(f"torch's devices: {names}", rig.torch.devices.source), *built_for)
