"""GPUs that are there and do not take part: not listed by the driver, or listed and silent."""

from collections.abc import Iterator

from rigcheck.facts import Absent, Found, Gpu, KernelMessage, PciGpu, Reason, Rig, value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.knowledge import kernel_messages
from rigcheck.rules.each_gpu import (
    answers,
    card_name,
    silent,
    subject_of,
    unlisted_cards,
    without_answering_gpu,
)
from rigcheck.rules.evidence import log_line, passed, skipped, told, why_missing
from rigcheck.rules.grounds import without_gpu
from rigcheck.rules.places import Place, place_of
from rigcheck.rules.remedies.driver_choice import VERIFY
from rigcheck.rules.rule import Judgement, rule

_LOG = "sudo dmesg | grep -iE 'nvrm|xid|pcie'"
_REASONS = ("power-cable", "bar-invalid", "no-devices-bar")
"""In the table of kernel messages: what keeps the driver from a card that it knows."""
_CAUSES = (
    "xid79-fell-off-bus",
    "open-module-required",
    "gpu-not-supported-by-driver",
)


@rule(
    "gpu-missing-from-nvml",
    group="nvml",
    needs=("host", "pci", "driver", "nvml", "torch", "kernel_log"),
    follows=_CAUSES,
    link="https://docs.nvidia.com/deploy/gpu-debug-guidelines/index.html",
)
def gpu_missing_from_nvml(rig: Rig) -> Iterator[Judgement]:
    """The bus has a GPU that neither the driver nor torch tells of, though the driver runs.

    The PCI bus, the driver's list (NVML) and torch's devices are joined by PCI bus id. Cards that a
    virtual machine or another driver has are no loss, and a container is given what it is to have.
    The kernel's log may hold the reason: no address space, no power cable.
    """
    gpus = rig.nvml.gpus
    if not isinstance(gpus, Found):
        yield without_gpu(rig) or skipped("the driver lists no GPUs", told("NVML", gpus))
    elif place_of(rig) is not Place.HOST or not isinstance(rig.pci.nvidia_gpus, Found):
        yield skipped("the bus here does not tell which GPUs there should be")
    else:
        missing = _missing(rig)
        if not missing:
            yield without_gpu(rig) or passed("the driver tells of every GPU", answers(rig))
        for card in missing:
            yield _not_listed(rig, card)


def _missing(rig: Rig) -> tuple[PciGpu, ...]:
    """Without those that NVML counts and cannot open: which of the cards they are is not told."""
    ours = [c for c in unlisted_cards(rig) if value_of(c.kernel_driver) in (None, "nvidia")]
    return () if len(ours) <= len(silent(rig)) else tuple(ours)


def _not_listed(rig: Rig, card: PciGpu) -> Judgement:
    return Judgement(
        verdict=Verdict.FAIL,
        headline=f"the bus has {card_name(card)}, and the driver does not tell of it",
        evidence=(
            told(f"driver of {card_name(card)} at {card.pci_bus_id}", card.kernel_driver),
            answers(rig),
            *_log_lines(rig, card.pci_bus_id),
        ),
        remedy=_bring_back(_reasons(rig, card.pci_bus_id)),
        subject=card.pci_bus_id,
    )


def _bring_back(reasons: tuple[KernelMessage, ...]) -> Remedy:
    """What the first reason in the log asks for; else the ways that are left."""
    row = kernel_messages.message_of(reasons[0].id) if reasons else None
    if row is not None and row.fix:
        text = f"{row.meaning[0].upper()}{row.meaning[1:]}: {row.fix}"
        return Remedy(text=text, commands=(_LOG,), verify=VERIFY)
    return Remedy(
        text="The kernel's log says why the driver does not take it. If it says nothing: "
        "switch off and unplug, seat the card and its power cables anew, try another slot",
        commands=(_LOG,),
        verify=VERIFY,
    )


def _reasons(rig: Rig, pci_bus_id: str) -> tuple[KernelMessage, ...]:
    """Lines of the log that tell why a card does not take part; one without a name is about any."""
    return tuple(
        message
        for message in value_of(rig.kernel_log.messages) or ()
        if message.id in _REASONS and message.pci_bus_id in ("", pci_bus_id)
    )


def _log_lines(rig: Rig, pci_bus_id: str) -> Iterator[Evidence]:
    for message in _reasons(rig, pci_bus_id):
        yield log_line(message, rig.kernel_log.messages.source)


@rule(
    "gpu-does-not-answer",
    group="nvml",
    needs=("pci", "nvml"),
    follows=("xid79-fell-off-bus",),
    link="https://docs.nvidia.com/deploy/nvml-api/group__nvmlDeviceEnumvs.html",
)
def gpu_does_not_answer(rig: Rig) -> Iterator[Judgement]:
    """The driver counts a GPU and cannot open it, while others may answer.

    NVML gives the reason: the GPU is lost, its power cables are missing, its interrupts do not
    arrive, it must be reset, or its device files may not be opened.
    """
    mute = silent(rig)
    if not mute:
        yield without_answering_gpu(rig) or passed("every GPU that is listed answers", answers(rig))
    for gpu in mute:
        yield Judgement(
            verdict=Verdict.FAIL,
            headline=f"{subject_of(gpu)} does not answer: {why_missing(gpu.uuid)}",
            evidence=(told(subject_of(gpu), gpu.uuid), answers(rig)),
            remedy=_wake(gpu),
            subject=subject_of(gpu),
        )


def _wake(gpu: Gpu) -> Remedy:
    words = why_missing(gpu.uuid).lower()
    for sign, text, commands in _WAYS:
        if sign in words:
            return Remedy(text=text, commands=commands, verify=VERIFY)
    if isinstance(gpu.uuid, Absent) and gpu.uuid.reason is Reason.NO_PERMISSION:
        text = "See who may open the device files, and join that group (then log in anew)"
        return Remedy(text=text, commands=("ls -l /dev/nvidia*", "id"), verify=VERIFY)
    return Remedy(text="The kernel's log says more", commands=(_LOG,), verify=VERIFY)


# By NVML's own words for its return codes.
_WAYS = (
    (
        "lost",
        "The card has gone from the bus: switch off, then check its power cables, slot and riser",
        (_LOG, "sudo poweroff"),
    ),
    (
        "power",
        "Switch off and plug in the card's power cables, each from the power supply itself",
        ("sudo poweroff",),
    ),
    (
        "interrupt",
        "Update the firmware, and take `pci=nomsi` and the like off the kernel's command line",
        ("cat /proc/cmdline", _LOG),
    ),
    (
        "reset",
        "End what uses the GPU, then reset it, or restart the machine",
        ("sudo nvidia-smi --gpu-reset", "sudo reboot"),
    ),
)
