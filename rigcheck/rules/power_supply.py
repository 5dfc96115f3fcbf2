"""What the power supply must give, and the signs that it does not."""

from collections.abc import Iterator, Sequence

import msgspec

from rigcheck.facts import Fact, Found, Gpu, Rig, value_of
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.knowledge import gpu_specs
from rigcheck.knowledge.xids import FELL_OFF_BUS, xid_of
from rigcheck.rules.each_gpu import answering, name_of, subject_of, without_answering_gpu
from rigcheck.rules.evidence import from_table, log_line, passed, skipped, told
from rigcheck.rules.places import Place, place_of
from rigcheck.rules.rule import Judgement, rule

_POWER_CABLE = "power-cable"
"""In the table of kernel messages."""
_BRAKE = "power brake"
_TO_TRY = 0.7
"""Of a card's limit: little slower, and well below the peaks that trip a supply."""


@rule(
    "power-supply-headroom",
    group="nvml",
    needs=("host", "cpu", "nvml", "kernel_log"),
    follows=("xid79-fell-off-bus", "xid-errors", "gpu-does-not-answer"),
    link="https://docs.nvidia.com/deploy/gpu-debug-guidelines/index.html",
)
def power_supply_headroom(rig: Rig) -> Iterator[Judgement]:
    """The power supply or its cables do not give the cards what they may draw.

    No program can read how strong a supply is. What it must give can be summed up: the power limits
    of the cards and of the processor, with the board, disks and fans still to come. That it does
    not is only said where something shows it: a card that is told to brake, that fell off the bus,
    or that misses a power cable.
    """
    other = _not_about_a_supply(rig)
    if other is not None:
        yield other
        return
    signs, demand = tuple(_signs(rig)), _demand(rig)
    if signs:
        yield _too_weak(rig, signs, demand)
    else:
        yield without_answering_gpu(rig) or passed(
            f"nothing tells of too weak a power supply; {demand.text}",
            *demand.evidence,
            *_unseen(rig),
        )


def _not_about_a_supply(rig: Rig) -> Judgement | None:
    gpus = answering(rig)
    if isinstance(rig.host.hypervisor, Found) or place_of(rig) in (Place.WSL, Place.JETSON):
        return skipped(
            "the power supply is the host's to see", told("hypervisor", rig.host.hypervisor)
        )
    if any("Laptop" in name_of(gpu) for gpu in gpus):
        return skipped("a laptop shares its power out by itself", told("name", gpus[0].name))
    if gpus and all(value_of(gpu.memory_is_unified) is True for gpu in gpus):
        return skipped("the GPU is a part of the processor", told("name", gpus[0].name))
    return None


class Sign(msgspec.Struct, frozen=True, kw_only=True):
    """Something that shows want of power."""

    what: str
    evidence: Evidence
    cause: str = ""
    """Id of the finding that tells the same of itself."""


def _signs(rig: Rig) -> Iterator[Sign]:
    for gpu in answering(rig):
        if _BRAKE in (value_of(gpu.clocks_event_reasons) or ()):
            evidence = told(f"what holds the clocks of {subject_of(gpu)}", gpu.clocks_event_reasons)
            yield Sign(what=f"{subject_of(gpu)} is told to brake", evidence=evidence)
    log = rig.kernel_log
    for message in value_of(log.messages) or ():
        if message.id == _POWER_CABLE:
            line = log_line(message, log.messages.source)
            yield Sign(
                what="a card misses a power cable", evidence=line, cause="gpu-does-not-answer"
            )
    for xid in value_of(log.xids) or ():
        row = xid_of(xid.code)
        if xid.code == FELL_OFF_BUS or (row is not None and row.side == "power"):
            cause = "xid79-fell-off-bus" if xid.code == FELL_OFF_BUS else "xid-errors"
            line = Evidence(
                f"kernel log, {xid.first_s:.0f} s after boot: {xid.text}", log.xids.source
            )
            meaning = row.text.partition(":")[0] if row else ""
            yield Sign(what=f"Xid {xid.code} ({meaning})", evidence=line, cause=cause)


