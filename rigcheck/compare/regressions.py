"""What got worse by more than somebody is ready to bear."""

from collections.abc import Iterator

from rigcheck.compare.comparison import Comparison, Difference, Pair, SpeedChange
from rigcheck.errors import RigcheckError


def regressions(comparison: Comparison, least_loss: float) -> list[str]:
    """Each loss in words: a device that is really slower by this share or more, or gone.

    Raises:
        RigcheckError: if no speed compares, so that a script is not told that all is well.
    """
    lost = [words for pair in comparison.pairs for words in _lost(pair, least_loss)]
    compared = any(
        speed.difference is not Difference.NOT_TOLD
        for pair in comparison.pairs
        for speed in pair.speeds
    )
    if not lost and not compared:
        raise RigcheckError(
            "no speed of these runs compares, so that no regression could be told",
            hint="compare runs of the same device, data and batch: rigcheck bench keeps them",
        )
    return lost


def _lost(pair: Pair, least_loss: float) -> Iterator[str]:
    names = f"{pair.before} to {pair.after}"
    for speed in pair.speeds:
        if _is_lost(speed, least_loss):
            share = 1 - (speed.ratio or 1)
            yield f"{names}: {speed.label} is {share:.0%} slower ({speed.tier.value})"
    for words in pair.gone:
        yield f"{names}: {words}"


def _is_lost(speed: SpeedChange, least_loss: float) -> bool:
    is_slower = speed.difference is Difference.SLOWER and speed.ratio is not None
    return is_slower and (speed.ratio or 1) <= 1 - least_loss
