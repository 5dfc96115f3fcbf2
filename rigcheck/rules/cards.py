"""Is each card what its name says, has it memory enough, and does the CPU see all of it?"""

import re
from collections.abc import Iterator

from rigcheck.facts import Found, Gpu, PciGpu, Rig, value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.knowledge import gpu_specs
from rigcheck.rules.each_gpu import (
    answering,
    card_name,
    name_of,
    subject_of,
    without_answering_gpu,
)
from rigcheck.rules.evidence import from_table, passed, skipped, told
from rigcheck.rules.places import Place, place_of
from rigcheck.rules.rule import Judgement, rule
from rigcheck.units import bytes_text

_GB = 1_000_000_000
# `NVIDIA H100 80GB HBM3`, `Tesla V100-SXM2-32GB`.
_PROMISED = re.compile(r"\b(\d+) ?GB\b")
# ECC on older cards and the driver's reserve take their share of what is printed on the box.
_LEAST_SHARE = 0.8
# A 2 GB card has a little more than that; a context of CUDA with its libraries takes a third.
_TOO_SMALL_BYTES = 19 * _GB // 10
_WITH_RESIZABLE_BAR = re.compile(r"\bRTX [3-9]0[5-9]0\b")


@rule(
    "card-identity-mismatch",
    group="nvml",
    needs=("nvml", "pci"),
    link="https://www.techpowerup.com/gpu-specs/",
)
def card_identity_mismatch(rig: Rig) -> Iterator[Judgement]:
    """A card is not what its name claims: another chip, or less memory than the name promises.

    Cards are sold with a changed firmware that names a better model. What the name does not change
    is held against the table of models: the chip's compute capability, the family of the chip that
    the device's number on the bus stands for, and the memory against a size in the name. Boards of
    a model differ in memory otherwise (a GTX 960 has 2 or 4 GB), so no other size is judged.
    """
    for gpu in answering(rig):
        yield _judge_identity(gpu, _card_of(rig, gpu))
    yield from filter(None, [without_answering_gpu(rig)])


def _card_of(rig: Rig, gpu: Gpu) -> PciGpu | None:
    place = value_of(gpu.pci_bus_id)
    return next((c for c in value_of(rig.pci.nvidia_gpus) or () if c.pci_bus_id == place), None)


def _judge_identity(gpu: Gpu, card: PciGpu | None) -> Judgement:
    name = name_of(gpu)
    specs, capability = gpu_specs.specs_of(name), gpu.compute_capability
    seen = (
        told("name", gpu.name),
        told("compute capability", capability),
        _memory(gpu),
        *([told(f"{card.device_id} on the bus is", card.name)] if card else []),
        *_sizes(name, specs),
    )
    if specs and isinstance(capability, Found) and capability.value != specs[0].capability:
        return _false(
            gpu,
            f"calls itself {name}, and its chip is of compute capability {capability.value}",
            *seen,
            from_table(f"{name}: compute capability {specs[0].capability}", specs[0]),
        )
    if specs and card is not None and _is_of_another_family(card, specs):
        return _false(
            gpu,
            f"calls itself {name}, and its number on the bus is that of {card_name(card)}",
            *seen,
            from_table(f"{name}: chip {specs[0].chip}", specs[0]),
        )
    promised = _PROMISED.search(name)
    total = value_of(gpu.memory_total_bytes)
    if promised and total is not None and total < int(promised[1]) * _GB * _LEAST_SHARE:
        return _false(gpu, f"calls itself {name}, and has {bytes_text(total)} of memory", *seen)
    known = "as its model should be" if specs else "of a model that is not in rigcheck's tables"
    return passed(f"{name} is {known}", *seen, subject=subject_of(gpu))


def _is_of_another_family(card: PciGpu, specs: tuple[gpu_specs.GpuSpec, ...]) -> bool:
    """By the chips' names; within a family one model is made with several chips."""
    family = gpu_specs.chip_family(value_of(card.name) or "")
    return bool(family) and family not in {gpu_specs.chip_family(row.chip) for row in specs}


def _sizes(name: str, specs: tuple[gpu_specs.GpuSpec, ...]) -> Iterator[Evidence]:
    sizes = gpu_specs.memory_sizes_gb(name)
    if len(sizes) > 1:
        yield from_table(f"sold with {' or '.join(f'{size:g}' for size in sizes)} GB", specs[0])


