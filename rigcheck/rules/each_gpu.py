"""The GPUs that answer through NVML, one by one, and those on the bus that it does not list."""

from typing import Any

from rigcheck.facts import Absent, Fact, Failed, Found, Gpu, PciGpu, Reason, Rig, value_of
from rigcheck.findings import Evidence
from rigcheck.rules.evidence import skipped, told
from rigcheck.rules.gpus import torch_devices, usable_cards
from rigcheck.rules.rule import Judgement


def subject_of(gpu: Gpu) -> str:
    """`GPU 0`, with NVML's index."""
    return f"GPU {gpu.index}"


def name_of(gpu: Gpu) -> str:
    """`NVIDIA GeForce RTX 4090`, else `GPU 0`."""
    return value_of(gpu.name) or subject_of(gpu)


def answering(rig: Rig) -> tuple[Gpu, ...]:
    """Those that told at least who they are."""
    return tuple(gpu for gpu in value_of(rig.nvml.gpus) or () if is_answering(gpu))


def is_answering(gpu: Gpu) -> bool:
    """False for one that NVML counts and cannot open."""
    return any(isinstance(fact, Found) for fact in (gpu.uuid, gpu.pci_bus_id, gpu.name))


def silent(rig: Rig) -> tuple[Gpu, ...]:
    """Those that NVML counts and that refuse every question."""
    return tuple(
        gpu
        for gpu in value_of(rig.nvml.gpus) or ()
        if not is_answering(gpu) and _was_asked(gpu.uuid)
    )


def without_answering_gpu(rig: Rig) -> Judgement | None:
    """What a rule about NVML's GPUs says where none answers; why, others say."""
    if answering(rig):
        return None
    return skipped("no GPU answers through NVML", told("NVML", rig.nvml.gpus))


def unlisted_cards(rig: Rig) -> tuple[PciGpu, ...]:
    """NVIDIA's cards on the bus that neither the driver nor torch tells of."""
    facts: list[Fact[str]] = [gpu.pci_bus_id for gpu in answering(rig)]
    facts += [device.pci_bus_id for device in torch_devices(rig)]
    listed = {value_of(fact) for fact in facts}
    return tuple(card for card in usable_cards(rig) if card.pci_bus_id not in listed)


def card_name(card: PciGpu) -> str:
    """`GM206 [GeForce GTX 960]`, else `10de:1401`."""
    return value_of(card.name) or card.device_id


def answers(rig: Rig) -> Evidence:
    """Which GPUs the driver tells of."""
    names = ", ".join(f"{subject_of(gpu)} {name_of(gpu)}" for gpu in answering(rig))
    return Evidence(f"GPUs that answer: {names or 'none'}", rig.nvml.gpus.source)


def gpu_at(rig: Rig, pci_bus_id: str) -> Gpu | None:
    """The GPU that answers at this place on the bus."""
    return next((g for g in answering(rig) if value_of(g.pci_bus_id) == pci_bus_id), None)


def _was_asked(fact: Fact[Any]) -> bool:
    return isinstance(fact, Failed) or (
        isinstance(fact, Absent) and fact.reason is not Reason.NOT_ASKED
    )
