"""One measured ceiling, as it goes over the wire: `reading._asdict()` is JSON."""

from __future__ import annotations

from statistics import median
from typing import NamedTuple, Optional, Sequence, Tuple

# As `rigcheck.bench.ceiling.CeilingName` names them.
PRODUCT, COPY = "matrix product", "memory copy"
TO_DEVICE, FROM_DEVICE = "host to device", "device to host"
LAUNCH = "kernel launch"


class Reading(NamedTuple):
    """The fields of `rigcheck.bench.ceiling.Ceiling`, where they are described."""

    name: str
    variant: str = ""
    dtype: str = ""
    size: Tuple[int, ...] = ()
    threads: Optional[int] = None
    blocks: int = 0
    flop_per_s: Optional[float] = None
    best_flop_per_s: Optional[float] = None
    bytes_per_s: Optional[float] = None
    best_bytes_per_s: Optional[float] = None
    duration_s: Optional[float] = None
    best_duration_s: Optional[float] = None
    relative_error: Optional[float] = None
    error_bound: Optional[float] = None
    is_used_by_training: bool = False
    problem: str = ""


def rates(amount: float, times_s: Sequence[float]) -> Tuple[float, float]:
    """The median and the best of amount ÷ time."""
    return amount / median(times_s), amount / min(times_s)


def unmeasured(blank: Reading, error: BaseException) -> Reading:
    """What could not be measured, in torch's own words."""
    words = " ".join(str(error).split()) or type(error).__name__
    return blank._replace(problem=words[:_MOST_WORDS])


_MOST_WORDS = 300
