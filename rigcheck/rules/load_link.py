"""The PCIe link under load."""

from rigcheck.facts import value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.rules.evidence import passed, skipped, unknown
from rigcheck.rules.rule import Judgement
from rigcheck.rules.watched import SOURCE, Watched

_NARROW = 4
"""A quarter of the lanes."""
_GIGA = 1e9
_HALF = 0.5
"""Of what the lanes carry. Healthy links copy 73 to 87 % from pinned memory (Azure's pass marks for
16 lanes: 23 GB/s of generation 4, 52 of generation 5); half is half the lanes or a generation."""
_HALF_IN_A_GUEST = 0.25
"""A guest is told of the card's generation; the host's slot may be one below it."""
_BYTES_PER_S_A_LANE = {1: 0.25e9, 2: 0.5e9, 3: 0.985e9, 4: 1.969e9, 5: 3.938e9, 6: 7.563e9}
"""In one direction, after the encoding: 8b/10b for the first two, 128b/130b, then FLIT."""


def judge_link(seen: Watched) -> Judgement:
    """The PCIe link is slower or narrower under load than card and slot allow.

    The best generation and width under load count: at rest a healthy card lowers its link. A card
    in a slot with a quarter of its lanes or less is told of, too.
    """
    generation, width = seen.changes.pcie_generation_max, seen.changes.pcie_width_max
    lanes = value_of(seen.gpu.pcie_width_max)
    evidence = _link_evidence(seen)
    if value_of(seen.gpu.memory_is_unified) is True or (generation is None and width is None):
        return skipped("no PCIe link to judge", *evidence)
    if width is not None and lanes is not None and width < lanes:
        return _degraded(f"{width} PCIe lanes of {lanes} carry data under load", evidence)
    if width is not None and _is_narrow(seen, width):
        return _degraded(f"the slot gives {width} PCIe lanes to a card of {_lanes(seen)}", evidence)
    return _judge_copies(seen, evidence) or _judge_generation(seen, evidence)


def _judge_copies(seen: Watched, evidence: tuple[Evidence, ...]) -> Judgement | None:
    """By what was carried; None where that was not measured, or leaves it open."""
    copied, limit = seen.pinned_bytes_per_s, _limit_bytes_per_s(seen)
    if copied is None or limit is None:
        return None
    if copied < limit * (_HALF_IN_A_GUEST if seen.is_guest else _HALF):
        share = f"{copied / _GIGA:.1f} of {limit / _GIGA:.1f} GB/s"
        return _degraded(f"copies to the GPU reach {share} of the PCIe link", evidence)
    if copied < limit * _HALF:
        return None
    return passed("copies to the GPU show the PCIe link at its best", *evidence)


def _judge_generation(seen: Watched, evidence: tuple[Evidence, ...]) -> Judgement:
    generation = seen.changes.pcie_generation_max
    possible = value_of(seen.gpu.pcie_generation_max)
    if generation is None or possible is None or generation >= possible:
        return passed("the PCIe link is at its best under load", *evidence)
    what = f"the PCIe link stays at generation {generation} of {possible} under load"
    if not seen.is_guest:
        return _degraded(what, evidence)
    return unknown(
        f"{what}, as the guest of a hypervisor is told",
        *evidence,
        tells="What copies reach tells which it is: the full benchmark measures them",
        commands=("rigcheck bench --full",),
    )


def _limit_bytes_per_s(seen: Watched) -> float | None:
    generation, lanes = seen.gpu.pcie_generation_max, seen.gpu.pcie_width_max
    return link_bytes_per_s(value_of(generation), value_of(lanes))


def link_bytes_per_s(generation: int | None, lanes: int | None) -> float | None:
    """What a PCIe link carries in one direction; None where generation or lanes are not known."""
    a_lane = _BYTES_PER_S_A_LANE.get(generation or 0)
    return None if a_lane is None or lanes is None else a_lane * lanes


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
    copied = seen.pinned_bytes_per_s
    return (
        Evidence(f"best PCIe link under load: {best}", SOURCE),
        Evidence(f"card and slot together: {limit}", gpu.pcie_width_max.source or "NVML"),
        *([Evidence(f"packets sent again: {again}", SOURCE)] if again is not None else []),
        *([Evidence(_copied_text(copied), "measured with torch")] if copied is not None else []),
    )


def _copied_text(bytes_per_s: float) -> str:
    return f"copies to the GPU from pinned memory: {bytes_per_s / _GIGA:.1f} GB/s"


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
