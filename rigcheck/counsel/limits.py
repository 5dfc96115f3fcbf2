"""What the GPUs are too old for."""

from collections.abc import Iterator

from rigcheck import versions
from rigcheck.advice import Counsel
from rigcheck.facts import value_of
from rigcheck.knowledge import workloads
from rigcheck.rules.gpus import KnownGpu
from rigcheck.rules.remedies.wheel_install import list_of


def limits(gpus: tuple[KnownGpu, ...]) -> Iterator[Counsel]:
    """One counsel for each thing that some of them cannot do."""
    for feature in workloads.table().feature:
        below = tuple(gpu for gpu in gpus if _is_below(gpu, feature.capability_min))
        if below:
            yield Counsel(
                topic="will not work here",
                text=f"{feature.name}, which needs compute capability {feature.capability_min}, "
                f"on {list_of(below)}: {feature.instead}",
                sources=(feature.source,),
            )


def _is_below(gpu: KnownGpu, needed: str) -> bool:
    capability = value_of(gpu.compute_capability)
    return capability is not None and not versions.at_least(capability, needed)