class Demand(msgspec.Struct, frozen=True, kw_only=True):
    """What a supply must give at the least."""

    text: str
    evidence: tuple[Evidence, ...]


def _demand(rig: Rig) -> Demand:
    gpus = answering(rig)
    limits = [_limit(gpu) for gpu in gpus]
    cpu_w = value_of(rig.cpu.power_limit_w)
    known_w = [watts for watts, _ in limits if watts is not None]
    parts = [f"{sum(known_w):.0f} W to {_count(len(known_w))}"] if known_w else []
    parts += [f"{cpu_w:.0f} W to the processor"] if cpu_w is not None else []
    text = f"it must give {' and '.join(parts)}" if parts else "what it must give is not told"
    return Demand(
        text=text,
        evidence=(
            *(evidence for _, evidence in limits),
            told("the processor's power limit in W", rig.cpu.power_limit_w),
            *_suggested(gpus),
        ),
    )


def _limit(gpu: Gpu) -> tuple[float | None, Evidence]:
    """The limit in force, else the card's own, else that of its model."""
    facts: tuple[Fact[float], ...] = (gpu.power_limit_enforced_w, gpu.power_limit_default_w)
    for fact in facts:
        if isinstance(fact, Found):
            text = f"power limit of {subject_of(gpu)} ({name_of(gpu)}): {fact.value:.0f} W"
            return fact.value, Evidence(text, fact.source)
    row = next(iter(gpu_specs.specs_of(name_of(gpu))), None)
    if row is not None:
        return float(row.tdp_w), from_table(f"{name_of(gpu)}: {row.tdp_w} W", row)
    return None, told(f"power limit of {subject_of(gpu)}", gpu.power_limit_enforced_w)


def _suggested(gpus: Sequence[Gpu]) -> Iterator[Evidence]:
    """For a machine with one card; nobody suggests any for several."""
    rows = gpu_specs.specs_of(name_of(gpus[0])) if len(gpus) == 1 else ()
    for row in rows[:1]:
        if row.supply_w is not None:
            text = f"TechPowerUp suggests a supply of {row.supply_w} W for a machine with it"
            yield from_table(text, row)


def _unseen(rig: Rig) -> Iterator[Evidence]:
    if not isinstance(rig.kernel_log.xids, Found):
        yield told("kernel log", rig.kernel_log.xids)


def _count(gpus: int) -> str:
    return "the GPU" if gpus == 1 else f"{gpus} GPUs"


def _too_weak(rig: Rig, signs: tuple[Sign, ...], demand: Demand) -> Judgement:
    what = ", ".join(dict.fromkeys(sign.what for sign in signs))
    causes = tuple(dict.fromkeys(sign.cause for sign in signs if sign.cause))
    return Judgement(
        verdict=Verdict.WARN,
        headline=f"the power supply or its cables may not give enough: {what}",
        evidence=(*(sign.evidence for sign in signs), *demand.evidence),
        remedy=Remedy(
            text=f"See what is written on the supply: {demand.text}, and to the board, disks and "
            "fans besides; a card's peaks are well above its limit. Give each plug of a card a "
            "cable of its own, straight from the supply. Until then lower the cards' limits",
            commands=tuple(_lower(gpu) for gpu in answering(rig)),
            verify="rigcheck bench",
        ),
        # A brake is seen by itself and follows from nothing else.
        follows=() if any(not sign.cause for sign in signs) else causes,
    )


def _lower(gpu: Gpu) -> str:
    limit_w, _ = _limit(gpu)
    least_w = value_of(gpu.power_limit_min_w) or 0.0
    watts = "WATTS" if limit_w is None else f"{max(limit_w * _TO_TRY, least_w):.0f}"
    return f"sudo nvidia-smi -i {gpu.index} -pl {watts}"
