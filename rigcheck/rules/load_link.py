"""The PCIe link under load."""

from rigcheck.facts import value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.rules.evidence import passed, skipped, unknown
from rigcheck.rules.rule import Judgement
from rigcheck.rules.watched import SOURCE, Watched

_NARROW = 4
"""A quarter of the lanes."""


def judge_link(seen: Watched) -> Judgement:
    """The PCIe link is slower or narrower under load than card and slot allow.

    The best generation and width under load count: at rest a healthy card lowers its link. A card
    in a slot with a quarter of its lanes or less is told of, too.
    """
    generation, width = seen.changes.pcie_generation_max, seen.changes.pcie_width_max
    possible, lanes = value_of(seen.gpu.pcie_generation_max), value_of(seen.gpu.pcie_width_max)
    evidence = _link_evidence(seen)
    if value_of(seen.gpu.memory_is_unified) is True or (generation is None and width is None):
        return skipped("no PCIe link to judge", *evidence)
    if width is not None and lanes is not None and width < lanes:
        return _degraded(f"{width} PCIe lanes of {lanes} carry data under load", evidence)
    if width is not None and _is_narrow(seen, width):
        return _degraded(f"the slot gives {width} PCIe lanes to a card of {_lanes(seen)}", evidence)
    if generation is None or possible is None or generation >= possible:
        return passed("the PCIe link is at its best under load", *evidence)
    what = f"the PCIe link stays at generation {generation} of {possible} under load"
    if not seen.is_guest:
        return _degraded(what, evidence)
    return unknown(
        f"{what}, as the guest of a hypervisor is told",
        *evidence,
        tells="What copies reach tells which it is: NVIDIA's nvbandwidth measures them",
        commands=("nvbandwidth -t host_to_device_memcpy_ce",),
    )


def _is_narrow(seen: Watched, width: int) -> bool:
    """A quarter of the card's lanes or less. Half of them is how boards share them out."""
    lanes = _lanes(seen)
    return lanes is not None and width * _NARROW <= lanes


def _lanes(seen: Watched) -> int | None:
    return None if seen.card is None else value_of(seen.card.card_width_max)


def _link_evidence(seen: Watched) -> tuple[Evidence, ...]:
    changes, gpu = seen.changes, seen.gpu
    best = _link_text(changes.pcie_generation_max, changes.pcie_width_max)
    generation, lanes = value_of(gpu.pcie_generation_max), value_of(gpu.pcie_width_max)
    limit = _link_text(generation, lanes)
    again = changes.pcie_replays
    return (
        Evidence(f"best PCIe link under load: {best}", SOURCE),
        Evidence(f"card and slot together: {limit}", gpu.pcie_width_max.source or "NVML"),
        *([Evidence(f"packets sent again: {again}", SOURCE)] if again is not None else []),
    )


def _link_text(generation: int | None, lanes: int | None) -> str:
    told = (
        f"generation {generation}" if generation is not None else "",
        f"{lanes} lanes" if lanes is not None else "",
    )
    return ", ".join(filter(None, told)) or "not told"


def _degraded(headline: str, evidence: tuple[Evidence, ...]) -> Judgement:
    return Judgement(
        verdict=Verdict.WARN,
        headline=headline,
        evidence=evidence,
        remedy=Remedy(
            text="Switch off; seat the card anew, take out the riser or its cable, use the slot "
            "next to the processor, and see in the board's manual which slots and M.2 places "
            "share lanes. In the firmware's set-up the slot's speed is to be Auto",
            commands=("sudo lspci -vv -d 10de: | grep -E 'LnkCap|LnkSta'",),
            verify="rigcheck bench",
        ),
    )
