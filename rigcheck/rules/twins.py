"""GPUs of one model in one machine are to be alike: which of them is not?"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec

from rigcheck.facts import Found, Gpu, Rig
from rigcheck.findings import Evidence, Remedy, Verdict
from rigcheck.rules.each_gpu import answering, name_of, subject_of, without_answering_gpu
from rigcheck.rules.evidence import passed, skipped, value_text
from rigcheck.rules.rule import Judgement, rule
from rigcheck.rules.twin_traits import Trait, traits_of


@rule(
    "gpu-outlier",
    group="nvml",
    needs=("nvml",),
    link="https://docs.nvidia.com/deploy/gpu-debug-guidelines/index.html",
)
def gpu_outlier(rig: Rig) -> Iterator[Judgement]:
    """A GPU differs from the others of its model in settings, slot or limits.

    Compared are settings (ECC, MIG, persistence, compute mode), what the slot gives (PCIe, BAR) and
    the card's own limits (power, clocks, memory, VBIOS). Makers' boards of one GeForce model differ
    in the last by nature, so there only a power limit that somebody changed counts.
    """
    groups = [twins for twins in _by_model(answering(rig)) if len(twins) > 1]
    nothing = without_answering_gpu(rig)
    if nothing is not None:
        yield nothing
    elif not groups:
        yield skipped("no two GPUs of one model")
    for twins in groups:
        yield from _judge_twins(twins)


def _by_model(gpus: tuple[Gpu, ...]) -> Iterator[tuple[Gpu, ...]]:
    for name in dict.fromkeys(map(name_of, gpus)):
        yield tuple(gpu for gpu in gpus if name_of(gpu) == name)


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """In what one GPU differs from most of its twins."""

    trait: Trait
    mine: Found[Any]
    usual: Any


def _judge_twins(twins: tuple[Gpu, ...]) -> Iterator[Judgement]:
    odd = {gpu.index: _differences(gpu, twins) for gpu in twins}
    if not any(odd.values()):
        named = f"{len(twins)} × {name_of(twins[0])}"
        yield passed(f"{named} are alike", *_shared(twins), subject=_subjects(twins))
    for gpu in twins:
        if odd[gpu.index]:
            yield _outlier(gpu, odd[gpu.index])


def _differences(gpu: Gpu, twins: tuple[Gpu, ...]) -> tuple[Difference, ...]:
    found = []
    for trait in traits_of(gpu):
        mine, usual = trait.of(gpu), _usual(trait, twins)
        if isinstance(mine, Found) and usual is not None and mine.value != usual:
            found.append(Difference(trait=trait, mine=mine, usual=usual))
    return tuple(found)


def _usual(trait: Trait, twins: tuple[Gpu, ...]) -> Any:
    """What more than half of them have; of two unlike ones, the greater.

    None where there is no such value.
    """
    values = [fact.value for gpu in twins if isinstance(fact := trait.of(gpu), Found)]
    if len(values) == 2 and len(twins) == 2:  # noqa: PLR2004 -- a pair
        return max(values) if not isinstance(values[0], str) else values[0]
    value, count = Counter(values).most_common(1)[0] if values else (None, 0)
    return value if 2 * count > len(values) else None


def _outlier(gpu: Gpu, differences: tuple[Difference, ...]) -> Judgement:
    subject = subject_of(gpu)
    told = ", ".join(f"{d.trait.label} {_text(d.mine.value)}" for d in differences)
    usual = ", ".join(_text(d.usual) for d in differences)
    return Judgement(
        verdict=Verdict.WARN,
        headline=f"{subject} differs from its twins: {told} (theirs: {usual})",
        evidence=tuple(
            Evidence(
                f"{d.trait.label}: {_text(d.mine.value)} here, {_text(d.usual)} on its twins",
                d.mine.source,
            )
            for d in differences
        ),
        remedy=_remedy(gpu, differences),
        subject=subject,
    )


def _remedy(gpu: Gpu, differences: tuple[Difference, ...]) -> Remedy:
    filled = [d.trait.mend.format(index=gpu.index, value=_argument(d.usual)) for d in differences]
    commands = tuple(line for line in filled if "nvidia-smi" in line)
    looks = [line for line in filled if line not in commands]
    advice = "; ".join(looks) or "see who set it, and when it is set back"
    return Remedy(
        text=f"Make it like its twins unless that is meant: {advice}",
        commands=commands,
        verify="rigcheck check --only nvml",
    )


def _argument(value: Any) -> str:
    if isinstance(value, bool):
        return str(int(value))
    return f"{value:.0f}" if isinstance(value, float) else str(value)


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else value_text(value)


def _shared(twins: tuple[Gpu, ...]) -> tuple[Evidence, ...]:
    first = twins[0]
    return tuple(
        Evidence(f"{trait.label}: {_text(fact.value)} on all", fact.source)
        for trait in traits_of(first)
        if isinstance(fact := trait.of(first), Found)
    )


def _subjects(twins: tuple[Gpu, ...]) -> str:
    return ", ".join(subject_of(gpu) for gpu in twins)
