"""What telemetry tells of a GPU while it trained, as the bottleneck is found from it."""

from collections.abc import Iterable
from statistics import fmean
from typing import TypedDict

from rigcheck.facts import value_of
from rigcheck.monitor.changes import Throttle
from rigcheck.rules.watched import Watched

_HARMLESS = ("idle", "sync boost", "display clocks", "board limit", "reliability limit")
"""The last two are what ends the boost of a healthy card, some way below the highest clock."""
_UMBRELLA = "hardware slowdown"
"""Told beside the reason itself, heat or the power brake."""
_LOWERED = 0.95


class GpuGrounds(TypedDict):
    """The fields of `Grounds` that telemetry knows."""

    utilization_percent: float | None
    power_share: float | None
    held_by: str
    held_share: float | None
    held_since_s: float | None
    clock_mhz: float | None
    clock_max_mhz: float | None


def gpu_grounds(seen: Watched) -> GpuGrounds:
    """From the samples of one tier's time: `Grounds(device=…, **gpu_grounds(seen))`."""
    holding = (throttle for throttle in seen.changes.throttles if _holds(throttle, seen))
    held = max(holding, key=lambda t: (t.share, t.reason != _UMBRELLA), default=None)
    return GpuGrounds(
        utilization_percent=_mean(reading.utilization_percent for reading in seen.readings),
        power_share=_power_share(seen),
        held_by=held.reason if held else "",
        held_share=held.share if held else None,
        held_since_s=held.first_s if held else None,
        clock_mhz=seen.changes.sm_clock_max_mhz,
        clock_max_mhz=value_of(seen.gpu.sm_clock_max_mhz),
    )


def _holds(throttle: Throttle, seen: Watched) -> bool:
    """The power cap is every healthy card's under load, unless somebody lowered the limit."""
    if throttle.reason != "power cap":
        return throttle.reason not in _HARMLESS
    limit = value_of(seen.gpu.power_limit_enforced_w)
    default = value_of(seen.gpu.power_limit_default_w)
    return limit is not None and default is not None and limit < default * _LOWERED


def _power_share(seen: Watched) -> float | None:
    power = _mean(reading.power_w for reading in seen.readings)
    limit = value_of(seen.gpu.power_limit_enforced_w)
    return power / limit if power is not None and limit else None


def _mean(values: Iterable[float | None]) -> float | None:
    told = [value for value in values if value is not None]
    return fmean(told) if told else None
