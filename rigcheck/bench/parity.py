"""Whether two devices that trained alike, from the same weights on the same batches, agree.

Rounding differs between devices and between forms, and training multiplies differences; so that
what is compared are means over 50 steps, and what they may differ by was measured.
"""

import dataclasses
import math
import statistics
from collections.abc import Sequence

WINDOW_STEPS = 50
COMPARED_STEPS = 600
"""An epoch of MNIST. Behind it, the differences that rounding makes have grown too large."""
LOSS_CURVE_BOUND = 0.004
"""How far two devices' mean losses may be apart, as a share of the second one's.

Measured on a CPU (torch 2.15, batch 100, MNIST and the built-in digits), the largest of an epoch's
12 windows was

    another order of float32's sums: peak against in-memory       0.0000001   2 pairs of runs
    another order of float32's sums: 2 threads against 1          0.0003      1
    all inputs of products rounded to TF32's 10 bits              0.001       3 pairs of runs
    the upper mantissa bit of one weight in 61,610 flipped        0.001       1

and with a fault the smallest and the largest of the 12 were

    a learning rate 2 % too high                                  0.005       0.02
    a learning rate 10 % too high                                 0.03        0.09
    every tenth update dropped                                    0.04        0.1
    any bit of one weight flipped at each step                    no number after 50 steps

The bound is four times what the coarsest rounding of a GPU does. What differs by less, like a
mantissa bit that flips, SGD heals; it shows where a device does not repeat itself.
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Agreement:
    """How far two curves are apart where they differ most."""

    agree: bool
    steps: int
    """So many of both were compared; 0 where either has less than a window."""
    worst_share: float
    """The largest difference of a window's means; infinite where a loss is no number."""
    worst_at_step: int
    """The first step of that window."""


def curves_agree(
    a: Sequence[float], b: Sequence[float], bound: float = LOSS_CURVE_BOUND
) -> Agreement:
    """Compares the summed or mean losses of each step, both from step 0.

    Args:
        a: of one device.
        b: of the other, on the same batches; where one is longer, its rest is left out.
        bound: the largest share that is rounding.
    """
    steps = min(len(a), len(b), COMPARED_STEPS) // WINDOW_STEPS * WINDOW_STEPS
    worst_share, worst_at_step = max(
        ((_apart(_mean(a, start), _mean(b, start)), -start) for start in _starts(steps)),
        default=(0.0, 0),
    )
    return Agreement(
        agree=worst_share <= bound,
        steps=steps,
        worst_share=worst_share,
        worst_at_step=-worst_at_step,
    )


def _starts(steps: int) -> range:
    return range(0, steps, WINDOW_STEPS)


def _mean(losses: Sequence[float], start: int) -> float:
    return statistics.fmean(losses[start : start + WINDOW_STEPS])


def _apart(a: float, b: float) -> float:
    if not (math.isfinite(a) and math.isfinite(b)):
        return math.inf
    return abs(a - b) / abs(b) if b else math.inf if a else 0.0
