"""What a device could do at most, as it was measured, and how much of it training uses."""

import enum
from collections.abc import Sequence
from typing import Any

import msgspec

from rigcheck.target.lenet_flops import TRAINING_FLOP_PER_IMAGE


class CeilingName(enum.Enum):
    """What was measured."""

    PRODUCT = "matrix product"
    COPY = "memory copy"
    TO_DEVICE = "host to device"
    FROM_DEVICE = "device to host"
    LAUNCH = "kernel launch"


class Ceiling(msgspec.Struct, frozen=True, kw_only=True):
    """One ceiling of a device. Which of the figures it has, its name tells; others are null."""

    name: CeilingName
    variant: str = ""
    """Of a copy: the memory it stays in (`L2`, `L3`, `memory`), or the host's kind (`pinned`,
    `pageable`). Of a launch: by whose clock. Empty for a product."""
    dtype: str = ""
    """Number format of a product: `float32` (without TF32), `tf32`, `float16`, `bfloat16`,
    `float8_e4m3fn`; else empty."""
    size: tuple[int, ...] = ()
    """Of a product M, N and K, the fastest of several; of a copy its bytes; of launches by the
    host's clock how many were asked for at once."""
    threads: int | None = None
    """CPU threads; null on other devices."""
    blocks: int = 0
    """Timed after a warm-up; 0 where it could not be measured."""
    flop_per_s: float | None = None
    """Of the median block, 2·M·N·K a product; random normal numbers, a GPU's cache emptied before
    each."""
    best_flop_per_s: float | None = None
    """Of the fastest block: the device undisturbed."""
    bytes_per_s: float | None = None
    """Of the median block. A copy within a device counts what is read and what is written, one to
    or from the host counts once."""
    best_bytes_per_s: float | None = None
    """Of the fastest block."""
    duration_s: float | None = None
    """Of one launch, torch's own work included, in the median block."""
    best_duration_s: float | None = None
    """Of one launch in the fastest block."""
    relative_error: float | None = None
    """Relative Frobenius error of the product against float64, from the same operands."""
    error_bound: float | None = None
    """Above which a product of this format is wrong."""
    is_used_by_training: bool = False
    """True for the product in whose format torch trains LeNet's convolutions on this device."""
    problem: str = ""
    """Why it could not be measured, in torch's own words; empty otherwise. Foreign text."""

    @property
    def is_wrong(self) -> bool:
        """True for a product that differs from float64's by more than its format explains."""
        if self.error_bound is None or self.problem:
            return False
        # On the wire an infinite error is null.
        return self.relative_error is None or self.relative_error > self.error_bound


class CeilingShare(msgspec.Struct, frozen=True, kw_only=True):
    """A training rate as a share of what the device's arithmetic allows."""

    share: float
    """0 to 1, of `limit_images_per_s`."""
    limit_images_per_s: float
    """If nothing but LeNet's arithmetic took time, at the speed of the fastest matrix product."""
    dtype: str
    """Number format of that product."""
    threads: int | None
    """CPU threads of that product; null on other devices."""


def decode_ceiling(fields: dict[str, Any]) -> Ceiling:
    """One off the wire, as `rigcheck.target.ceilings.reading.Reading` has it.

    Raises:
        msgspec.ValidationError: if it is none.
    """
    return msgspec.convert(fields, Ceiling)


def find_ceiling(
    ceilings: Sequence[Ceiling], name: CeilingName, variant: str = "", dtype: str = ""
) -> Ceiling | None:
    """The best of that name, with the most threads; None where there is none."""
    found = [
        c for c in ceilings if (c.name, c.variant, c.dtype) == (name, variant, dtype) and c.blocks
    ]
    return max(found, key=_by_threads_and_speed, default=None)


def pinned_bytes_per_s(ceilings: Sequence[Ceiling]) -> float | None:
    """What copies from pinned memory to the device reached at best; None where not measured."""
    copy = find_ceiling(ceilings, CeilingName.TO_DEVICE, "pinned")
    return None if copy is None else copy.best_bytes_per_s


def launch_s(ceilings: Sequence[Ceiling]) -> float | None:
    """What a launch costs the host; None where it was not measured."""
    launch = find_ceiling(ceilings, CeilingName.LAUNCH, "by the host's clock")
    return None if launch is None else launch.duration_s


def share_of_ceiling(
    images_per_s: float, ceilings: Sequence[Ceiling], threads: int | None = None
) -> CeilingShare | None:
    """What part of the arithmetic a rate in training uses.

    None where no product was measured, and where the product was the slower of the two: something
    else had the machine then, and it was no ceiling.

    Args:
        images_per_s: the rate.
        ceilings: of the same device.
        threads: those of the training on a CPU; a product with as many counts.
    """
    products = [
        c
        for c in ceilings
        if c.is_used_by_training and c.best_flop_per_s and threads in (None, c.threads)
    ]
    if not products:
        return None
    product = max(products, key=_by_threads_and_speed)
    # The fastest block: what something else slowed down is no ceiling.
    limit = (product.best_flop_per_s or 0.0) / TRAINING_FLOP_PER_IMAGE
    if images_per_s > limit:
        return None
    return CeilingShare(
        share=images_per_s / limit,
        limit_images_per_s=limit,
        dtype=product.dtype,
        threads=product.threads,
    )


def _by_threads_and_speed(ceiling: Ceiling) -> tuple[int, float]:
    speed = ceiling.best_flop_per_s or ceiling.best_bytes_per_s
    return ceiling.threads or 0, speed or -(ceiling.best_duration_s or 0.0)
