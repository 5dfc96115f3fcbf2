"""Power, clocks, heat and fans."""

from rigcheck.facts import Fact, Found
from rigcheck.gpu import numbers
from rigcheck.gpu.driver import Handle
from rigcheck.gpu.numbers import reason_words
from rigcheck.nvml import ask, is_not_in_driver


def power_w(gpu: Handle) -> Fact[float]:
    """Mean of the last second on most cards since Ampere, of the instant on older ones."""
    return ask("nvmlDeviceGetPowerUsage", gpu, take=_watts)


def power_limit_w(gpu: Handle) -> Fact[float]:
    """What is set; laptops have none."""
    return ask("nvmlDeviceGetPowerManagementLimit", gpu, take=_watts)


def power_limit_default_w(gpu: Handle) -> Fact[float]:
    """What the card starts with."""
    return ask("nvmlDeviceGetPowerManagementDefaultLimit", gpu, take=_watts)


def power_limit_enforced_w(gpu: Handle) -> Fact[float]:
    """The lowest in force, whoever set it."""
    return ask("nvmlDeviceGetEnforcedPowerLimit", gpu, take=_watts)


def power_limit_range_w(gpu: Handle) -> tuple[Fact[float], Fact[float]]:
    """The lowest and the highest that may be set."""
    limits = ask("nvmlDeviceGetPowerManagementLimitConstraints", gpu, take=list)
    if not isinstance(limits, Found):
        return limits, limits
    low, high = (Found(_watts(limit), limits.source) for limit in limits.value)
    return low, high


def clock_mhz(gpu: Handle, clock: int) -> Fact[int]:
    """At this moment; `clock` is one of the `CLOCK_` numbers."""
    return ask("nvmlDeviceGetClockInfo", gpu, clock, take=int)


def clock_max_mhz(gpu: Handle, clock: int) -> Fact[int]:
    """The highest that the card offers."""
    return ask("nvmlDeviceGetMaxClockInfo", gpu, clock, take=int)


def clocks_event_reasons(gpu: Handle) -> Fact[tuple[str, ...]]:
    """Why the clocks are not higher; drivers before 535 know the call by its older name only."""
    newer = ask("nvmlDeviceGetCurrentClocksEventReasons", gpu, take=reason_words)
    if is_not_in_driver(newer):
        return ask("nvmlDeviceGetCurrentClocksThrottleReasons", gpu, take=reason_words)
    return newer


def temperature_c(gpu: Handle) -> Fact[float]:
    """By the newer call; drivers up to 560 have the older one only, and CUDA 14 will drop it."""
    newer = ask("nvmlDeviceGetTemperatureV", gpu, numbers.TEMPERATURE_GPU, take=float)
    if is_not_in_driver(newer):
        return ask("nvmlDeviceGetTemperature", gpu, numbers.TEMPERATURE_GPU, take=float)
    return newer


def temperature_threshold_c(gpu: Handle, threshold: int) -> Fact[float]:
    """`threshold` is one of the `THRESHOLD_` numbers.

    nvml.h: drivers to come will not tell it of Ada and newer.
    """
    return ask("nvmlDeviceGetTemperatureThreshold", gpu, threshold, take=float)


def temperature_margin_c(gpu: Handle) -> Fact[float]:
    """Degrees to the nearest slowdown; drivers from 570 tell it."""
    return ask("nvmlDeviceGetMarginTemperature", gpu, take=float)


def fan_percent(gpu: Handle) -> Fact[tuple[int, ...]]:
    """Each fan's. A driver that cannot count them tells the one figure that it has."""
    count = ask("nvmlDeviceGetNumFans", gpu, take=int)
    if is_not_in_driver(count):
        return ask("nvmlDeviceGetFanSpeed", gpu, take=lambda percent: (int(percent),))
    if not isinstance(count, Found):
        return count
    speeds: list[int] = []
    for fan in range(count.value):
        speed = ask("nvmlDeviceGetFanSpeed_v2", gpu, fan, take=int)
        if not isinstance(speed, Found):
            return speed
        speeds.append(speed.value)
    return Found(tuple(speeds), "NVML nvmlDeviceGetFanSpeed_v2")


def _watts(milliwatts: int) -> float:
    return milliwatts / 1000