def _false(gpu: Gpu, what: str, *evidence: Evidence) -> Judgement:
    return Judgement(
        verdict=Verdict.FAIL,
        headline=f"{subject_of(gpu)} {what}",
        evidence=evidence,
        remedy=Remedy(
            text="If it was bought as that model, it is not: give it back. A virtual GPU (vGPU) is "
            "only a part of one: ask who runs the machine",
            commands=("lspci -nn -d 10de:", "nvidia-smi -q | grep -iE 'product|vbios|part'"),
        ),
        subject=subject_of(gpu),
    )


def _memory(gpu: Gpu) -> Evidence:
    total = gpu.memory_total_bytes
    if isinstance(total, Found):
        return Evidence(f"memory: {bytes_text(total.value)}", total.source)
    return told("memory", total)


@rule(
    "vram-too-small",
    group="nvml",
    needs=("nvml",),
    link="https://pytorch.org/docs/stable/notes/cuda.html#memory-management",
)
def vram_too_small(rig: Rig) -> Iterator[Judgement]:
    """A GPU has less than 2 GB of memory, too little for most training.

    CUDA and its libraries alone take some 500 MB of it. LeNet still fits; what is made for today's
    cards does not.
    """
    for gpu in answering(rig):
        total = gpu.memory_total_bytes
        if not isinstance(total, Found):
            yield skipped(
                "how much memory it has is not told", _memory(gpu), subject=subject_of(gpu)
            )
        elif total.value >= _TOO_SMALL_BYTES:
            size = bytes_text(total.value)
            yield passed(f"{size} of GPU memory", _memory(gpu), subject=subject_of(gpu))
        else:
            yield _too_small(gpu, total.value)
    yield from filter(None, [without_answering_gpu(rig)])


def _too_small(gpu: Gpu, total_bytes: int) -> Judgement:
    return Judgement(
        verdict=Verdict.WARN,
        headline=f"{name_of(gpu)} has {bytes_text(total_bytes)} of memory, too little for most "
        "training",
        evidence=(_memory(gpu),),
        remedy=Remedy(
            text="Train small models on it, in small batches; a card with 8 GB or more takes the "
            "usual ones"
        ),
        subject=subject_of(gpu),
    )


@rule(
    "resizable-bar-off",
    group="nvml",
    needs=("host", "nvml"),
    link="https://www.nvidia.com/en-us/geforce/news/geforce-rtx-30-series-resizable-bar-support/",
)
def resizable_bar_off(rig: Rig) -> Iterator[Judgement]:
    """The CPU sees the card's memory through a window of 256 MB, though the card can show all.

    Resizable BAR is a setting of the firmware, for GeForce cards from RTX 30 on; large copies gain
    by it, and some cards start only with it. Laptops and virtual machines cannot set it, and older
    cards do not have it.
    """
    for gpu in answering(rig):
        yield _judge_bar(rig, gpu)
    yield from filter(None, [without_answering_gpu(rig)])


def _judge_bar(rig: Rig, gpu: Gpu) -> Judgement:
    bar, subject = gpu.resizable_bar, subject_of(gpu)
    seen = (told("Resizable BAR", bar), told("BAR1 bytes", gpu.bar1_total_bytes))
    if value_of(bar):
        return passed("the CPU sees all of the GPU's memory", *seen, subject=subject)
    if not _can_set_bar(rig, gpu) or not isinstance(bar, Found):
        return skipped("not a setting of this machine", *seen, subject=subject)
    return Judgement(
        verdict=Verdict.WARN,
        headline=f"Resizable BAR is off for {name_of(gpu)}",
        evidence=seen,
        remedy=Remedy(
            text="In the firmware's set-up switch on Above 4G Decoding and Resizable BAR (and CSM "
            "off). An RTX 30 card of early 2021 may need a newer VBIOS, an older board has no such "
            "setting; without it training works, and copies are a little slower",
            verify="rigcheck check --only nvml",
        ),
        subject=subject,
    )


def _can_set_bar(rig: Rig, gpu: Gpu) -> bool:
    name = name_of(gpu)
    is_card = "GeForce" in name and "Laptop" not in name and bool(_WITH_RESIZABLE_BAR.search(name))
    is_real = place_of(rig) is Place.HOST and not isinstance(rig.host.hypervisor, Found)
    return is_card and is_real
