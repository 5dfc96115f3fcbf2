"""The loss curve of the first epoch, in windows of steps: what devices are compared by."""

from __future__ import annotations

import math
from typing import Iterator, List, NamedTuple, Sequence

WINDOW_STEPS = 50
LAST_STEP = 600


class Window(NamedTuple):
    """The mean loss an image over the last `WINDOW_STEPS` steps."""

    steps: int
    """Done at its end."""
    loss: float


class LossCurve:
    """Collects the losses of steps, in order, until `LAST_STEP`."""

    def __init__(self) -> None:
        self._steps = 0
        self._losses: List[float] = []

    def add(self, losses: Sequence[float], batch_size: int) -> Iterator[Window]:
        """Takes the summed losses of steps; yields each window that they complete.

        The last step of an epoch may have had fewer images; its loss then counts a little less,
        alike on every device.
        """
        for loss in losses:
            if self._steps == LAST_STEP:
                return
            self._steps += 1
            self._losses.append(loss)
            if len(self._losses) == WINDOW_STEPS:
                yield Window(self._steps, math.fsum(self._losses) / WINDOW_STEPS / batch_size)
                self._losses = []
