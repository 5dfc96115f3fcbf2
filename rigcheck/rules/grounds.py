"""Grounds of the rules about NVIDIA GPUs: is there one, and can it be reached from here?"""

import enum

from rigcheck.facts import Found, Rig, is_known_absent
from rigcheck.findings import Evidence
from rigcheck.rules.evidence import skipped, told, unknown
from rigcheck.rules.gpus import known_gpus, torch_devices, usable_cards
from rigcheck.rules.places import Place, place_of
from rigcheck.rules.rule import Judgement


class Presence(enum.Enum):
    """Whether there is an NVIDIA GPU for this system."""

    THERE = "there"
    NONE = "none"
    UNKNOWN = "unknown"


def presence(rig: Rig) -> Presence:
    """Whether there is one: from the bus, the driver and torch, in places where they can tell."""
    if known_gpus(rig) or _driver_serves_some(rig):
        return Presence.THERE
    bus_tells = place_of(rig) not in (Place.WSL, Place.JETSON)
    if bus_tells and isinstance(rig.pci.nvidia_gpus, Found):
        return Presence.NONE
    return Presence.UNKNOWN


def _driver_serves_some(rig: Rig) -> bool:
    """A driver that answers has a GPU, unless it says that it has none: so far a text may tell."""
    answers = isinstance(rig.nvml.driver_version, Found) or isinstance(rig.nvml.cuda_version, Found)
    says_none = isinstance(rig.nvml.gpus, Found) and not rig.nvml.gpus.value
    return answers and not says_none


def presence_evidence(rig: Rig) -> tuple[Evidence, ...]:
    """What the bus and the driver say of GPUs."""
    cards, gpus = rig.pci.nvidia_gpus, rig.nvml.gpus
    on_bus = f"NVIDIA GPUs on the PCI bus: {len(cards.value)}" if isinstance(cards, Found) else ""
    in_nvml = f"GPUs that the driver tells of: {len(gpus.value)}" if isinstance(gpus, Found) else ""
    return (
        Evidence(on_bus, cards.source) if on_bus else told("PCI bus", cards),
        Evidence(in_nvml, gpus.source) if in_nvml else told("NVML", gpus),
    )


def without_gpu(rig: Rig) -> Judgement | None:
    """What a rule about NVIDIA GPUs says where there is none or nobody can tell; else None."""
    there = presence(rig)
    if there is Presence.THERE:
        return None
    if there is Presence.NONE:
        return skipped("no NVIDIA GPU", *presence_evidence(rig))
    return unknown(
        "whether there is an NVIDIA GPU could not be told",
        *presence_evidence(rig),
        tells="What the driver lists, and what is on the bus, tells it",
        commands=("nvidia-smi -L", "lspci -d 10de:"),
    )


def without_reachable_gpu(rig: Rig) -> Judgement | None:
    """As `without_gpu`, and also where a container shows the host's bus but was given no GPU."""
    gpus = rig.nvml.gpus
    sees_bus_only = place_of(rig) is Place.CONTAINER and not torch_devices(rig)
    if sees_bus_only and is_known_absent(gpus) and usable_cards(rig):
        return skipped("no GPU was given to this container", *presence_evidence(rig))
    return without_gpu(rig)
