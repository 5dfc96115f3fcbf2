"""Whether two devices that trained alike, from the same weights on the same batches, agree.

Rounding differs between devices and between forms, and training multiplies differences; so that
what is compared are the means over 50 steps of the first epoch (`rigcheck.target.curve`), and what
they may differ by was measured. Behind an epoch, what rounding makes has grown too large.
"""

import dataclasses
import math
from collections.abc import Sequence

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
    windows: int
    """So many of both were compared; 0 where either has none."""
    worst_share: float
    """The largest difference of two windows' means; infinite where a loss is no number."""
    worst_window: int
    """Which one that is, from 0."""


def curves_agree(
    a: Sequence[float | None], b: Sequence[float | None], bound: float = LOSS_CURVE_BOUND
) -> Agreement:
    """Compares the mean losses of each window of steps, both from the first.

    Args:
        a: of one device; None for a mean that is no number.
        b: of the other, on the same batches; where one is longer, its rest is left out.
        bound: the largest share that is rounding.
    """
    shares = [_apart(own, others) for own, others in zip(a, b, strict=False)]
    worst_share = max(shares, default=0.0)
    return Agreement(
        agree=worst_share <= bound,
        windows=len(shares),
        worst_share=worst_share,
        worst_window=shares.index(worst_share) if shares else 0,
    )


def _apart(a: float | None, b: float | None) -> float:
    if a is None or b is None:
        return math.inf
    return abs(a - b) / abs(b) if b else math.inf if a else 0.0
